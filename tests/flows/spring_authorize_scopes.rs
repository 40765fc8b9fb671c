//! Scopes at the authorization endpoint of a Spring server, and how its answers are written. Addresses are compared whole.

use e2e::{Answer, Landing, World, on_every_store};

use crate::Form;

const CALLBACK: &str = "https://shop.example/callback";

const CLIENTS: &str = r#"
    [[clients]]
    client_id = "quick"
    client_name = "Quick"
    client_secret = "{noop}secret"
    grant_types = ["authorization_code", "implicit"]
    redirect_uris = ["https://shop.example/callback"]
    scope = ["photo.read", "profile"]
    auto_approve = ["photo.read", "profile"]

    [[clients]]
    client_id = "any-scope"
    client_name = "Any scope"
    client_secret = "{noop}secret"
    grant_types = ["authorization_code"]
    redirect_uris = ["https://shop.example/callback"]
"#;

async fn ask(world: &World, parameters: Form<'_>) -> Answer {
    let request = world.http().get(format!("{}/oauth/authorize", world.auth));
    let request = request.query(parameters);
    let request = request.basic_auth("xiaoming", Some("photos4me"));
    Answer::read(request.send().await.unwrap()).await
}

/// What a code for this scope is good for.
async fn granted(world: &World, scope: &str) -> String {
    let asked = [
        ("response_type", "code"),
        ("client_id", "quick"),
        ("scope", scope),
    ];
    let code = Landing::of(&ask(world, &asked).await).code();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
    ];
    let tokens = world.post_with(("quick", "secret"), "/oauth/token", &form);
    tokens.await.text_of("scope")
}

/// Where the browser is sent, with `CODE`, `TOKEN` and `ID` for what is random.
fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text);
    let landing = Landing::of(answer);
    let mut location = answer.header("location").to_owned();
    for (parameter, name) in [("code", "CODE"), ("access_token", "TOKEN"), ("jti", "ID")] {
        if let Some(random) = landing.parameter(parameter) {
            location = location.replace(&random, name);
        }
    }
    location
}

on_every_store! {
    /// One blank or `+` stands between two names, also where it is written as `%2B`; of two there is a name without letters
    /// between them.
    async fn names_of_scopes_have_one_blank_between_them(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(CLIENTS)
    ) {
        for scope in ["photo.read profile", "profile+photo.read", "profile photo.read "] {
            assert_eq!(granted(&world, scope).await, "photo.read profile", "{scope}");
        }
        for scope in ["", " "] {
            assert_eq!(granted(&world, scope).await, "photo.read profile", "{scope:?}");
        }
        let invalid = format!(
            "{CALLBACK}?error=invalid_scope&error_description=Invalid%20scope&scope=photo.read%20profile"
        );
        for scope in ["photo.read  profile", " photo.read", "photo.read++profile", "photo.read,profile"] {
            let asked = [("response_type", "code"), ("client_id", "quick"), ("scope", scope)];
            assert_eq!(location(&ask(&world, &asked).await), invalid, "{scope}");
        }
    }

    /// Who has no list of scopes may ask for any, and has to.
    async fn a_client_without_scopes_may_ask_its_owner_for_any(
        world, "AUTH_SERVER__PROFILE" = "spring"; |world| world.with(CLIENTS)
    ) {
        let asked = [("response_type", "code"), ("client_id", "any-scope"), ("state", "s")];
        let empty = "error=invalid_scope&error_description=Empty%20scope%20%28either%20the%20client%20or%20the%20user%20\
                     is%20not%20allowed%20the%20requested%20scopes%29&state=s";
        assert_eq!(location(&ask(&world, &asked).await), format!("{CALLBACK}?{empty}"));
        let page = ask(&world, &[&asked[..], &[("scope", "any thing")]].concat()).await;
        assert_eq!(page.status, 200, "{}", page.text);
        for field in ["name=\"scope.any\"", "name=\"scope.thing\""] {
            assert!(page.text.contains(field), "{field}: {}", page.text);
        }
    }

    /// Parameters in Spring's order; a state comes back as it was, and no character of it counts as one of the answer.
    async fn answers_are_written_in_springs_order(
        world, "AUTH_SERVER__PROFILE" = "spring", "AUTH_SERVER__TOKENS__FORMAT" = "jwt"; |world| world.with(CLIENTS)
    ) {
        let (state, written) = ("a b&c=d+e#f", "a%20b%26c%3Dd%2Be%23f");
        let asked = [("response_type", "code"), ("client_id", "quick"), ("state", state)];
        assert_eq!(location(&ask(&world, &asked).await), format!("{CALLBACK}?code=CODE&state={written}"));
        let asked = [("response_type", "token"), ("client_id", "quick"), ("state", state)];
        let told = format!(
            "{CALLBACK}#access_token=TOKEN&token_type=bearer&state={written}&expires_in=43200\
             &scope=photo.read%20profile&jti=ID"
        );
        let answer = ask(&world, &asked).await;
        assert_eq!(location(&answer), told);
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}
