//! CAF's Mobile API and the SDKs' session tokens.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderValue, Method, StatusCode};
use serde_json::{Value, json};
use support::caf::{ANA, BRUNO, MobileToken, assert_error, get, mobile, picture, post, post_with, register};
use support::cm::{hmac, segment};
use support::{Answer, JSON, builder, call, sandbox};
use verikit_sandbox::{
    CafMobileKey, CafMobileProduct, CafSpoiledResponse, Sandbox, SandboxError, ScriptedAnswer,
};

fn liveness(name: &str) -> Value {
    json!({ "imageUrl": picture(name) })
}

fn authentication(people_id: &str, name: &str) -> Value {
    json!({ "peopleId": people_id, "imageUrl": picture(name) })
}

fn verdict(sandbox: &Sandbox) -> String {
    sandbox.calls().last().unwrap().authentication().to_owned()
}

#[tokio::test]
async fn without_a_token_it_is_400() {
    let sandbox = sandbox().await;
    for path in ["faces/liveness", "faces/register", "faces/authenticate"] {
        let headers = [("content-type", JSON)];
        let body = authentication(ANA, "ana.jpg").to_string();
        let answer = call(Method::POST, &mobile(&sandbox, path), &headers, body.clone()).await;
        assert_error(&answer, 400);
        assert_eq!(verdict(&sandbox), "no Authorization header");
        let headers = [("authorization", ""), ("content-type", JSON)];
        let answer = call(Method::POST, &mobile(&sandbox, path), &headers, body).await;
        assert_error(&answer, 400);
    }
    let answer = call(Method::GET, &mobile(&sandbox, "faces/authenticate/1"), &[], "").await;
    assert_error(&answer, 400);
}

#[tokio::test]
async fn a_token_that_is_wrong_in_any_way_is_401() {
    let sandbox = sandbox().await;
    let good = MobileToken::new(&sandbox);
    let signed = good.signed();
    let (message, signature) = signed.rsplit_once('.').unwrap();
    let claims = message.split_once('.').unwrap().1;
    let unsigned = format!("{}.{claims}.", segment(&json!({ "alg": "none", "typ": "JWT" })));
    let header = |header: Value| good.clone().header(header).signed();
    for (authorization, expected) in [
        (
            format!("Bearer {signed}"),
            "the Authorization header is not a bare JWT",
        ),
        ("token".to_owned(), "JWT: not three segments"),
        (format!("{signed}."), "JWT: not three segments"),
        (unsigned, "JWT: alg is not HS256"),
        (
            header(json!({ "alg": "HS512", "typ": "JWT" })),
            "JWT: alg is not HS256",
        ),
        (
            header(json!({ "alg": "HS256", "typ": "jwt" })),
            "JWT: typ is not JWT",
        ),
        (
            header(json!({ "alg": "HS256" })),
            "JWT: the header is not base64url of alg and typ alone",
        ),
        (
            header(json!({ "alg": "HS256", "typ": "JWT", "kid": "1" })),
            "JWT: the header is not base64url of alg and typ alone",
        ),
        (
            good.clone().without_claim("iss").signed(),
            "JWT: the claims are not base64url of iss, peopleId and exp",
        ),
        (
            good.clone().claim("peopleId", json!(12_345_678_909_u64)).signed(),
            "JWT: the claims are not base64url of iss, peopleId and exp",
        ),
        (
            good.clone().claim("iss", json!("someone")).signed(),
            "JWT: iss is not a known client id",
        ),
        (good.clone().secret("another").signed(), "JWT: wrong signature"),
        (format!("{message}.AAAA"), "JWT: wrong signature"),
        (
            format!("{message}.{signature}="),
            "JWT: the signature is not base64url",
        ),
        (
            good.clone().claim("exp", json!("1714641071")).signed(),
            "JWT: exp is not a whole number of seconds",
        ),
        (
            good.clone().claim("exp", json!(1_714_641_071_000_u64)).signed(),
            "JWT: exp is in milliseconds",
        ),
        (
            good.clone().claim("exp", json!(1_714_641_011)).signed(),
            "JWT: expired",
        ),
    ] {
        let answer = post_with(&sandbox, "faces/liveness", &authorization, &liveness("ana.jpg")).await;
        assert_error(&answer, 401);
        assert_eq!(verdict(&sandbox), expected);
    }
    for good in [
        good.clone(),
        good.clone().without_claim("exp"),
        good.claim("peopleId", json!(ANA)),
    ] {
        let answer = post_with(&sandbox, "faces/liveness", &good.signed(), &liveness("ana.jpg")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(verdict(&sandbox), "JWT ok");
    }
}

/// The contract's own tokens (contract caf, 9), which no code of this workspace made.
#[tokio::test]
async fn the_contracts_tokens_are_taken() {
    const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
    const BOUND: &str = "eyJpc3MiOiJjbGlfMGExYjJjM2Q0ZTVmNjA3MTgyOTNhNGI1IiwicGVvcGxlSWQiOiIxMjM0NTY3ODkwOSIsImV4cCI6\
                         MTg5MzQ1NjAwMH0";
    const SHORTEST: &str = "eyJpc3MiOiJjbGlfMGExYjJjM2Q0ZTVmNjA3MTgyOTNhNGI1In0";
    let started = async |secret: &str| {
        let key = CafMobileKey::new("cli_0a1b2c3d4e5f60718293a4b5", secret);
        builder().caf_mobile_key(key).start().await.unwrap()
    };
    let sandbox = started("example-client-secret-do-not-use-0123456789").await;
    let status = async |sandbox: &Sandbox, claims: &str, signature: &str| {
        let token = format!("{HEADER}.{claims}.{signature}");
        let answer = post_with(sandbox, "faces/liveness", &token, &liveness("ana.jpg")).await;
        answer.status.as_u16()
    };
    let bound = "TZIKKL0bfm-FbNwBi0k7iZ9x7XKjrFZ0yHpixePl7Ww";
    assert_eq!(status(&sandbox, BOUND, bound).await, 200);
    let shortest = "G5ec2xvAK2S9moHRAaBZP3erlpZFZxVuBK2MGOf2vY4";
    assert_eq!(status(&sandbox, SHORTEST, shortest).await, 200);
    assert_eq!(status(&sandbox, SHORTEST, bound).await, 401);
    let until_2030 = SystemTime::UNIX_EPOCH + Duration::from_secs(1_893_456_000);
    sandbox.clock().set(until_2030);
    assert_eq!(status(&sandbox, BOUND, bound).await, 401);
    assert_eq!(status(&sandbox, SHORTEST, shortest).await, 200);

    // A secret that looks like base64 is used as it is.
    let sandbox = started("c2VjcmV0LXNlY3JldC1zZWNyZXQ=").await;
    let raw = "9aBFcgRbmGvzgNCk8iwFRGiA2PI09Ii30UbhpndpBWE";
    assert_eq!(status(&sandbox, BOUND, raw).await, 200);
    let decoded = "Os4m7n2TnFvVgOmM7X9zHdhw2EoPXAm6k82JBjum8IE";
    assert_eq!(status(&sandbox, BOUND, decoded).await, 401);
}

#[tokio::test]
async fn a_token_expires_by_the_sandboxs_clock() {
    let sandbox = sandbox().await;
    let token = MobileToken::new(&sandbox).signed();
    sandbox.clock().advance(Duration::from_secs(59));
    let answer = post_with(&sandbox, "faces/liveness", &token, &liveness("ana.jpg")).await;
    assert_eq!(answer.status, 200);
    sandbox.clock().advance(Duration::from_secs(1));
    let answer = post_with(&sandbox, "faces/liveness", &token, &liveness("ana.jpg")).await;
    assert_error(&answer, 401);
}

#[tokio::test]
async fn a_key_runs_its_products_alone() {
    let key = CafMobileKey::new("only-liveness", "its secret").products([CafMobileProduct::FaceLiveness]);
    let sandbox = builder().caf_mobile_key(key).start().await.unwrap();
    let token = MobileToken::new(&sandbox)
        .claim("iss", json!("only-liveness"))
        .secret("its secret")
        .signed();
    let answer = post_with(&sandbox, "faces/liveness", &token, &liveness("ana.jpg")).await;
    assert_eq!(answer.status, 200);
    for path in ["faces/register", "faces/authenticate"] {
        let answer = post_with(&sandbox, path, &token, &authentication(ANA, "ana.jpg")).await;
        assert_error(&answer, 401);
        assert_eq!(
            verdict(&sandbox),
            "JWT: the Mobile Key does not cover the product"
        );
    }
    assert_error(&get(&sandbox, "faces/authenticate/1", &token).await, 401);

    let twice = || CafMobileKey::new("twice", "secret");
    let refused = builder()
        .caf_mobile_key(twice())
        .caf_mobile_key(twice())
        .start()
        .await;
    assert!(matches!(refused, Err(SandboxError::DuplicateMobileKey)));
}

#[tokio::test]
async fn a_bound_token_is_about_one_person() {
    let sandbox = sandbox().await;
    register(&sandbox, ANA, "ana.jpg").await;
    register(&sandbox, BRUNO, "bruno.jpg").await;
    let token = MobileToken::new(&sandbox).claim("peopleId", json!(ANA)).signed();
    let own = post_with(
        &sandbox,
        "faces/authenticate",
        &token,
        &authentication(ANA, "ana.jpg"),
    )
    .await;
    assert_eq!(own.json()["isMatch"], true);
    let body = authentication(BRUNO, "bruno.jpg");
    let others = post_with(&sandbox, "faces/authenticate", &token, &body).await;
    assert_error(&others, 401);
    assert_eq!(verdict(&sandbox), "JWT: peopleId is another person's");
    assert_error(&post_with(&sandbox, "faces/register", &token, &body).await, 401);
    let person = json!({ "imageUrl": picture("bruno.jpg"), "person": { "cpf": BRUNO } });
    assert_error(&post_with(&sandbox, "faces/liveness", &token, &person).await, 401);
    let bruno = post(&sandbox, "faces/authenticate", &body).await;
    assert_eq!(bruno.json()["isMatch"], true);
    let attempt = sandbox.caf().mobile().attempts()[1].id().to_owned();
    let path = format!("faces/authenticate/{attempt}");
    assert_error(&get(&sandbox, &path, &token).await, 401);
}

#[tokio::test]
async fn liveness_goes_by_the_name_of_the_file() {
    let sandbox = sandbox().await;
    for (name, is_alive, message) in [
        ("ana.jpg", true, json!(null)),
        ("ana-spoof.jpg", false, json!(null)),
        (
            "ana-many-faces.bmp",
            false,
            json!("Sua foto deve conter apenas um rosto"),
        ),
        (
            "ana-too-close.jpeg",
            false,
            json!("Seu rosto está muito próximo da câmera"),
        ),
        (
            "no-face.png",
            false,
            json!("Não encontramos nenhum rosto na imagem"),
        ),
        ("ana-too-small.jpg", false, json!("Seu rosto está muito pequeno")),
        (
            "ana-not-aligned.jpg",
            false,
            json!("Seu rosto não está alinhado à câmera"),
        ),
    ] {
        let person = json!({ "cpf": ANA, "name": "Ana Teste" });
        let body = json!({ "imageUrl": picture(name), "person": person });
        let answer = post(&sandbox, "faces/liveness", &body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (200, JSON)
        );
        let found = answer.json();
        assert_eq!(
            (&found["isAlive"], &found["message"], &found["person"]),
            (&json!(is_alive), &message, &person),
            "{name}"
        );
        assert!(found["requestId"].is_string(), "{found}");
        assert_eq!(found["attemptId"].as_str().unwrap().len(), 24, "{found}");
    }
    let answer = post(&sandbox, "faces/liveness", &liveness("ana.jpg")).await;
    assert!(answer.json().get("person").is_none());
}

#[tokio::test]
async fn a_face_is_remembered_and_compared() {
    let sandbox = sandbox().await;
    let unknown = post(&sandbox, "faces/authenticate", &authentication(ANA, "ana.jpg")).await;
    assert_error(&unknown, 404);
    register(&sandbox, ANA, "ana.jpg").await;
    register(&sandbox, BRUNO, "bruno.png").await;
    let device =
        json!({ "operatingSystem": "Android", "fingerprint": "f", "manufacturer": "m", "model": "x" });
    for (people_id, name, is_match) in [
        (ANA, "ana.jpg", true),
        (ANA, "ana-2.jpg", true),
        (ANA, "bruno.jpg", false),
        (ANA, "ana-spoof.jpg", false),
        (ANA, "no-face.jpg", false),
        (BRUNO, "bruno-7.jpg", true),
        (BRUNO, "ana.jpg", false),
    ] {
        let mut body = authentication(people_id, name);
        body["device"] = device.clone();
        let answer = post(&sandbox, "faces/authenticate", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let found = answer.json();
        assert_eq!(found["isMatch"], is_match, "{people_id} {name}");
        let members: Vec<&String> = found.as_object().unwrap().keys().collect();
        assert_eq!(members, ["isMatch", "requestId"]);
    }
    // A newer picture replaces the older one.
    register(&sandbox, ANA, "anita.jpg").await;
    let answer = post(&sandbox, "faces/authenticate", &authentication(ANA, "ana.jpg")).await;
    assert_eq!(answer.json()["isMatch"], false);
    let caf = sandbox.caf().mobile();
    assert_eq!((caf.registered_faces(), caf.attempts().len()), (2, 8));
    assert_eq!(caf.registered_image_url(ANA), Some(picture("anita.jpg")));
}

#[tokio::test]
async fn an_attempt_can_be_looked_up() {
    let sandbox = sandbox().await;
    register(&sandbox, ANA, "ana.jpg").await;
    post(&sandbox, "faces/authenticate", &authentication(ANA, "ana-2.jpg")).await;
    post(
        &sandbox,
        "faces/authenticate",
        &authentication(ANA, "ana-spoof.jpg"),
    )
    .await;
    let attempts = sandbox.caf().mobile().attempts();
    let token = MobileToken::new(&sandbox).signed();
    let read = async |id: &str| get(&sandbox, &format!("faces/authenticate/{id}"), &token).await;
    let body = read(attempts[0].id()).await.json();
    assert!(body["requestId"].is_string());
    let mut data = body["data"].clone();
    let origin = data.as_object_mut().unwrap().remove("executionOriginId").unwrap();
    assert_eq!(origin.as_str().unwrap().len(), 24);
    assert_eq!(
        data,
        json!({
            "id": attempts[0].id(),
            "createdAt": "2024-05-02T09:10:11.000Z",
            "peopleId": ANA,
            "sourceIp": "192.0.2.17",
            "registeredImageUrl": picture("ana.jpg"),
            "receivedImageUrl": picture("ana-2.jpg"),
            "faceMatch": { "similarity": 0.999_999_8, "isFaceMatch": true },
            "liveness": { "probability": 1, "isAlive": true },
            "isMatch": true,
        })
    );
    let spoof = read(attempts[1].id()).await.json();
    assert_eq!(spoof["data"]["faceMatch"]["isFaceMatch"], true);
    assert_eq!(spoof["data"]["liveness"]["isAlive"], false);
    assert_eq!(spoof["data"]["isMatch"], false);
    assert!(!attempts[1].is_match());
    assert_error(&read("64b0c0ffee00000000000001").await, 404);
    // Liveness has attempts of its own kind.
    let alive = post(&sandbox, "faces/liveness", &liveness("ana.jpg")).await;
    assert_error(&read(alive.json()["attemptId"].as_str().unwrap()).await, 404);
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    let sandbox = sandbox().await;
    let masked = "123.456.789-09";
    for (path, body, status) in [
        ("faces/liveness", json!({}), 400),
        ("faces/liveness", json!({ "imageUrl": null }), 400),
        ("faces/liveness", json!({ "imageUrl": "ana.jpg" }), 400),
        ("faces/liveness", liveness("ana.gif"), 400),
        (
            "faces/liveness",
            json!({ "imageUrl": "https://nowhere.invalid/ana.jpg" }),
            400,
        ),
        (
            "faces/liveness",
            json!({ "imageUrl": picture("a.jpg"), "person": { "cpf": 1 } }),
            400,
        ),
        (
            "faces/liveness",
            json!({ "imageUrl": picture("a.jpg"), "person": { "cpf": masked } }),
            400,
        ),
        ("faces/register", authentication(masked, "ana.jpg"), 400),
        ("faces/register", authentication("1234567890", "ana.jpg"), 400),
        ("faces/register", json!({ "peopleId": ANA }), 400),
        ("faces/register", authentication(ANA, "no-face.jpg"), 400),
        ("faces/register", authentication(ANA, "ana-many-faces.jpg"), 400),
        (
            "faces/authenticate",
            json!({ "imageUrl": picture("ana.jpg") }),
            400,
        ),
        ("faces/authenticate", json!({ "peopleId": ANA }), 400),
        (
            "faces/authenticate?shouldSignResponse=yes",
            authentication(ANA, "ana.jpg"),
            400,
        ),
        ("faces/nothing", json!({}), 404),
    ] {
        assert_error(&post(&sandbox, path, &body).await, status);
    }
    let device = json!({ "peopleId": ANA, "imageUrl": picture("a.jpg"), "device": { "model": 1 } });
    assert_error(&post(&sandbox, "faces/authenticate", &device).await, 400);
    let token = MobileToken::new(&sandbox).signed();
    let text = [("authorization", token.as_str()), ("content-type", "text/plain")];
    let answer = call(Method::POST, &mobile(&sandbox, "faces/register"), &text, "{}").await;
    assert_error(&answer, 415);
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let answer = call(method, &mobile(&sandbox, "faces/register"), &text, "").await;
        assert_error(&answer, 405);
    }
    let answer = call(Method::POST, &mobile(&sandbox, "faces/authenticate/1"), &text, "").await;
    assert_error(&answer, 405);
    assert_eq!(sandbox.caf().mobile().registered_faces(), 0);
    // Check digits are nobody's business here: the vendor's own samples fail them.
    register(&sandbox, "00011122233", "carla.jpg").await;
}

/// The payload of a signed answer, after its signature was checked.
#[track_caller]
fn payload(sandbox: &Sandbox, answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let token = answer.text();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let code = hmac(sandbox.caf().mobile_client_secret(), message.as_bytes());
    assert_eq!(signature, URL_SAFE_NO_PAD.encode(code));
    let (header, claims) = message.split_once('.').unwrap();
    assert_eq!(decoded(header), json!({ "alg": "HS256", "typ": "JWT" }));
    decoded(claims)
}

fn decoded(segment: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(segment).unwrap()).unwrap()
}

const SIGNED: &str = "faces/authenticate?shouldSignResponse=true";

#[tokio::test]
async fn an_answer_is_signed_if_that_is_asked_for() {
    let sandbox = sandbox().await;
    register(&sandbox, ANA, "ana.jpg").await;
    let ana = authentication(ANA, "ana-2.jpg");
    let answer = post(&sandbox, SIGNED, &ana).await;
    assert!(!answer.header("content-type").contains("json"));
    let claims = payload(&sandbox, &answer);
    assert_eq!(claims["isMatch"], true);
    assert_eq!(claims["iat"], 1_714_641_011);
    assert_eq!(claims.as_object().unwrap().len(), 3, "{claims}");
    assert!(claims["requestId"].is_string());

    let body = liveness("ana-too-small.jpg");
    let answer = post(&sandbox, "faces/liveness?shouldSignResponse=true", &body).await;
    let claims = payload(&sandbox, &answer);
    assert_eq!(
        (&claims["isAlive"], &claims["message"]),
        (&json!(false), &json!("Seu rosto está muito pequeno"))
    );

    for path in [
        "faces/authenticate?shouldSignResponse=false",
        "faces/authenticate?shouldSingResponse=true",
        "faces/register?shouldSignResponse=true",
    ] {
        assert_eq!(
            post(&sandbox, path, &ana).await.header("content-type"),
            JSON,
            "{path}"
        );
    }
    // An error is not signed.
    assert_error(
        &post(&sandbox, SIGNED, &authentication(BRUNO, "bruno.jpg")).await,
        404,
    );
}

#[tokio::test]
async fn a_signed_answer_can_be_spoiled_once() {
    let sandbox = sandbox().await;
    register(&sandbox, ANA, "ana.jpg").await;
    let body = authentication(ANA, "bruno.jpg");
    let spoiled = async |flaw| {
        sandbox.caf().mobile().spoil_next_signed_response(flaw);
        post(&sandbox, SIGNED, &body).await
    };
    let claims = |answer: &Answer| decoded(answer.text().split('.').nth(1).unwrap());
    let is_signed = |answer: &Answer| {
        let token = answer.text();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let code = hmac(sandbox.caf().mobile_client_secret(), message.as_bytes());
        signature == URL_SAFE_NO_PAD.encode(code)
    };

    let answer = spoiled(CafSpoiledResponse::Tampered).await;
    assert_eq!(claims(&answer)["isMatch"], true);
    assert!(!is_signed(&answer));
    assert_eq!(answer.text().split('.').nth(2).unwrap().len(), 43);

    let answer = spoiled(CafSpoiledResponse::Unsigned).await;
    assert_eq!(
        (answer.header("content-type"), &answer.json()["isMatch"]),
        (JSON, &json!(true))
    );

    let answer = spoiled(CafSpoiledResponse::AlgorithmNone).await;
    let token = answer.text();
    assert_eq!(decoded(token.split('.').next().unwrap())["alg"], "none");
    assert!(token.ends_with('.') && token.split('.').count() == 3, "{token}");
    assert_eq!(claims(&answer)["isMatch"], true);

    let answer = spoiled(CafSpoiledResponse::WrongKey).await;
    assert_eq!(claims(&answer)["isMatch"], true);
    assert!(!is_signed(&answer));

    let answer = spoiled(CafSpoiledResponse::WithIssuer).await;
    let found = payload(&sandbox, &answer);
    assert_eq!(found["iss"], sandbox.caf().mobile_client_id());
    assert_eq!(found["isMatch"], false);

    let answer = spoiled(CafSpoiledResponse::RequestToken).await;
    assert_eq!(answer.text(), MobileToken::new(&sandbox).signed());

    let answer = spoiled(CafSpoiledResponse::Expired).await;
    assert_eq!(payload(&sandbox, &answer)["exp"], 1_714_641_011 - 3600);

    let answer = spoiled(CafSpoiledResponse::WithoutVerdict).await;
    let found = payload(&sandbox, &answer);
    assert!(found.get("isMatch").is_none() && found["requestId"].is_string());

    // Once; and an answer that is not to be signed does not use it up.
    assert_eq!(
        payload(&sandbox, &post(&sandbox, SIGNED, &body).await)["isMatch"],
        false
    );
    sandbox
        .caf()
        .mobile()
        .spoil_next_signed_response(CafSpoiledResponse::Tampered);
    let plain = post(&sandbox, "faces/authenticate", &body).await;
    assert_eq!(plain.json()["isMatch"], false);
    assert!(!is_signed(&post(&sandbox, SIGNED, &body).await));
}

async fn session_token(sandbox: &Sandbox, authorization: Option<&str>) -> Answer {
    let url = sandbox.caf().sdk_url().join("bff/session-tokens").unwrap();
    let header = authorization.map(|value| ("authorization", value));
    call(Method::GET, url.as_str(), header.as_slice(), "").await
}

#[tokio::test]
async fn sdks_get_session_tokens_with_either_form_of_the_header() {
    let sandbox = sandbox().await;
    let bound = MobileToken::new(&sandbox).claim("peopleId", json!(ANA)).signed();
    for (authorization, expected) in [
        (MobileToken::new(&sandbox).signed(), "JWT ok (bare)"),
        (format!("Bearer {bound}"), "JWT ok (Bearer)"),
    ] {
        let answer = session_token(&sandbox, Some(&authorization)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(verdict(&sandbox), expected);
        let body = answer.json();
        assert!(body["requestId"].is_string());
        let session = sandbox.caf().sdk_sessions().pop().unwrap();
        assert_eq!(body["sessionToken"], session.token());
        assert_eq!(session.client_id(), sandbox.caf().mobile_client_id());
    }
    let sessions = sandbox.caf().sdk_sessions();
    let people: Vec<_> = sessions.iter().map(|session| session.people_id()).collect();
    assert_eq!(people, [None, Some(ANA)]);
    assert_ne!(sessions[0].token(), sessions[1].token());

    assert_error(&session_token(&sandbox, None).await, 401);
    let stale = MobileToken::new(&sandbox).claim("exp", json!(1)).signed();
    for refused in ["", "x", "Basic x", &stale, &format!("Bearer {stale}")] {
        assert_error(&session_token(&sandbox, Some(refused)).await, 401);
    }
    let busy = ScriptedAnswer::new(StatusCode::TOO_MANY_REQUESTS)
        .header(http::header::RETRY_AFTER, HeaderValue::from_static("2"))
        .for_host("web.us.prd.caf.io");
    sandbox.caf().answer_next(busy);
    let answer = session_token(&sandbox, Some(&bound)).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "2"));
    assert_eq!(sandbox.caf().sdk_sessions().len(), 2);
}

#[tokio::test]
async fn nobody_is_in_debug_output() {
    let sandbox = sandbox().await;
    register(&sandbox, ANA, "ana.jpg").await;
    post(&sandbox, SIGNED, &authentication(ANA, "ana-2.jpg")).await;
    let bound = MobileToken::new(&sandbox).claim("peopleId", json!(ANA)).signed();
    session_token(&sandbox, Some(&bound)).await;
    let caf = sandbox.caf();
    let sessions = caf.sdk_sessions();
    let key = CafMobileKey::new("id", caf.mobile_client_secret());
    let all = format!(
        "{sandbox:?} {caf:?} {:?} {:?} {sessions:?} {key:?}",
        caf.mobile(),
        caf.mobile().attempts()
    );
    for hidden in [
        ANA,
        "ana-2",
        caf.mobile_client_secret(),
        caf.core_token(),
        sessions[0].token(),
    ] {
        assert!(!all.contains(hidden), "{all}");
    }
}
