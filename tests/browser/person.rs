//! What a person does on the pages of the authorization server and of Print Photo.

use e2e::{Chromium, World};

/// Signs in at the authorization server, on its page.
pub(crate) async fn sign_in(chromium: &Chromium, name: &str, password: &str) {
    chromium.fill("#username", name).await;
    chromium.fill("#password", password).await;
    chromium.click("#loginForm button").await;
}

/// Presses Print Photo's button for the authorization code grant and signs in: the approval page is next.
pub(crate) async fn ask_with_code(chromium: &Chromium, world: &World) {
    chromium.open(&format!("{}/code", world.client)).await;
    chromium.click("#start-code").await;
    sign_in(chromium, "xiaoming", "photos4me").await;
}

/// Allows everything on the approval page.
pub(crate) async fn approve(chromium: &Chromium) {
    chromium.find("#confirmationForm").await;
    let choices = "document.querySelectorAll('.allow input').length";
    let count = chromium.evaluate(choices).await.as_u64().unwrap();
    for scope in 1..=count {
        let choice = format!(".scopes li:nth-child({scope}) .allow input");
        chromium.click(&choice).await;
    }
    chromium.click("#confirmationForm button").await;
}
