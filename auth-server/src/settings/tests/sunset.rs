//! Rules on what is announced.

use symbolon::clock::Timestamp;

use super::load;
use crate::records::Habit;

#[test]
fn a_day_is_written_with_quotes_or_without() {
    for day in ["\"2027-01-31\"", "2027-01-31"] {
        let settings = load(&format!("[sunset.check_token]\nsunset = {day}\n")).unwrap();
        let end = settings.sunset.of(Habit::CheckToken).unwrap();
        assert_eq!(end.ends_at(), Some(Timestamp::from_secs(1_801_353_600)));
        assert_eq!(end.deprecated_at(), None);
    }
    let told = load("[sunset.check_token]\nsunset = 2027-01-31T00:00:00Z\n").unwrap_err();
    let expected = "is `2027-01-31T00:00:00Z`, which is no day; accepted: a day such as 2027-01-31";
    assert!(told.contains(expected), "{told}");
}

#[test]
fn all_that_cannot_be_announced_is_said_at_once() {
    let text = load(
        r#"
            [sunset.password_grant]
            deprecated = "2027-02-01"
            sunset = "2027-01-31"
            [sunset.implicit_grant]
            deprecated = "soon"
            sunset = "2027-02-30"
            [sunset.check_token]
            link = "https://x.example/bye"
            [sunset.token_key]
            sunset = "2027-01-31"
            link = "https://x.example/<bye>"
        "#,
    )
    .unwrap_err();
    for told in [
        "`sunset.password_grant.sunset` is before the day in `deprecated`",
        "`sunset.implicit_grant.deprecated` is `soon`, which is no day",
        "`sunset.implicit_grant.sunset` is `2027-02-30`, which is no day; accepted: a day such as 2027-01-31",
        "`sunset.check_token.link` is there without a day",
        "`sunset.token_key.link` is `https://x.example/<bye>`",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let unknown = load("[sunset.weak_secret]\nsunset = \"2027-01-31\"\n").unwrap_err();
    assert!(unknown.contains("weak_secret"), "{unknown}");
}
