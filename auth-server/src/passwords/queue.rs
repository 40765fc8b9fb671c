//! Who may compute a slow hash next. Clients and owners wait in lanes of their own, and within a lane everybody
//! who asks gets a turn, so that whoever asks a thousand times waits for himself and not before the others.

use std::collections::{HashMap, VecDeque};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::VerificationError;

/// Whose hash it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A client's secret.
    Clients,
    /// A password.
    Owners,
    /// A password, where somebody signed in to the same account before: it comes before the others.
    FamiliarOwners,
}

impl Lane {
    const ALL: [Self; 3] = [Self::Clients, Self::Owners, Self::FamiliarOwners];
}

/// How much is computed at a time, and how much may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashLimits {
    /// Hashes at a time: the cores of the machine.
    pub at_a_time: NonZeroUsize,
    /// Secrets of clients that may wait.
    pub waiting_clients: usize,
    /// Passwords that may wait.
    pub waiting_owners: usize,
}

/// How many slow hashes of one lane are computed now and wait for it, and how many may, for metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "fields that say no more than their names")]
pub struct HashQueue {
    pub running: u64,
    pub running_limit: u64,
    pub waiting: u64,
    pub waiting_limit: u64,
}

/// The lanes.
#[derive(Clone, Debug)]
pub(super) struct FairQueue(Arc<Mutex<Lanes>>);

#[derive(Debug)]
struct Lanes {
    /// In the order of [`Lane::ALL`].
    clients: LaneState,
    owners: LaneState,
    familiar: LaneState,
    /// Which of the two lanes of strangers comes first the next time.
    owners_are_next: bool,
    at_a_time: usize,
}

#[derive(Debug, Default)]
struct LaneState {
    running: usize,
    running_limit: usize,
    waiting: usize,
    waiting_limit: usize,
    /// Those who wait, by who asks; each once, whose turn is next in front.
    turns: VecDeque<String>,
    callers: HashMap<String, VecDeque<oneshot::Sender<Place>>>,
}

/// The right to compute one hash. It is passed on when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    queue: FairQueue,
    lane: Lane,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.queue.leave(self.lane);
    }
}

impl FairQueue {
    pub(super) fn new(limits: &HashLimits) -> Self {
        let cores = limits.at_a_time.get();
        // One core stays for the other lane, whatever comes in this one. Where there is only one, the two
        // share it, which the operating system does fairly.
        let lane = |running_limit: usize, waiting_limit| LaneState {
            running_limit: running_limit.max(1),
            waiting_limit,
            ..LaneState::default()
        };
        Self(Arc::new(Mutex::new(Lanes {
            clients: lane(cores - 1, limits.waiting_clients),
            owners: lane(cores - 1, limits.waiting_owners),
            familiar: lane(cores, limits.waiting_owners),
            owners_are_next: true,
            at_a_time: cores.max(2),
        })))
    }

    /// Waits for the turn of this caller. When the lane is full, somebody who has more waiting than this
    /// caller gives way, else this caller is sent away.
    pub(super) async fn enter(&self, lane: Lane, caller: &str) -> Result<Place, VerificationError> {
        let turn = {
            let mut lanes = self.lanes();
            if lanes.may_start(lane) && lanes.of(lane).waiting == 0 {
                lanes.of(lane).running += 1;
                let queue = self.clone();
                return Ok(Place { queue, lane });
            }
            lanes.of(lane).wait(caller)?
        };
        // Whoever has to give way hears nothing more.
        turn.await.map_err(|_| VerificationError::Busy)
    }

    /// What happens now in a lane.
    pub(super) fn reading(&self, lane: Lane) -> HashQueue {
        let number = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
        let mut lanes = self.lanes();
        let state = lanes.of(lane);
        HashQueue {
            running: number(state.running),
            running_limit: number(state.running_limit),
            waiting: number(state.waiting),
            waiting_limit: number(state.waiting_limit),
        }
    }

    fn leave(&self, lane: Lane) {
        let mut lanes = self.lanes();
        let state = lanes.of(lane);
        state.running = state.running.saturating_sub(1);
        let mut started = Vec::new();
        while let Some((lane, turn)) = lanes.next() {
            let queue = self.clone();
            started.push((turn, Place { queue, lane }));
        }
        // A place that nobody takes any more is left again, which takes the lock.
        drop(lanes);
        for (turn, place) in started {
            drop(turn.send(place));
        }
    }

    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lanes {
    const fn of(&mut self, lane: Lane) -> &mut LaneState {
        match lane {
            Lane::Clients => &mut self.clients,
            Lane::Owners => &mut self.owners,
            Lane::FamiliarOwners => &mut self.familiar,
        }
    }

    fn may_start(&mut self, lane: Lane) -> bool {
        let running: usize = Lane::ALL.map(|lane| self.of(lane).running).iter().sum();
        let state = self.of(lane);
        let has_room = state.running < state.running_limit;
        has_room && running < self.at_a_time
    }

    /// Whose turn it is, counted as one who computes.
    fn next(&mut self) -> Option<(Lane, oneshot::Sender<Place>)> {
        let strangers = if self.owners_are_next {
            [Lane::Owners, Lane::Clients]
        } else {
            [Lane::Clients, Lane::Owners]
        };
        for lane in [Lane::FamiliarOwners].into_iter().chain(strangers) {
            if !self.may_start(lane) {
                continue;
            }
            if let Some(turn) = self.of(lane).take_turn() {
                self.owners_are_next = lane == Lane::Clients;
                self.of(lane).running += 1;
                return Some((lane, turn));
            }
        }
        None
    }
}

impl LaneState {
    fn wait(&mut self, caller: &str) -> Result<oneshot::Receiver<Place>, VerificationError> {
        if self.waiting >= self.waiting_limit {
            self.forget_who_left();
        }
        if self.waiting >= self.waiting_limit {
            self.make_room_for(caller)?;
        }
        let (turn, place) = oneshot::channel();
        if !self.callers.contains_key(caller) {
            self.turns.push_back(caller.to_owned());
        }
        let own = self.callers.entry(caller.to_owned()).or_default();
        own.push_back(turn);
        self.waiting += 1;
        Ok(place)
    }

    /// The next caller's oldest request; the caller goes to the end of the line.
    fn take_turn(&mut self) -> Option<oneshot::Sender<Place>> {
        let caller = self.turns.pop_front()?;
        let own = self.callers.get_mut(&caller)?;
        let turn = own.pop_front()?;
        self.waiting = self.waiting.saturating_sub(1);
        if own.is_empty() {
            self.callers.remove(&caller);
        } else {
            self.turns.push_back(caller);
        }
        Some(turn)
    }

    fn forget_who_left(&mut self) {
        for own in self.callers.values_mut() {
            own.retain(|turn| !turn.is_closed());
        }
        self.callers.retain(|_, own| !own.is_empty());
        let callers = &self.callers;
        self.turns.retain(|caller| callers.contains_key(caller));
        self.waiting = self.callers.values().map(VecDeque::len).sum();
    }

    /// The youngest request of whoever has most gives way, unless this caller has as many.
    fn make_room_for(&mut self, caller: &str) -> Result<(), VerificationError> {
        let own = self.callers.get(caller).map_or(0, VecDeque::len);
        let most = self.callers.iter_mut().max_by_key(|(_, own)| own.len());
        match most {
            // One each: nobody has more than this caller would have.
            Some((_, theirs)) if theirs.len() > own + 1 => {
                theirs.pop_back();
                self.waiting = self.waiting.saturating_sub(1);
                Ok(())
            }
            Some(_) | None => Err(VerificationError::Busy),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(cores: usize, waiting: usize) -> FairQueue {
        FairQueue::new(&HashLimits {
            at_a_time: NonZeroUsize::new(cores).unwrap(),
            waiting_clients: waiting,
            waiting_owners: waiting,
        })
    }

    /// Lets one caller wait; who it is comes out when its turn comes.
    fn wait(
        queue: &FairQueue,
        lane: Lane,
        caller: &'static str,
        turns: &Arc<Mutex<Vec<&'static str>>>,
    ) -> tokio::task::JoinHandle<()> {
        let (queue, turns) = (queue.clone(), Arc::clone(turns));
        tokio::spawn(async move {
            if let Ok(place) = queue.enter(lane, caller).await {
                turns.lock().unwrap().push(caller);
                drop(place);
            }
        })
    }

    async fn settle() {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn who_asks_often_waits_for_himself_and_not_before_the_others() {
        let queue = queue(1, 100);
        let turns = Arc::default();
        let held = queue.enter(Lane::Owners, "somebody").await.unwrap();
        for _ in 0..5 {
            wait(&queue, Lane::Owners, "greedy", &turns);
        }
        settle().await;
        wait(&queue, Lane::Owners, "honest", &turns);
        settle().await;
        drop(held);
        settle().await;
        let order = turns.lock().unwrap().clone();
        assert_eq!(order[..2], ["greedy", "honest"], "{order:?}");
        assert_eq!(order.len(), 6);
    }

    #[tokio::test]
    async fn clients_never_take_the_last_core_from_owners_nor_owners_from_clients() {
        for (flooded, other) in [(Lane::Clients, Lane::Owners), (Lane::Owners, Lane::Clients)] {
            for cores in [1, 2, 4] {
                let queue = queue(cores, 100);
                let mut held = Vec::new();
                while queue.lanes().may_start(flooded) {
                    held.push(queue.enter(flooded, "flood").await.unwrap());
                }
                assert!(queue.lanes().may_start(other), "{cores} cores");
            }
        }
    }

    #[tokio::test]
    async fn a_full_lane_takes_in_who_has_less_waiting_than_somebody_else() {
        let queue = queue(1, 3);
        let turns = Arc::default();
        let held = queue.enter(Lane::Clients, "somebody").await.unwrap();
        let greedy: Vec<_> = (0..3)
            .map(|_| wait(&queue, Lane::Clients, "greedy", &turns))
            .collect();
        settle().await;
        let error = queue.enter(Lane::Clients, "greedy").await.unwrap_err();
        assert_eq!(error, VerificationError::Busy);
        wait(&queue, Lane::Clients, "honest", &turns);
        settle().await;
        assert_eq!(queue.reading(Lane::Clients).waiting, 3);
        drop(held);
        for one in greedy {
            one.await.unwrap();
        }
        settle().await;
        let order = turns.lock().unwrap().clone();
        assert_eq!(order, ["greedy", "honest", "greedy"]);
    }

    #[tokio::test]
    async fn who_hung_up_holds_no_place() {
        let queue = queue(1, 2);
        let turns = Arc::default();
        let held = queue.enter(Lane::Owners, "somebody").await.unwrap();
        for caller in ["one", "two"] {
            let waiting = wait(&queue, Lane::Owners, caller, &turns);
            settle().await;
            waiting.abort();
        }
        settle().await;
        wait(&queue, Lane::Owners, "honest", &turns);
        settle().await;
        assert_eq!(queue.reading(Lane::Owners).waiting, 1);
        drop(held);
        settle().await;
        assert_eq!(*turns.lock().unwrap(), ["honest"]);
        assert_eq!(queue.reading(Lane::Owners).running, 0);
    }

    #[tokio::test]
    async fn who_signed_in_before_comes_first() {
        let queue = queue(2, 9);
        let turns = Arc::default();
        let held = [
            queue.enter(Lane::Owners, "a").await.unwrap(),
            queue.enter(Lane::Clients, "b").await.unwrap(),
        ];
        for (lane, caller) in [
            (Lane::Owners, "stranger"),
            (Lane::Clients, "client"),
            (Lane::FamiliarOwners, "familiar"),
        ] {
            wait(&queue, lane, caller, &turns);
            settle().await;
        }
        drop(held);
        settle().await;
        assert_eq!(turns.lock().unwrap()[0], "familiar");
        assert_eq!(turns.lock().unwrap().len(), 3);
    }
}
