//! Tokens that a Spring server has given out, in its tables: values that a JDK has serialized, in the rows of
//! `JdbcTokenStore`.

use e2e::{Answer, Bound, Database, DatabaseKind, Store, World};
use futures_util::future::join_all;
use serde_json::{Value, json};
use symbolon::clock::Timestamp;

use crate::legacy_tokens::{
    ACCESS, ACCESS_OF_CLIENT, FAR, REFRESH, assert_unknown, how_many_grants, stream,
};
use crate::{assert_described, on_every_database};

/// The MD5 of each value, as `md5sum` says it.
const MD5_OF_ACCESS: &str = "71982508be64bc82f1812e1951de1a1c";
const MD5_OF_ACCESS_OF_CLIENT: &str = "b0cdd975b686b303df41a8fca0e0d58e";
const MD5_OF_REFRESH: &str = "09a2be07a7383b790f54d679df5a505a";

const ACCESS_TOKEN: &str = "insert into oauth_access_token (token_id, token, authentication_id, user_name, client_id, \
                            authentication, refresh_token) values (?, ?, ?, ?, ?, ?, ?)";
const REFRESH_TOKEN: &str =
    "insert into oauth_refresh_token (token_id, token, authentication) values (?, ?, ?)";

fn text(text: &str) -> Bound {
    Bound::Text(Some(text.to_owned()))
}

fn bytes(name: &str) -> Bound {
    Bound::Bytes(stream(name))
}

/// The database of a Spring server that has given `print-photo` access to what `xiaoming` has, and to its own.
async fn spring(kind: DatabaseKind) -> Database {
    let database = Database::of_spring(kind).await;
    database.allow_removal().await;
    let of_owner = [
        text(MD5_OF_ACCESS),
        bytes("access_token"),
        text("key of the owner"),
        text("xiaoming"),
        text("print-photo"),
        bytes("authentication"),
        text(MD5_OF_REFRESH),
    ];
    let of_client = [
        text(MD5_OF_ACCESS_OF_CLIENT),
        bytes("access_token_of_client"),
        text("key of the client"),
        Bound::Text(None),
        text("print-photo"),
        bytes("authentication_of_client"),
        Bound::Text(None),
    ];
    let refresh = [
        text(MD5_OF_REFRESH),
        bytes("expiring_refresh_token"),
        bytes("authentication"),
    ];
    database.change(ACCESS_TOKEN, &of_owner).await;
    database.change(ACCESS_TOKEN, &of_client).await;
    database.change(REFRESH_TOKEN, &refresh).await;
    database
}

/// A server in the place of the Spring server.
async fn after(spring: &Database) -> World {
    let password = spring.password().unwrap_or_default();
    World::builder(Store::Memory)
        .set("AUTH_SERVER__LEGACY_TOKENS__SQL_URL", &spring.url())
        .set("AUTH_SERVER__LEGACY_TOKENS__SQL_PASSWORD", password)
        .set("AUTH_SERVER__LEGACY_TOKENS__TIMEOUT_MS", "20000")
        .start()
        .await
}

/// How many rows a table has where a column has a digest; asking changes nothing.
async fn rows(spring: &Database, table: &str, digest: &str) -> u64 {
    let statement = format!("update {table} set token_id = token_id where token_id = ?");
    spring.change(&statement, &[text(digest)]).await
}

async fn assert_only_the_clients_own_token_is_left(spring: &Database) {
    let (access, refresh) = ("oauth_access_token", "oauth_refresh_token");
    assert_eq!(rows(spring, access, MD5_OF_ACCESS).await, 0);
    assert_eq!(rows(spring, refresh, MD5_OF_REFRESH).await, 0);
    assert_eq!(rows(spring, access, MD5_OF_ACCESS_OF_CLIENT).await, 1);
}

async fn an_access_token_in_the_tables_of_a_spring_server_stays_good(kind: DatabaseKind) {
    let spring = spring(kind).await;
    let world = after(&spring).await;
    let expected = json!({
        "active": true,
        "client_id": "print-photo",
        "user_name": "xiaoming",
        "authorities": ["ROLE_USER", "ROLE_ADMIN"],
        "scope": ["photo.read", "photo.write"],
        "aud": ["photo-space"],
        "exp": FAR,
    });
    assert_eq!(world.check_token(ACCESS).await.json, expected);
    let own = world.check_token(ACCESS_OF_CLIENT).await;
    assert_eq!(own.json["authorities"], json!(["ROLE_CLIENT"]));
    assert_eq!(own.json["exp"], Value::Null);
    let form = [("token", ACCESS)];
    let told = world.post_as("photo-space", "/oauth/introspect", &form);
    assert_eq!(told.await.json["username"], "xiaoming");
    assert_eq!(world.call("/photos", ACCESS).await.status, 200);
    for other in [MD5_OF_ACCESS, REFRESH, "' OR '1'='1", ""] {
        let answer = world.check_token(other).await;
        assert_eq!(answer.status, 400, "{other}: {}", answer.text);
    }
    world.clock.set(Timestamp::from_secs(FAR));
    let answer = world.check_token(ACCESS).await;
    assert_described(&answer, 400, "invalid_token", "Token has expired");
}

async fn a_refresh_token_in_the_tables_of_a_spring_server_is_honoured_once(kind: DatabaseKind) {
    let spring = spring(kind).await;
    let world = after(&spring).await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", REFRESH)];
    let of_another = world.token("photo-desktop", &form).await;
    assert_eq!(of_another.json["error"], "invalid_grant");
    let answer = world.refresh(REFRESH).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json["scope"], "photo.read photo.write");
    let known = world.check_token(&answer.access_token()).await;
    assert_eq!(known.json["user_name"], "xiaoming");
    let again = world.refresh(REFRESH).await;
    assert_described(&again, 400, "invalid_grant", "Invalid refresh token");
    assert_unknown(&world.check_token(ACCESS).await);
    assert_only_the_clients_own_token_is_left(&spring).await;
    assert_eq!(world.refresh(&answer.refresh_token()).await.status, 200);
}

async fn of_many_exchanges_of_a_refresh_token_in_tables_one_succeeds(kind: DatabaseKind) {
    let spring = spring(kind).await;
    let worlds = [after(&spring).await, after(&spring).await];
    let asked = (0..8).flat_map(|_| worlds.iter().map(|world| world.refresh(REFRESH)));
    let answers = join_all(asked).await;
    let good = answers.iter().filter(|answer| answer.status == 200);
    assert_eq!(good.count(), 1);
    let mut grants = 0;
    for world in &worlds {
        grants += how_many_grants(world).await;
    }
    assert_eq!(grants, 1, "who came second has left something");
}

async fn a_token_in_the_tables_of_a_spring_server_can_be_given_back(kind: DatabaseKind) {
    let spring = spring(kind).await;
    let world = after(&spring).await;
    let revoke = async |client: &str, token: &str| {
        let form = [("token", token)];
        world.post_as(client, "/oauth/revoke", &form).await.status
    };
    for token in [ACCESS, REFRESH] {
        assert_eq!(revoke("photo-desktop", token).await, 400);
    }
    assert_eq!(revoke("print-photo", ACCESS).await, 200);
    assert_unknown(&world.check_token(ACCESS).await);
    assert_eq!(revoke("print-photo", REFRESH).await, 200);
    assert_eq!(world.refresh(REFRESH).await.json["error"], "invalid_grant");
    assert_only_the_clients_own_token_is_left(&spring).await;
}

/// As good as none, whatever is wrong with it: cut short, too long, nothing at all, or another token's.
async fn a_damaged_row_of_a_spring_server_is_as_good_as_none(kind: DatabaseKind) {
    let spring = spring(kind).await;
    let world = after(&spring).await;
    let whole = stream("access_token");
    let too_long = vec![0xac; 300 * 1024];
    for damaged in [&whole[..whole.len() / 2], &too_long, b"", b"text", &[0xff]] {
        let (damaged, digest) = (Bound::Bytes(damaged.to_vec()), text(MD5_OF_ACCESS));
        let statement = "update oauth_access_token set token = ? where token_id = ?";
        assert_eq!(spring.change(statement, &[damaged, digest]).await, 1);
        assert_unknown(&world.check_token(ACCESS).await);
    }
    for (column, value) in [("token", "null"), ("authentication", "null")] {
        let statement = format!("update oauth_refresh_token set {column} = {value}");
        spring.execute(&statement).await;
        assert_eq!(world.refresh(REFRESH).await.json["error"], "invalid_grant");
    }
    let moved = "update oauth_access_token set token_id = ? where token_id = ?";
    let (to, from) = (text(MD5_OF_ACCESS), text(MD5_OF_ACCESS_OF_CLIENT));
    spring
        .execute("delete from oauth_access_token where user_name = 'xiaoming'")
        .await;
    spring.change(moved, &[to, from]).await;
    let answer: Answer = world.check_token(ACCESS).await;
    assert_unknown(&answer);
}

on_every_database!(
    an_access_token_in_the_tables_of_a_spring_server_stays_good,
    a_refresh_token_in_the_tables_of_a_spring_server_is_honoured_once,
    of_many_exchanges_of_a_refresh_token_in_tables_one_succeeds,
    a_token_in_the_tables_of_a_spring_server_can_be_given_back,
    a_damaged_row_of_a_spring_server_is_as_good_as_none,
);
