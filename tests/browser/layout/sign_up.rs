//! An account that somebody makes.

use e2e::person::sign_in;

use super::Tour;

impl Tour {
    /// Somebody has no account, and makes one. So many mails were sent before.
    #[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
    pub(super) async fn sign_up(&self, mails: usize) {
        self.auth_page("/login").await;
        self.chromium.click("#sign-up").await;
        self.chromium.find("#signUpForm").await;
        self.look("auth-sign-up").await;
        self.chromium.fill("#email", "hanmeimei").await;
        self.chromium.click("#signUpForm button").await;
        self.chromium.find("#email-fault").await;
        self.look("auth-sign-up-no-address").await;
        // What was typed is there still; where in it the next letter goes is the browser's affair.
        let email = "document.querySelector('#email')";
        let typed = self.chromium.evaluate(&format!("{email}.value")).await;
        assert_eq!(typed, "hanmeimei");
        self.chromium.evaluate(&format!("{email}.value = ''")).await;
        self.chromium.fill("#email", "hanmeimei@example.org").await;
        self.chromium.click("#signUpForm button").await;
        self.chromium.find("#sent").await;
        self.look("auth-sign-up-sent").await;
        let mails = self.world.mails(mails + 1).await;
        let link = mails.last().unwrap().link();
        self.chromium.open(&link).await;
        self.chromium.find("#finishForm").await;
        self.look("auth-sign-up-finish").await;
        let password = "correct horse battery";
        // What was typed is there still.
        for (more, repeated) in [("han", "correct"), ("meimei", password)] {
            self.chromium.fill("#username", more).await;
            self.chromium.fill("#new_password", password).await;
            self.chromium.fill("#repeated_password", repeated).await;
            self.chromium.click("#finishForm button").await;
            if repeated != password {
                self.chromium.find("#repeated_password-fault").await;
                self.look("auth-sign-up-refused").await;
            }
        }
        self.chromium.find("#loginForm #username").await;
        self.look("auth-login-new-account").await;
        sign_in(&self.chromium, "hanmeimei", password).await;
        self.chromium.open(&link).await;
        self.chromium.find("#over").await;
        self.look("auth-sign-up-over").await;
        self.auth_page("/logout").await;
        self.chromium.click("#logoutForm button").await;
        self.chromium.find("main.apart").await;
    }
}
