//! Identomat.

use identomat::{Client, HmacSigner, MediaKind, SessionToken};

use super::{Called, Connect, Connection, FILE, Operation, configured, operation};

const BEGUN: &str = r#""0123456789abcdefghij0123456789abcdefghij""#;
const RESULT: &str = r#"{"result":"in_progress"}"#;

fn token() -> SessionToken {
    SessionToken::new("0123456789abcdefghij0123456789abcdefghij").unwrap()
}

/// The list. A new operation joins with one entry.
#[rustfmt::skip]
pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation!(Once Secret "session.begin", "POST /external-api/begin/", 200 BEGUN,
            |client: Client| client.sessions().begin()),
        operation!(Safe Secret "session.result", "POST /external-api/result/", 200 RESULT,
            |client: Client| client.sessions().result(&token())),
        operation!(Safe Secret "session.delete", "POST /external-api/delete/", 200 RESULT,
            |client: Client| client.sessions().delete(&token())),
        operation!(Safe Secret "media.card_front", "POST /external-api/result/card-front/", 200 FILE,
            |client: Client| client.media().get(MediaKind::CardFront, &token())),
        operation!(Safe Secret "media.card_back", "POST /external-api/result/card-back/", 200 FILE,
            |client: Client| client.media().get(MediaKind::CardBack, &token())),
        operation!(Safe Secret "media.passport", "POST /external-api/result/passport/", 200 FILE,
            |client: Client| client.media().get(MediaKind::Passport, &token())),
        operation!(Safe Secret "media.face", "POST /external-api/result/face/", 200 FILE,
            |client: Client| client.media().get(MediaKind::Face, &token())),
        operation!(Safe Secret "media.face_video", "POST /external-api/result/face-video/", 200 FILE,
            |client: Client| client.media().get(MediaKind::FaceVideo, &token())),
        operation!(Safe Secret stream "media.face_video", "POST /external-api/result/face-video/", 200 FILE,
            |client: Client| client.media().stream(MediaKind::FaceVideo, &token())),
        operation!(Once Secret "raw.json", "POST /external-api/some/path/", 200 RESULT,
            |client: Client| client.call_json("some/path/", &()).session(&token())),
        operation!(Once Secret "raw.bytes", "POST /external-api/some/path/", 200 FILE,
            |client: Client| client.call_bytes("some/path/", &())),
        operation!(Once Secret stream "raw.bytes", "POST /external-api/some/path/", 200 FILE,
            |client: Client| client.call_bytes("some/path/", &()).stream()),
    ]
}

/// The same with HMAC, where a stream too is read whole, and may be asked for again, before it is handed out:
/// it is played like a call, and no entry is a `stream`.
#[rustfmt::skip]
pub(crate) fn signed() -> Vec<Operation> {
    vec![
        operation!(Once Secret "session.begin", "POST /external-api/begin/", 200 BEGUN,
            |client: Signing| client.0.sessions().begin()),
        operation!(Safe Secret "session.result", "POST /external-api/result/", 200 RESULT,
            |client: Signing| client.0.sessions().result(&token())),
        operation!(Safe Secret "session.delete", "POST /external-api/delete/", 200 RESULT,
            |client: Signing| client.0.sessions().delete(&token())),
        operation!(Safe Secret "media.face", "POST /external-api/result/face/", 200 FILE,
            |client: Signing| client.0.media().get(MediaKind::Face, &token())),
        operation!(Safe Secret "media.face_video", "POST /external-api/result/face-video/", 200 FILE,
            |client: Signing| async { client.0.media().stream(MediaKind::FaceVideo, &token()).await?.bytes().await }),
        operation!(Once Secret "raw.bytes", "POST /external-api/some/path/", 200 FILE,
            |client: Signing| async { client.0.call_bytes("some/path/", &()).stream().await?.bytes().await }),
    ]
}

const SECRET_KEY: &str = "test-secret-key-0001";

pub(crate) fn signature(body: &str) -> http::HeaderValue {
    let signer = HmacSigner::new(SECRET_KEY).unwrap();
    HmacSigner::authorization(&signer.sign(body.as_bytes())).unwrap()
}

/// A client with HMAC.
#[derive(Clone)]
struct Signing(Client);

impl Connect for Signing {
    const PROVIDER: &'static str = "identomat with HMAC";
    const TOKEN_LINE: Option<&'static str> = None;

    fn connect(connection: &Connection) -> Self {
        let config = Client::builder("company-key-1").secret_key(SECRET_KEY);
        Self(configured!(config, connection, "/external-api/"))
    }

    fn fetch_token(&self) -> Option<Called> {
        None
    }

    fn tokens_signed(&self) -> Option<u64> {
        None
    }
}

impl Connect for Client {
    const PROVIDER: &'static str = "identomat";
    const TOKEN_LINE: Option<&'static str> = None;

    fn connect(connection: &Connection) -> Self {
        configured!(Client::builder("company-key-1"), connection, "/external-api/")
    }

    fn fetch_token(&self) -> Option<Called> {
        None
    }

    fn tokens_signed(&self) -> Option<u64> {
        None
    }
}
