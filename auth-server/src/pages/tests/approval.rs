//! What the approval page holds to.

use super::super::*;
use super::samples::{approval, frame};

#[test]
fn the_approval_page_has_what_pages_and_scripts_of_spring_look_for() {
    let page = approval().render(&frame(Language::English)).unwrap();
    for literal in [
        r#"<form id="confirmationForm" name="confirmationForm" action="/oauth/authorize" method="post">"#,
        r#"<input name="user_oauth_approval" value="true" type="hidden">"#,
        r#"<input name="_csrf" value="the-csrf-token" type="hidden">"#,
        r#"<input name="authorization" value="the-authorization" type="hidden">"#,
        r#"<input type="radio" name="scope.photo.read" value="true" checked>"#,
        r#"<input type="radio" name="scope.photo.read" value="false">"#,
        r#"<input type="radio" name="scope.photo.write" value="true">"#,
        r#"<input type="radio" name="scope.photo.write" value="false" checked>"#,
        r#"name="authorize" value="Authorize">"#,
        r#"id="denialForm" name="denialForm" action="/oauth/authorize" method="post">"#,
        r#"<input name="user_oauth_approval" value="false" type="hidden">"#,
        r#"name="deny" value="Deny">"#,
    ] {
        assert!(page.contains(literal), "{literal}");
    }
}

#[test]
fn an_approval_without_scopes_has_no_radio() {
    let page = ApprovalPage {
        scopes: Vec::new(),
        ..approval()
    };
    assert!(
        !page
            .render(&frame(Language::English))
            .unwrap()
            .contains("type=\"radio")
    );
}

#[test]
fn one_question_about_everything_names_it_all_and_has_no_radio() {
    let page = ApprovalPage {
        at_once: true,
        ..approval()
    };
    let page = page.render(&frame(Language::English)).unwrap();
    for literal in [
        "photo.read",
        "photo.write",
        "profile",
        "all of it, or nothing",
    ] {
        assert!(page.contains(literal), "{literal}");
    }
    assert!(!page.contains("type=\"radio"));
}

#[test]
fn the_approval_page_says_who_asks_whom_and_where_the_answer_goes() {
    for language in Language::ALL {
        let page = approval().render(&frame(language)).unwrap();
        for fact in [
            "Print Photo",
            "print-photo",
            "xiaoming",
            "localhost:9002",
            "href=\"/login?authorization=the-authorization&#38;another_account=true\"",
        ] {
            assert!(page.contains(fact), "{fact}");
        }
    }
}

#[test]
fn the_approval_page_says_what_was_allowed_before_and_how_long_all_of_it_lasts() {
    let page = approval().render(&frame(Language::English)).unwrap();
    for fact in [
        "A token is good for 12 hours,",
        "remembered for 30 days.",
        "You allowed this before",
    ] {
        assert!(page.contains(fact), "{fact}");
    }
    assert_eq!(page.matches("You allowed this before").count(), 1);
    let lasts = |secs| ApprovalPage {
        lasts: Lasting {
            token_secs: secs,
            ..Lasting::default()
        },
        ..approval()
    };
    for (secs, language, sentence) in [
        (Some(60), Language::English, "is good for one minute."),
        (Some(61), Language::English, "is good for 61 seconds."),
        (
            Some(5400),
            Language::Russian,
            "Разрешение действует 90 минут.",
        ),
        (
            Some(86_400),
            Language::Russian,
            "Разрешение действует 1 день.",
        ),
        (Some(7200), Language::Chinese, "在 2 小时内有效"),
        (None, Language::English, "does not end by itself"),
    ] {
        let page = lasts(secs).render(&frame(language)).unwrap();
        assert!(page.contains(sentence), "{sentence}");
    }
}

#[test]
fn the_approval_page_says_what_a_client_says_of_itself_and_who_registered_it() {
    let page = approval().render(&frame(Language::English)).unwrap();
    for fact in [
        "<img class=\"client-logo\" src=\"https://x.example/logo.svg\" alt=\"\">",
        "<a href=\"https://x.example/about\"><bdi>x.example</bdi></a>",
        "Registered by <bdi class=\"name\">lihua</bdi> · 6 November 1994, 08:49 UTC",
        "<a href=\"https://x.example/privacy\">Privacy policy of the application</a>",
        "<a href=\"https://x.example/terms\">Terms of the application</a>",
    ] {
        assert!(page.contains(fact), "{fact}: {page}");
    }
    let unknown = ApprovalPage {
        card: ClientCard::default(),
        ..approval()
    };
    let page = unknown.render(&frame(Language::English)).unwrap();
    for absent in ["<img", "Registered", "Terms of"] {
        assert!(!page.contains(absent), "{absent}");
    }
}

#[test]
fn yes_and_no_are_equally_easy() {
    let page = approval().render(&frame(Language::English)).unwrap();
    let of = |button: &str| {
        let (before, _) = page.split_once(button).unwrap();
        before.rsplit_once("<button ").unwrap().1.to_owned()
    };
    let (yes, no) = (of("name=\"authorize\""), of("name=\"deny\""));
    assert_eq!(yes, no);
}
