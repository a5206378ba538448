//! The callback server of the examples, over real HTTP, with callbacks that a platform of the test's own
//! signs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "tests"
)]

#[path = "../examples/callback_server.rs"]
mod callback_server;
#[path = "callbacks/support.rs"]
mod support;

use bytes::Bytes;
use callback_server::Checks;
use idlayr::CheckId;
use idlayr::testing::Step;
use idlayr::transport::{BundledTransport, Transport as _};
use support::{FORGED, ID, KEYS, NOW, Sent, Way, World, completed, published};

struct Served {
    world: World,
    checks: Checks,
    transport: BundledTransport,
    server: String,
}

impl Served {
    async fn start(steps: impl IntoIterator<Item = Step>) -> Self {
        let (world, checks) = (World::new(steps), Checks::default());
        checks.began(&id());
        let router = callback_server::router(world.callbacks.clone(), checks.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let transport = BundledTransport::builder()
            .dangerously_allow_plain_http(true)
            .build()
            .unwrap();
        Self {
            world,
            checks,
            transport,
            server,
        }
    }

    async fn deliver(&self, sent: &Sent) -> u16 {
        let mut request = http::Request::builder()
            .method(sent.method)
            .uri(format!("{}{}", self.server, sent.target))
            .header("authorization", sent.authorization());
        for (name, value) in sent.headers.iter().filter(|(name, _)| name != "host") {
            request = request.header(name, value);
        }
        let request = request.body(Bytes::from(sent.body.clone())).unwrap();
        self.transport.send(request).await.unwrap().status().as_u16()
    }
}

fn id() -> CheckId {
    CheckId::new(ID).unwrap()
}

#[tokio::test]
async fn a_callback_ends_its_check_once() {
    let served = Served::start([published()]).await;
    assert_eq!(served.checks.result(&id()), None);
    for _ in 0..3 {
        // Each with another signature: EC signatures differ from one to the next.
        let sent = Sent::unsigned(&completed())
            .key("p256-1", "ecdsa-sha256")
            .sign(&KEYS, Way::P256Der);
        assert_eq!(served.deliver(&sent).await, 200);
    }
    assert_eq!(served.checks.result(&id()), Some(Some(true)));
    assert_eq!((served.checks.handled(), served.world.fetches()), (1, 1));
}

/// Another customer of the platform can have his callbacks sent here, signed for this host.
#[tokio::test]
async fn a_callback_about_a_check_of_somebody_else_is_not_remembered() {
    const OTHER: &str = "7d1c9e52-88aa-4f0b-b1c2-0f9e8d7c6b5a";
    let served = Served::start([published()]).await;
    let sent = Sent::unsigned(&completed().replace(ID, OTHER)).sign(&KEYS, Way::Rsa256);
    assert_eq!(served.deliver(&sent).await, 200);
    let other = CheckId::new(OTHER).unwrap();
    assert_eq!((served.checks.result(&other), served.checks.handled()), (None, 0));

    // It is only heard of before it is known here.
    served.checks.began(&other);
    assert_eq!(served.deliver(&sent).await, 200);
    assert_eq!(served.checks.result(&other), Some(Some(true)));
    assert_eq!(served.checks.handled(), 1);
}

#[tokio::test]
async fn what_is_not_the_platforms_changes_nothing() {
    let served = Served::start([published()]).await;
    let forged = Sent::unsigned(&completed()).sign(&FORGED, Way::Rsa256);
    let changed = Sent {
        body: completed() + " ",
        ..Sent::good()
    };
    let moved = Sent {
        target: "/idlayr/callback?shop=8".to_owned(),
        ..Sent::good()
    };
    for sent in [forged, changed, moved] {
        assert_eq!(served.deliver(&sent).await, 401);
    }
    let long = Sent {
        body: " ".repeat(65 * 1024),
        ..Sent::good()
    };
    assert_eq!(served.deliver(&long).await, 413);
    assert_eq!((served.checks.result(&id()), served.checks.handled()), (None, 0));
}

#[tokio::test]
async fn what_cannot_be_judged_now_is_asked_for_again() {
    let served = Served::start([Step::answer(404, ""), published()]).await;
    assert_eq!(served.deliver(&Sent::good()).await, 503);
    served.world.clock.advance(std::time::Duration::from_secs(10));
    assert_eq!(served.deliver(&Sent::good()).await, 200);
    assert_eq!(served.checks.result(&id()), Some(Some(true)));
}

#[tokio::test]
async fn a_redirect_is_taken_unless_its_signature_is_wrong() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let served = Served::start([published()]).await;
    let target = format!("/idlayr/done?check_id={ID}&code=4fa09c17be");
    let sent = Sent {
        method: "GET",
        target: target.clone(),
        ..Sent::unsigned("")
    };
    assert_eq!(served.deliver(&sent).await, 200, "unsigned");
    let signed = sent
        .clone()
        .names(&["(request-target)", "host", "date"])
        .sign(&KEYS, Way::Rsa256);
    let text = |text: &str| STANDARD.encode(text).replace('+', "%2B").replace('=', "%3D");
    let query = format!(
        "authorization={}&date={}",
        text(&signed.authorization()),
        text(NOW)
    );
    let of = |target: &str| Sent {
        target: format!("{target}&{query}"),
        ..sent.clone()
    };
    assert_eq!(served.deliver(&of(&target)).await, 200);
    assert_eq!(served.deliver(&of(&target.replace("4fa", "4fb"))).await, 401);
    let incomplete = Sent {
        target: "/idlayr/done".to_owned(),
        ..sent
    };
    assert_eq!(served.deliver(&incomplete).await, 400);
}
