//! What a person does on the pages of the authorization server and of Print Photo.

use crate::Chromium;

/// True on a page of photos when each of them has been loaded and drawn.
pub const PHOTOS_ARE_DRAWN: &str = "document.querySelectorAll('.photo img').length > 0 && \
    [...document.querySelectorAll('.photo img')].every(image => { image.loading = 'eager'; return image.naturalWidth > 0; })";

/// Signs in at the authorization server, on its page.
pub async fn sign_in(chromium: &Chromium, name: &str, password: &str) {
    chromium.fill("#username", name).await;
    chromium.fill("#password", password).await;
    chromium.click("#loginForm button").await;
}

/// Presses the button for the authorization code grant at the Print Photo with this address and signs in:
/// the approval page is next.
pub async fn ask_with_code(chromium: &Chromium, client: &str) {
    chromium.open(&format!("{client}/code")).await;
    chromium.click("#start-code").await;
    sign_in(chromium, "xiaoming", "photos4me").await;
}

/// Allows everything on the approval page.
pub async fn approve(chromium: &Chromium) {
    chromium.find("#confirmationForm").await;
    let choices = "document.querySelectorAll('.allow input').length";
    let count = chromium.evaluate(choices).await.as_u64().expect("a number");
    for scope in 1..=count {
        let choice = format!(".scopes li:nth-child({scope}) .allow input");
        chromium.click(&choice).await;
    }
    chromium.click("#confirmationForm button").await;
}

/// Goes on after the sign-in until the photos are there: allows everything, if that is still asked. Owners are
/// not asked again for what they have allowed before.
pub async fn approve_if_asked(chromium: &Chromium) {
    let decided = "document.querySelector('#confirmationForm, .photo img') !== null";
    chromium.wait_until(decided).await;
    if chromium.holds("#confirmationForm").await {
        approve(chromium).await;
    }
    chromium.wait_until(PHOTOS_ARE_DRAWN).await;
}
