//! What is sent to the token endpoint, and what its answers are read as.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

#[test]
fn the_credentials_travel_in_one_place_and_in_the_form_that_was_asked_for() {
    let basic = |text: &str| Some(format!("Basic {}", STANDARD.encode(text)));
    let form = "grant_type=client_credentials&scope=read+write";
    for (authentication, body, authorization) in [
        (
            ClientAuthentication::Basic,
            form.to_owned(),
            basic("my+id:s3cr3t%2F%2B"),
        ),
        (
            ClientAuthentication::BasicUnencoded,
            form.to_owned(),
            basic("my id:s3cr3t/+"),
        ),
        (
            ClientAuthentication::Body,
            format!("{form}&client_id=my+id&client_secret=s3cr3t%2F%2B"),
            None,
        ),
    ] {
        let bench = Bench::with(authentication, token, fine);
        bench.run().unwrap();
        let requests = bench.asked.token_requests.lock().unwrap();
        assert_eq!(*requests, [(body, authorization)], "{authentication:?}");
    }
}

#[test]
fn a_token_of_another_shape_is_an_unreadable_answer_and_nothing_is_sent() {
    let with = |token: &str, kind: &str| {
        format!(r#"{{"access_token":{token},"token_type":{kind},"expires_in":60}}"#)
    };
    for body in [
        with(r#""""#, r#""bearer""#),
        with(r#""a b""#, r#""bearer""#),
        with(r#""a\nX-Evil: 1""#, r#""bearer""#),
        with(r#""a\u0000""#, r#""bearer""#),
        with(r#""gr\u00fcn""#, r#""bearer""#),
        with("7", r#""bearer""#),
        with("null", r#""bearer""#),
        with(r#""abc""#, r#""mac""#),
        with(r#""abc""#, r#""bearer ""#),
        with(r#""abc""#, "null"),
        r#"{"access_token":"abc"}"#.to_owned(),
        r#"{"token_type":"bearer"}"#.to_owned(),
        r#"{"access_token":"abc","access_token":"def","token_type":"bearer"}"#.to_owned(),
        r#"["abc","bearer",60]"#.to_owned(),
        String::from("<html>abc</html>"),
        String::new(),
        "[".repeat(5000),
    ] {
        let said = body.clone();
        let bench = Bench::new(move |_| says(200, said.clone()), fine);
        let error = bench.run().unwrap_err();
        assert!(error.is_decode(), "{body}: {error}");
        assert_eq!(
            (error.delivery(), error.attempts()),
            (Delivery::NotSent, 0),
            "{body}"
        );
        assert_eq!(
            (error.operation(), error.step()),
            ("check.create", Some("oauth2.token")),
            "{body}"
        );
        assert!(error.to_string().contains("token"), "{error}");
        assert!(bench.asked.calls().is_empty(), "{body}");
        assert_eq!(bench.asked.token_requests(), 1, "{body}");
        let shown = format!("{error} {error:#} {error:?}");
        assert!(!shown.contains("abc") && !shown.contains("Evil"), "{shown}");
    }
}

#[test]
fn the_type_is_compared_without_case_and_unknown_members_do_no_harm() {
    for kind in ["Bearer", "BEARER", "bearer"] {
        let body = format!(r#"{{"new":[1],"token_type":"{kind}","access_token":"t-1","scope":"x"}}"#);
        let bench = Bench::new(move |_| says(200, body.clone()), fine);
        bench.run().unwrap();
        assert_eq!(bench.asked.calls(), ["t-1"]);
    }
}

#[test]
fn a_refused_client_is_an_auth_error_that_names_the_step_and_no_secret() {
    for (status, body, is_auth) in [
        (
            400,
            r#"{"error":"invalid_client","error_description":"my id / s3cr3t/+"}"#,
            true,
        ),
        (401, r#"{"error":"invalid_client"}"#, true),
        (400, r#"{"error":"invalid_scope"}"#, true),
        (400, r#"{"error":"unauthorized_client"}"#, true),
        (401, "", true),
        (403, "<html>s3cr3t/+</html>", true),
        (400, r#"{"error":"invalid_request"}"#, false),
        (404, "", false),
        (503, r#"{"error":"invalid_client"}"#, false),
    ] {
        let bench = Bench::new(move |_| says(status, body), fine);
        let error = bench.run().unwrap_err();
        assert_eq!(error.is_auth(), is_auth, "{status} {body}");
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 0));
        assert!(error.is_safe_to_repeat());
        assert_eq!((error.provider(), error.operation()), ("example", "check.create"));
        let shown = format!("{error} {error:#} {error:?}");
        assert!(
            error
                .to_string()
                .starts_with("example check.create: oauth2.token: answered"),
            "{error}"
        );
        assert!(!shown.contains("s3cr3t") && !shown.contains("my id"), "{shown}");
        assert!(bench.asked.calls().is_empty());
    }
}

#[test]
fn a_fetch_has_its_own_three_attempts_and_its_own_fifteen_seconds() {
    let eager = RetryPolicy::default().max_attempts(50);
    let bench = Bench::new(|_| says(503, ""), fine);
    let call = bench.call().retry(eager.clone());
    assert!(drive(&bench.clock, call.send()).is_err());
    assert_eq!(bench.asked.token_requests(), 3);

    let bench = Bench::new(|_| says(200, "").after(3600), fine);
    let began = bench.clock.now();
    let error = drive(
        &bench.clock,
        bench.call().retry(eager).timeout(60 * SECOND).send(),
    )
    .unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(bench.clock.now() - began <= FETCH_TIMEOUT);
    assert_eq!(
        bench.asked.token_requests(),
        2,
        "one silent connection leaves time for another"
    );
}

#[test]
fn a_token_request_does_not_queue_behind_the_calls_that_wait_for_it() {
    let clock = ManualClock::new();
    let asked = Arc::new(Asked::default());
    let transport = provider(
        &clock,
        &asked,
        |number| token(number).after(1),
        |token| fine(token).after(2),
    );
    let settings = Settings::default()
        .transport(transport)
        .clock(clock.shared())
        .max_in_flight(1);
    let client = Client::new(settings).unwrap();
    let base = "https://api.example.com";
    let endpoint = OAuth2Endpoint::new(
        Realm::builder("example", base),
        "id",
        Secret::new("secret"),
        ClientAuthentication::Basic,
    );
    let fetcher = ClientCredentials::new(&client, endpoint.unwrap(), "/token", "");
    let cache = TokenCache::new(Arc::new(fetcher), clock.shared());
    let bearer = Arc::new(Bearer::new(cache.clone()));
    let realm = Realm::builder("example", base).authorize(bearer).build().unwrap();
    let operation = || Operation::post("check.create", &realm, "/checks", &[]).unwrap();
    // The only place is taken by a call that outlasts the token.
    drive(&clock, client.call_raw(operation()).send()).unwrap();
    let mut holder = Box::pin(client.call_raw(operation()).send());
    assert!(holder.as_mut().now_or_never().is_none());
    cache.forget();
    let began = clock.now();
    drive(&clock, cache.token()).unwrap();
    assert_eq!(
        clock.now() - began,
        SECOND,
        "the token comes while the place is taken"
    );
    drive(&clock, holder).unwrap();
}
