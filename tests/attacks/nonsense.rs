//! Random bytes to everything that takes a body: nothing of it is ever our fault.

use e2e::{World, on_every_store, raw_request};

const PER_ENDPOINT: u64 = 40;

/// Numbers that look random and are the same in every run (xorshift64*).
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    fn bytes(&mut self) -> Vec<u8> {
        let length = self.below(300);
        (0..length).map(|_| self.next().to_be_bytes()[0]).collect()
    }

    /// A form whose names are right and whose values are not, with some damage.
    fn form(&mut self) -> Vec<u8> {
        const PIECES: [&[u8]; 24] = [
            b"grant_type=",
            b"authorization_code",
            b"refresh_token",
            b"password",
            b"client_credentials",
            b"&code=",
            b"&refresh_token=",
            b"&token=",
            b"&client_id=",
            b"print-photo",
            b"photo-spa",
            b"&redirect_uri=",
            b"http://",
            b"&scope=",
            b"photo.read",
            b"&_csrf=",
            b"&authorization=",
            b"&user_oauth_approval=true",
            b"&username=",
            b"&password=",
            b"%",
            b"%ff",
            b"\x00",
            b"AAAAAAAAAAAAAAAAAAAAAA",
        ];
        let count = self.below(20);
        let pieces = (0..count).flat_map(|_| PIECES[self.below(PIECES.len())].to_vec());
        pieces.collect()
    }

    fn body(&mut self) -> Vec<u8> {
        if self.below(3) == 0 {
            self.bytes()
        } else {
            self.form()
        }
    }
}

async fn assert_never_our_fault(world: &World, address: &str, paths: &[&str], headers: &str) {
    let mut seeded = Seeded(0x5EED);
    for path in paths {
        for _ in 0..PER_ENDPOINT {
            let body = seeded.body();
            let head = format!(
                "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\
                 content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            let answer = raw_request(address, &[head.as_bytes(), &body].concat()).await;
            let shown = String::from_utf8_lossy(&body);
            assert!(
                (200..500).contains(&answer.status),
                "{path} {shown}: {answer:?}"
            );
        }
    }
    assert_eq!(world.browser().get("/").await.status, 200);
}

on_every_store! {
    /// Whatever the body, the answer is one.
    async fn random_bodies_never_break_the_authorization_server(world) {
        let paths = ["/oauth/token", "/oauth/check_token", "/oauth/introspect", "/oauth/revoke"];
        let basic = "authorization: Basic cHJpbnQtcGhvdG86cHJpbnQtcGhvdG8tc2VjcmV0\r\n";
        assert_never_our_fault(&world, &world.auth, &paths, basic).await;
        let paths = ["/oauth/token", "/oauth/authorize", "/login", "/logout"];
        assert_never_our_fault(&world, &world.auth, &paths, "").await;
    }

    /// The same for the other two services.
    async fn random_bodies_never_break_the_other_services(world) {
        let token = world.exchange(&world.code().await).await.access_token();
        let bearer = format!("authorization: Bearer {token}\r\n");
        assert_never_our_fault(&world, &world.resource, &["/photos", "/photos/1"], &bearer).await;
        let paths = ["/code", "/password", "/client-credentials", "/refresh", "/logout", "/callback", "/stats", "/own-client", "/own-client/forget"];
        assert_never_our_fault(&world, &world.client, &paths, "").await;
    }
}
