//! A password that was forgotten.

use e2e::person::sign_in;
use symbolon::secret::Secret;
use symbolon_auth_server::records::{EmailAddress, OwnerRegistration};

use super::Tour;

impl Tour {
    /// Somebody has forgotten the password, and chooses another.
    #[allow(clippy::too_many_lines, reason = "a test reads from top to bottom")]
    pub(super) async fn forgotten(&self) {
        let owner = OwnerRegistration {
            name: "lilei".to_owned(),
            password: Secret::new("{noop}photos4me"),
            authorities: vec!["ROLE_USER".to_owned()],
            disabled: false,
            password_mark: None,
            invited: false,
            email: EmailAddress::parse("lilei@example.org"),
        };
        let owners = &self.world.server.password_changes.owners;
        owners.store_owner(&owner).await.unwrap();
        self.auth_page("/login").await;
        self.chromium.click("#forgotten").await;
        self.chromium.find("#forgottenForm").await;
        self.look("auth-forgotten").await;
        self.chromium.fill("#username", "lilei").await;
        self.chromium.click("#forgottenForm button").await;
        self.chromium.find("#sent").await;
        self.look("auth-forgotten-sent").await;
        let link = self.world.mails(1).await[0].link();
        self.chromium.open(&link).await;
        self.chromium.find("#resetForm").await;
        self.look("auth-reset").await;
        let password = "correct horse battery";
        self.chromium.fill("#new_password", password).await;
        self.chromium.fill("#repeated_password", "correct").await;
        self.chromium.click("#resetForm button").await;
        self.chromium.find("#repeated_password-fault").await;
        self.look("auth-reset-refused").await;
        self.chromium.fill("#new_password", password).await;
        self.chromium.fill("#repeated_password", password).await;
        self.chromium.click("#resetForm button").await;
        self.chromium.find("#loginForm #username").await;
        self.look("auth-login-new-password").await;
        sign_in(&self.chromium, "lilei", password).await;
        self.chromium.open(&link).await;
        self.chromium.find("#over").await;
        self.look("auth-reset-over").await;
        self.auth_page("/account/email").await;
        self.chromium.fill("#current_password", "wrong").await;
        self.chromium.click("#emailForm button").await;
        self.chromium.find("#current_password-fault").await;
        self.look("auth-account-email-refused").await;
        self.auth_page("/logout").await;
        self.chromium.click("#logoutForm button").await;
        self.chromium.find("main.apart").await;
    }
}
