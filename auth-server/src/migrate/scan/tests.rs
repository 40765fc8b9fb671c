use symbolon::scope::Scope;
use symbolon::secret::Secret;
use symbolon::token::GrantType;

use super::*;
use crate::clients::spring_habits::SpringChoice;
use crate::dialects::Dialect;
use crate::records::{Profile, SpringPieces, TokenFormat};

fn server(profile: Profile, pieces: SpringPieces) -> ClientDefaults {
    ClientDefaults {
        token_format: TokenFormat::Opaque,
        dialect: Dialect::Spring,
        access_token_ttl_secs: 60,
        refresh_token_ttl_secs: 60,
        hash_without_id: None,
        spring: SpringChoice {
            profile: Some(profile),
            pieces,
        },
    }
}

fn client(name: &str, profile: Option<Profile>) -> ClientRegistration {
    ClientRegistration {
        client_secret: Some(Secret::new(
            "{bcrypt}$2b$04$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi",
        )),
        grant_types: vec![GrantType::AuthorizationCode],
        redirect_uris: vec!["https://shop.example/callback".to_owned()],
        scope: Scope::parse("orders").unwrap(),
        profile,
        ..ClientRegistration::new(ClientId::new(name), name)
    }
}

async fn scanned(configured: Vec<ClientRegistration>, defaults: ClientDefaults) -> String {
    let scan = Scan {
        configured,
        clients: None,
        owners: None,
        tokens: None,
        defaults,
        hash_without_id: None,
        now: Timestamp::from_secs(0),
    };
    let mut lines = Vec::new();
    let tell = |client: &ScannedClient| {
        lines.push(verdict_text(client));
        Ok(())
    };
    let summary = scan.run(tell, |_| {}).await.unwrap();
    lines.push(summary_text(&summary));
    lines.join("\n")
}

#[tokio::test]
async fn the_profile_is_recommended_for_no_client_that_was_moved_off_it() {
    let standard = server(Profile::Standard, SpringPieces::default());
    let moved = || client("moved", Some(Profile::Standard));
    let told = scanned(vec![client("shop", None), moved()], standard).await;
    assert_eq!(
        told,
        "switch   shop  authorization_code
         needs: spring.codes_without_pkce = true (it asks for codes without PKCE)
         needs: redirect_matching = \"spring\" (it may add parameters to its redirect URI)
switch   moved  authorization_code
         gave up: spring.codes_without_pkce = true (it asks for codes without PKCE)
         gave up: redirect_matching = \"spring\" (it may add parameters to its redirect URI)
clients: 2 (0 ready, 2 switch, 0 less, 0 refused)
  1 need spring.codes_without_pkce = true
  1 need redirect_matching = \"spring\"
  profile = \"spring\" says all of these
  1 gave up spring.codes_without_pkce = true, by their own registrations
  1 gave up redirect_matching = \"spring\", by their own registrations"
    );
    let spring = server(Profile::Spring, SpringPieces::default());
    let told = scanned(vec![client("shop", None), moved()], spring).await;
    assert!(told.contains("ready    shop"), "{told}");
    assert!(!told.contains("need"), "{told}");
    assert!(!told.contains("says all of these"), "{told}");
}

#[tokio::test]
async fn the_profile_is_recommended_for_no_habit_that_the_server_has_switched_off() {
    let pieces = SpringPieces {
        codes_without_pkce: Some(false),
        ..SpringPieces::default()
    };
    let spring = server(Profile::Spring, pieces.clone());
    let told = scanned(vec![client("shop", None)], spring).await;
    let needed = "  1 need spring.codes_without_pkce = true";
    assert!(told.ends_with(needed), "{told}");
    let standard = server(Profile::Standard, pieces);
    let told = scanned(vec![client("shop", None)], standard).await;
    let but = "  profile = \"spring\" says all of these but spring.codes_without_pkce = true";
    assert!(told.ends_with(but), "{told}");
}
