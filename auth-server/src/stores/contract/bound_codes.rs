//! Rules on what codes are bound to.

use symbolon::identifiers::ClientId;

use super::bench::{Bench, CROWD};
use super::hold_against_every_store;
use super::samples::{challenge, new_code_id, replayed, shown};
use crate::records::{AuthorizationCode, CodeMismatch, ShownWithCode};
use crate::stores::Redemption;

/// Codes that want something, with what does not satisfy each and what does.
struct Case {
    code: AuthorizationCode,
    wrong: Vec<(ShownWithCode, CodeMismatch)>,
    right: Vec<ShownWithCode>,
}

fn of_client(id: &str) -> ShownWithCode {
    ShownWithCode {
        client_id: ClientId::new(id),
        ..shown()
    }
}

fn with_redirect_uri(uri: Option<&str>) -> ShownWithCode {
    ShownWithCode {
        redirect_uri: uri.map(str::to_owned),
        ..shown()
    }
}

fn with_verifier(verifier: Option<&str>) -> ShownWithCode {
    ShownWithCode {
        code_challenge: verifier.map(challenge),
        ..shown()
    }
}

/// The first thing that is wrong is told, so nobody learns more of a code than its client.
fn a_code_that_wants_everything(bench: &Bench) -> Case {
    let all_wrong = ShownWithCode {
        client_id: ClientId::new("other"),
        ..with_redirect_uri(Some("https://other.example/"))
    };
    let two_wrong = ShownWithCode {
        code_challenge: None,
        ..with_redirect_uri(None)
    };
    let wrong = vec![
        (of_client("print-photo:"), CodeMismatch::Client),
        (of_client(""), CodeMismatch::Client),
        (all_wrong, CodeMismatch::Client),
        (with_redirect_uri(None), CodeMismatch::RedirectUri),
        (with_redirect_uri(Some("")), CodeMismatch::RedirectUri),
        (with_redirect_uri(Some("?")), CodeMismatch::RedirectUri),
        (two_wrong, CodeMismatch::RedirectUri),
        (with_verifier(Some("another")), CodeMismatch::CodeVerifier),
        (with_verifier(None), CodeMismatch::CodeVerifier),
    ];
    Case {
        code: bench.samples.code(),
        wrong,
        right: vec![shown()],
    }
}

fn a_code_without_a_challenge(bench: &Bench) -> Case {
    Case {
        code: AuthorizationCode {
            code_challenge: None,
            ..bench.samples.code()
        },
        wrong: vec![(shown(), CodeMismatch::CodeVerifier)],
        right: vec![with_verifier(None)],
    }
}

fn a_code_whose_redirect_uri_was_not_sent(bench: &Bench) -> Case {
    Case {
        code: AuthorizationCode {
            redirect_uri_was_sent: false,
            ..bench.samples.code()
        },
        wrong: vec![
            (with_redirect_uri(Some("")), CodeMismatch::RedirectUri),
            (with_redirect_uri(Some("other")), CodeMismatch::RedirectUri),
        ],
        right: vec![with_redirect_uri(None), shown()],
    }
}

pub(super) async fn a_code_stays_as_it_is_for_whoever_shows_something_else(bench: &Bench) {
    for case in [
        a_code_that_wants_everything(bench),
        a_code_without_a_challenge(bench),
        a_code_whose_redirect_uri_was_not_sent(bench),
    ] {
        for right in &case.right {
            hold(bench, &case, right).await;
        }
    }
}

async fn hold(bench: &Bench, case: &Case, right: &ShownWithCode) {
    let (id, code) = (new_code_id(), &case.code);
    let codes = &bench.store().codes;
    codes.store_code(&id, code).await.unwrap();
    let redeemed = Redemption::Redeemed(code.clone());
    for expected in [redeemed, replayed(id.grant_id())] {
        for (wrong, mismatch) in &case.wrong {
            let outcome = bench.other().codes.redeem_code(&id, wrong).await.unwrap();
            let expected = Redemption::NotBoundTo(*mismatch);
            assert_eq!(outcome, expected, "{wrong:?}");
        }
        assert_eq!(codes.redeem_code(&id, right).await.unwrap(), expected);
    }
}

async fn of_many_of_whom_half_guess_one_redeems_the_code(bench: &Bench) {
    let (id, code) = (new_code_id(), bench.samples.code());
    bench.store().codes.store_code(&id, &code).await.unwrap();
    let outcomes = bench.crowd(|number, store| async move {
        let shown = match number % 4 {
            0 | 1 => shown(),
            _ => with_verifier(Some(&format!("guess {number}"))),
        };
        store.codes.redeem_code(&id, &shown).await.unwrap()
    });
    let outcomes = outcomes.await;
    let count = |expected: &Redemption| outcomes.iter().filter(|one| *one == expected).count();
    assert_eq!(count(&Redemption::Redeemed(code)), 1);
    assert_eq!(count(&replayed(id.grant_id())), CROWD / 2 - 1);
    let guessed = Redemption::NotBoundTo(CodeMismatch::CodeVerifier);
    assert_eq!(count(&guessed), CROWD / 2);
}

hold_against_every_store!(
    a_code_stays_as_it_is_for_whoever_shows_something_else,
    of_many_of_whom_half_guess_one_redeems_the_code,
);
