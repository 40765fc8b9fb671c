//! Whoever wants in without the passkey, or with one that is not good here.

use e2e::{
    Answer, Browser, Said, SoftPasskey, World, hidden_field, on_every_store, passkey_options,
};
use symbolon::clock::Clock as _;

const PAGE: &str = "/account/passkeys";
const NAME: &str = "xiaoming";
const PASSWORD: &str = "photos4me";

async fn passkey_of(world: &World, name: &str) -> (Browser, SoftPasskey) {
    let owner = world.browser();
    owner.sign_in(name, PASSWORD).await;
    let passkey = owner.add_passkey(&world.auth, PASSWORD).await;
    (owner, passkey)
}

async fn is_signed_in(browser: &Browser) -> bool {
    browser.get("/account").await.status == 200
}

async fn assert_refused(browser: &Browser, answer: &Answer, what: &str) {
    assert_eq!(answer.status, 401, "{what}: {}", answer.text);
    assert!(
        answer.text.contains("id=\"notice\""),
        "{what}: {}",
        answer.text
    );
    assert!(!is_signed_in(browser).await, "{what}");
}

/// What an authenticator says in this way is refused.
async fn try_saying(world: &World, passkey: &SoftPasskey, what: &str, said: Said) {
    let attacker = world.browser();
    let page = attacker.get("/login").await;
    let shown = passkey.assertion(&passkey_options(&page), &said);
    let answer = attacker.show_passkey(&page, &shown).await;
    assert_refused(&attacker, &answer, what).await;
}

on_every_store! {
    /// WebAuthn §7.2: an answer is for this page and this server, and says that its owner was verified.
    async fn an_answer_that_is_for_something_else_is_refused(world) {
        let (_, passkey) = passkey_of(&world, NAME).await;
        let good = Said::at(&world.auth);
        let origin = |origin: &str| Said { origin: origin.to_owned(), ..good.clone() };
        let flags = |flags| Said { flags, ..good.clone() };
        for (what, said) in [
            ("origin", origin("http://localhost:1")),
            ("scheme", origin(&world.auth.replace("http:", "https:"))),
            ("slash", origin(&format!("{}/", world.auth))),
            ("no origin", origin("")),
            ("framed", Said { is_framed: true, ..good.clone() }),
            ("ceremony", Said { ceremony: Some("webauthn.create"), ..good.clone() }),
            ("server", Said { rp_id: "localhost.evil.example".to_owned(), ..good.clone() }),
            ("not verified", flags(0b0000_0001)),
            ("not present", flags(0b0000_0100)),
            ("nothing", flags(0)),
            ("a copy that cannot be", flags(0b0001_0101)),
            ("more than there is", flags(0b0100_0101)),
            ("extensions that are not there", flags(0b1000_0101)),
        ] {
            try_saying(&world, &passkey, what, said).await;
        }
    }

    /// A challenge is of one session, for one purpose, for ten minutes.
    async fn a_challenge_of_another_page_is_refused(world) {
        let (owner, passkey) = passkey_of(&world, NAME).await;
        let said = Said::at(&world.auth);
        let (victim, attacker) = (world.browser(), world.browser());
        let foreign = passkey_options(&victim.get("/login").await);
        let page = attacker.get("/login").await;
        let creation = passkey_options(&owner.begin_passkey("Key", PASSWORD).await);
        let mut made_up = passkey_options(&page);
        made_up["challenge"] = "AAAA".into();
        for (what, options) in [("foreign", foreign), ("creation", creation), ("made up", made_up)] {
            let answer = attacker.show_passkey(&page, &passkey.assertion(&options, &said)).await;
            assert_refused(&attacker, &answer, what).await;
        }
        let shown = passkey.assertion(&passkey_options(&page), &said);
        world.clock.advance_secs(600);
        let answer = attacker.show_passkey(&page, &shown).await;
        assert_refused(&attacker, &answer, "late").await;
    }

    /// Whoever listens in has an answer that was given.
    async fn an_answer_is_good_once(world) {
        let (_, passkey) = passkey_of(&world, NAME).await;
        let browser = world.browser();
        let page = browser.get("/login").await;
        let shown = passkey.assertion(&passkey_options(&page), &Said::at(&world.auth));
        let sent = (0..4).map(|_| browser.show_passkey(&page, &shown));
        let answers = futures_util::future::join_all(sent).await;
        let went_on = answers.iter().filter(|answer| {
            answer.header("set-cookie").contains("session") && answer.header("location") == "/"
        });
        assert_eq!(went_on.count(), 1, "{answers:?}");
        assert!(is_signed_in(&browser).await);
        let attacker = world.browser();
        let own = attacker.get("/login").await;
        let answer = attacker.show_passkey(&own, &shown).await;
        assert_refused(&attacker, &answer, "replayed").await;
        let late = attacker.show_passkey(&page, &shown).await;
        assert!(!is_signed_in(&attacker).await, "{}", late.text);
    }

    /// Nobody signs in as somebody else by naming them.
    async fn a_passkey_is_its_owners(world) {
        let (_, victims) = passkey_of(&world, NAME).await;
        let (_, mut own) = passkey_of(&world, "lihua").await;
        let attacker = world.browser();
        let page = attacker.get("/login").await;
        let (options, said) = (passkey_options(&page), Said::at(&world.auth));
        own.user_handle.clone_from(&victims.user_handle);
        let answer = attacker.show_passkey(&page, &own.assertion(&options, &said)).await;
        assert_refused(&attacker, &answer, "another's handle").await;
        own.id.clone_from(&victims.id);
        let answer = attacker.show_passkey(&page, &own.assertion(&options, &said)).await;
        assert_refused(&attacker, &answer, "another's id").await;
        NAME.clone_into(&mut own.user_handle);
        let answer = attacker.show_passkey(&page, &own.assertion(&options, &said)).await;
        assert_refused(&attacker, &answer, "a name").await;
    }

    /// After the password of one owner the passkey of another helps nobody.
    async fn the_passkey_of_another_is_no_second_factor(world) {
        let (owner, _) = passkey_of(&world, NAME).await;
        let (_, other) = passkey_of(&world, "lihua").await;
        owner.enrol(PASSWORD, world.clock.now()).await;
        let attacker = world.browser();
        let page = attacker.show_password(NAME, PASSWORD).await;
        let shown = other.assertion(&passkey_options(&page), &Said::at(&world.auth));
        let answer = attacker.show_passkey(&page, &shown).await;
        assert_eq!(answer.status, 401, "{}", answer.text);
        assert!(!is_signed_in(&attacker).await);
    }

    /// An authenticator that counts back was copied.
    async fn a_counter_that_goes_back_is_refused(world) {
        let (_, passkey) = passkey_of(&world, NAME).await;
        let counted = |count| Said { count, ..Said::at(&world.auth) };
        let browser = world.browser();
        let page = browser.get("/login").await;
        let shown = passkey.assertion(&passkey_options(&page), &counted(5));
        assert_eq!(browser.show_passkey(&page, &shown).await.status, 303);
        for count in [0, 4, 5] {
            try_saying(&world, &passkey, "a copy", counted(count)).await;
        }
        let page = world.browser();
        let login = page.get("/login").await;
        let shown = passkey.assertion(&passkey_options(&login), &counted(6));
        assert_eq!(page.show_passkey(&login, &shown).await.status, 303);
    }

    /// A form of another session changes nothing and signs nobody in.
    async fn a_forged_form_with_a_passkey_is_not_looked_at(world) {
        let (owner, passkey) = passkey_of(&world, NAME).await;
        let victim = world.browser();
        let page = victim.get("/login").await;
        let shown = passkey.assertion(&passkey_options(&page), &Said::at(&world.auth));
        let foreign = hidden_field(&world.browser().get("/login").await.text, "_csrf").unwrap();
        for csrf in ["", "forged", &foreign] {
            let form = [("_csrf", csrf), ("credential", shown.as_str())];
            let answer = victim.post("/login/passkey", &form).await;
            assert_eq!(answer.header("location"), "/login?too_late=true", "{}", answer.text);
            for change in ["begin", "add", "rename", "remove"] {
                let form = [("_csrf", csrf), ("change", change), ("current_password", PASSWORD)];
                let answer = owner.post(PAGE, &form).await;
                assert_eq!(answer.header("location"), PAGE, "{}", answer.text);
            }
        }
        assert!(!is_signed_in(&victim).await);
        assert!(owner.get(PAGE).await.text.contains("id=\"passkeys\""));
    }

    /// What is no answer at all: nothing breaks, and nobody is signed in.
    async fn garbage_is_refused(world) {
        let (owner, passkey) = passkey_of(&world, NAME).await;
        let attacker = world.browser();
        let page = attacker.get("/login").await;
        let good = passkey.assertion(&passkey_options(&page), &Said::at(&world.auth));
        let deep = "[".repeat(10_000);
        let long = "A".repeat(30_000);
        for garbage in [
            "", "null", "[]", "{}", &deep, &long,
            &good[..good.len() / 2],
            &good.replace("public-key", "password"),
            &good.replace("signature\":\"", "signature\":\"A"),
            &good.replace("userHandle", "nobody"),
        ] {
            let answer = attacker.show_passkey(&page, garbage).await;
            assert_refused(&attacker, &answer, garbage.get(..40).unwrap_or(garbage)).await;
        }
        let huge = attacker.show_passkey(&page, &"A".repeat(100_000)).await;
        assert_eq!(huge.status, 413, "{}", huge.text);

        let asked = owner.begin_passkey("Key", PASSWORD).await;
        let options = passkey_options(&asked);
        let client_data = format!(
            "{{\"type\":\"webauthn.create\",\"challenge\":{},\"origin\":\"{}\"}}",
            options["challenge"], world.auth
        );
        let deep = [vec![0x81; 20_000], vec![0]].concat();
        let endless = [b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff".as_slice(), b"x"].concat();
        for data in [Vec::new(), vec![0; 37], vec![0xff; 300], deep, endless] {
            let made = passkey.registration_of(&data, client_data.as_bytes());
            let answer = owner.send_passkey(&asked, &made).await;
            assert_eq!(answer.status, 400, "{}", answer.text);
            assert!(answer.text.contains("id=\"refused\""), "{}", answer.text);
        }
    }

    /// The page that shows a passkey's form asks for the password before: without it nothing is added.
    async fn nobody_adds_a_passkey_without_the_password(world) {
        let (owner, passkey) = passkey_of(&world, NAME).await;
        // What the sign-in page asks for is not what adds one.
        let options = passkey_options(&world.browser().get("/login").await);
        let made = passkey.registration(&options, &Said::at(&world.auth));
        let page = owner.begin_passkey("Key", PASSWORD).await;
        let answer = owner.send_passkey(&page, &made).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        // Nor what was asked for in another session.
        let (thief, _) = passkey_of(&world, "lihua").await;
        let foreign = thief.begin_passkey("Key", PASSWORD).await;
        let options = passkey_options(&foreign);
        let new = SoftPasskey::new(&options);
        let made = new.registration(&options, &Said::at(&world.auth));
        let answer = owner.send_passkey(&page, &made).await;
        assert_eq!(answer.status, 400, "{}", answer.text);
        // And what was made once is kept once.
        let answer = thief.send_passkey(&foreign, &made).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let again = thief.send_passkey(&foreign, &made).await;
        assert_eq!(again.status, 400, "{}", again.text);
    }
}
