//! Clients and owners in the tables of a Spring server, read where they are: the same on each database.

use e2e::{Answer, Database, DatabaseKind, Store, World, WorldBuilder};
use serde_json::json;

use crate::{OTHER_CALLBACK, assert_described, on_every_database};

/// What a Spring shop has in its tables.
const ROWS: &str = r#"
insert into oauth_client_details (client_id, client_secret, resource_ids, scope, authorized_grant_types,
    web_server_redirect_uri, authorities, access_token_validity, refresh_token_validity, additional_information, autoapprove)
values
  ('shop', '{bcrypt}$2b$04$w16LmdIG4gVqerWtjql47elIYUC.LduVHvZaJiCsjeWLdUzkQgwBi', 'photo-space,orders',
   'photo.read,profile', NULL, 'https://shop.example/callback,https://shop.example/other', 'ROLE_SHOP', 600, NULL,
   'team=photos', 'prof.*'),
  ('batch', '{noop}batch-secret', 'photo-space', 'photo.read', 'client_credentials,custom', NULL,
   'ROLE_BACKUP,ROLE_CLIENT', NULL, NULL, NULL, NULL),
  ('desk', '{noop}desk-secret', NULL, 'photo.read,photo.write', 'password,refresh_token', NULL, NULL, 2147483647, -1,
   '{"team": "desk"}', 'true'),
  ('resources', '{noop}resources-secret', NULL, 'photo.read', 'client_credentials', NULL, NULL, NULL, NULL,
   '{"symbolon": {"may_introspect": true, "profile": "standard"}}', NULL),
  ('broken', 'no hash at all', NULL, 'photo.read', 'client_credentials', NULL, NULL, NULL, NULL, NULL, NULL),
  ('misread', '{noop}misread-secret', NULL, 'photo.read', 'client_credentials', NULL, NULL, NULL, NULL,
   '{"symbolon": {"may_introspekt": true}}', NULL);
insert into users (username, password, enabled) values
  ('meilin', '{noop}photos4mei', true), ('locked', '{noop}photos4mei', false), ('nobody', '{noop}photos4mei', true);
insert into authorities (username, authority) values
  ('meilin', 'ROLE_USER'), ('meilin', 'ROLE_ADMIN'), ('locked', 'ROLE_USER');
"#;
/// The secret of the row `shop`.
const SHOP: (&str, &str) = ("shop", "correct horse 电池");

struct Shop {
    database: Database,
    world: World,
}

async fn shop(kind: DatabaseKind, prepare: impl FnOnce(WorldBuilder) -> WorldBuilder) -> Shop {
    let database = Database::of_spring(kind).await;
    database.execute(ROWS).await;
    let world = World::builder(Store::Memory)
        .set("AUTH_SERVER__PROFILE", "spring")
        .on_tables_of(&database)
        .prepared_by(prepare);
    Shop {
        world: world.start().await,
        database,
    }
}

impl Shop {
    async fn token_by_code(&self) -> Answer {
        let parameters = [
            ("response_type", "code"),
            ("client_id", "shop"),
            ("redirect_uri", OTHER_CALLBACK),
        ];
        let browser = self.world.browser();
        let page = browser.authorize(&parameters).await;
        let page = browser.sign_in_after(&page, "meilin", "photos4mei").await;
        assert!(page.text.contains("photo.read"), "{}", page.text);
        // A pattern approves it.
        assert!(!page.text.contains("scope.profile"), "{}", page.text);
        let landing = e2e::Landing::of(&browser.decide(&page, &["photo.read"]).await);
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &landing.code()),
            ("redirect_uri", OTHER_CALLBACK),
        ];
        self.world.post_with(SHOP, "/oauth/token", &form).await
    }

    async fn for_itself(&self, client: &str, secret: &str) -> Answer {
        let form = [("grant_type", "client_credentials")];
        let client = (client, secret);
        self.world.post_with(client, "/oauth/token", &form).await
    }

    async fn by_password(&self, name: &str, password: &str) -> Answer {
        let form = [
            ("grant_type", "password"),
            ("username", name),
            ("password", password),
        ];
        let client = ("desk", "desk-secret");
        self.world.post_with(client, "/oauth/token", &form).await
    }

    async fn check(&self, token: &Answer) -> Answer {
        let form = [("token", token.access_token())];
        let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.world
            .post_with(SHOP, "/oauth/check_token", &form)
            .await
    }

    /// How often a row was looked for.
    async fn lookups(&self) -> u64 {
        let metrics = format!("{}/metrics", self.world.probes);
        let text = self.world.browser().get(&metrics).await.text;
        let counted = text.lines().filter(|line| {
            line.starts_with("db_client_operation_duration_seconds_count{")
                && !line.contains("\"redb\"")
                && line.contains("\"find_")
        });
        let numbers = counted.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap());
        numbers.sum()
    }
}

/// The whole journey of a Spring shop: code, token, photos, `check_token`, refresh.
async fn rows_of_a_spring_server_are_clients_and_owners(kind: DatabaseKind) {
    let shop = shop(kind, |builder| builder).await;
    let token = shop.token_by_code().await;
    assert_eq!(token.status, 200, "{}", token.text);
    assert_eq!(token.text_of("scope"), "photo.read profile");
    assert_eq!(token.json["expires_in"], 600);
    let photos = shop.world.call("/photos", &token.access_token()).await;
    assert_eq!(photos.status, 200, "{}", photos.text);
    let checked = shop.check(&token).await;
    assert_eq!(checked.json["aud"], json!(["photo-space", "orders"]));
    assert_eq!(checked.json["user_name"], "meilin");
    assert_eq!(
        checked.json["authorities"],
        json!(["ROLE_ADMIN", "ROLE_USER"])
    );
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &token.refresh_token()),
    ];
    let renewed = shop.world.post_with(SHOP, "/oauth/token", &form).await;
    assert_eq!(renewed.status, 200, "{}", renewed.text);

    let own = shop.for_itself("batch", "batch-secret").await;
    let checked = shop.check(&own).await;
    assert_eq!(
        checked.json["authorities"],
        json!(["ROLE_BACKUP", "ROLE_CLIENT"])
    );
    let desk = shop.by_password("meilin", "photos4mei").await;
    assert_eq!(desk.status, 200, "{}", desk.text);
    // What no column says.
    let form = [("token", renewed.access_token())];
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    let resources = ("resources", "resources-secret");
    let told = shop
        .world
        .post_with(resources, "/oauth/introspect", &form)
        .await;
    assert_eq!(told.json["active"], true, "{}", told.text);
}

/// Names are those of the rows, byte for byte, whatever the database takes for equal; and what is asked for is no SQL.
async fn only_the_name_of_a_row_is_its_name(kind: DatabaseKind) {
    let shop = shop(kind, |builder| builder).await;
    for name in [
        "BATCH",
        "batch ",
        "b%",
        "batch' OR '1'='1",
        "'; DELETE FROM oauth_client_details; --",
        "x' UNION SELECT 'batch",
        "batch\\",
        "batch\u{0}",
        "bátch",
        "📷",
    ] {
        let answer = shop.for_itself(name, "batch-secret").await;
        assert_eq!(answer.status, 401, "{name}: {}", answer.text);
    }
    for name in [
        "MEILIN",
        "meilin ",
        "meilin' OR '1'='1",
        "m_ilin",
        "nobody",
        "locked",
    ] {
        let answer = shop.by_password(name, "photos4mei").await;
        assert_described(&answer, 400, "invalid_grant", "Bad credentials");
    }
    let answer = shop.for_itself("batch", "batch-secret").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// A row that cannot be used refuses its own client, and is told in the log.
async fn a_row_that_cannot_be_read_refuses_only_its_client(kind: DatabaseKind) {
    let shop = shop(kind, |builder| builder).await;
    for client in ["broken", "misread"] {
        let answer = shop.for_itself(client, &format!("{client}-secret")).await;
        answer.assert_error(500, "server_error");
    }
    let answer = shop.for_itself("batch", "batch-secret").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// While an answer counts nothing is asked for again, and a check costs no more than it did.
async fn what_was_read_costs_no_query_until_its_time_is_over(kind: DatabaseKind) {
    let shop = shop(kind, |builder| builder).await;
    let token = shop.by_password("meilin", "photos4mei").await;
    assert_eq!(shop.check(&token).await.status, 200);
    let before = shop.lookups().await;
    for _ in 0..5 {
        assert_eq!(shop.check(&token).await.status, 200);
    }
    assert_eq!(shop.lookups().await, before);
    shop.world.clock.advance_secs(60);
    assert_eq!(shop.check(&token).await.status, 200);
    // The client that asks, the client of the token, and its owner.
    assert_eq!(shop.lookups().await, before + 3);
}

/// What is new is seen at once, and what is changed or gone when the answer that was known counts no more.
async fn changes_in_the_tables_are_seen(kind: DatabaseKind) {
    let shop = shop(kind, |builder| builder).await;
    let (by_batch, by_meilin) = (
        shop.for_itself("batch", "batch-secret").await,
        shop.by_password("meilin", "photos4mei").await,
    );
    shop.world.clock.advance_secs(2);
    for statement in [
        "update oauth_client_details set client_secret = '{noop}changed' where client_id = 'batch'",
        "update users set password = '{noop}changed' where username = 'meilin'",
        "insert into oauth_client_details (client_id, client_secret, scope, authorized_grant_types) \
         values ('later', '{noop}later-secret', 'photo.read', 'client_credentials')",
    ] {
        shop.database.execute(statement).await;
    }
    assert_eq!(shop.for_itself("batch", "changed").await.status, 200);
    assert_eq!(shop.for_itself("later", "later-secret").await.status, 200);
    assert_eq!(shop.by_password("meilin", "changed").await.status, 200);
    // With the password, what was granted under the old one has ended.
    assert_eq!(shop.check(&by_meilin).await.status, 400);
    assert_eq!(shop.check(&by_batch).await.status, 200);

    let by_meilin = shop.by_password("meilin", "changed").await;
    shop.database
        .execute("delete from oauth_client_details where client_id = 'batch'")
        .await;
    shop.database
        .execute("update users set enabled = false where username = 'meilin'")
        .await;
    assert_eq!(shop.check(&by_batch).await.status, 200);
    shop.world.clock.advance_secs(60);
    for token in [&by_batch, &by_meilin] {
        assert_eq!(shop.check(token).await.status, 400);
    }
    shop.for_itself("batch", "changed")
        .await
        .assert_error(401, "unauthorized");
}

/// Tables of one's own, under the names of Spring's columns.
async fn a_query_stands_in_the_place_of_a_table(kind: DatabaseKind) {
    let shop = shop(kind, |builder| {
        builder
            .set(
                "AUTH_SERVER__SQL_CLIENTS__QUERY",
                "SELECT app AS client_id, secret AS client_secret, NULL AS resource_ids, 'photo.read' AS scope, \
                 'client_credentials' AS authorized_grant_types, NULL AS web_server_redirect_uri, NULL AS authorities, \
                 life AS access_token_validity, NULL AS refresh_token_validity, NULL AS additional_information, \
                 NULL AS autoapprove FROM (SELECT 'app' AS app, '{noop}app-secret' AS secret, 60 AS life) apps",
            )
            .set("AUTH_SERVER__SQL_OWNERS__AUTHORITIES_TABLE", "")
            .set(
                "AUTH_SERVER__SQL_OWNERS__AUTHORITIES_QUERY",
                "SELECT username, 'ROLE_GUEST' AS authority FROM users",
            )
            .with(
                "[[clients]]\nclient_id = \"desk\"\nclient_name = \"Desk\"\nclient_secret = \"{noop}desk-secret\"\n\
                 grant_types = [\"password\"]\nscope = [\"photo.read\"]",
            )
    })
    .await;
    let token = shop.for_itself("app", "app-secret").await;
    assert_eq!(token.status, 200, "{}", token.text);
    assert_eq!(token.json["expires_in"], 60);
    assert_eq!(shop.for_itself("batch", "batch-secret").await.status, 401);
    assert_eq!(shop.by_password("nobody", "photos4mei").await.status, 200);
}

on_every_database!(
    rows_of_a_spring_server_are_clients_and_owners,
    only_the_name_of_a_row_is_its_name,
    a_row_that_cannot_be_read_refuses_only_its_client,
    what_was_read_costs_no_query_until_its_time_is_over,
    changes_in_the_tables_are_seen,
    a_query_stands_in_the_place_of_a_table,
);
