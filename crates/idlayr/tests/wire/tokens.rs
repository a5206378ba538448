//! `POST /oauth2/v1/token` and `POST /oauth2/v1/revoke` (contract idlayr, 2).

use idlayr::testing::Step;
use idlayr::{Client, ClientAuthentication, Scope, Secret, TokenKind};

use crate::support::{Asked, FORM, Scripted, TOKEN, Wire, completed, id};

const TOKEN_LINE: &str = "POST /oauth2/v1/token";
const REVOKE_LINE: &str = "POST /oauth2/v1/revoke";

/// Fetches a token and gives what was sent for it.
async fn token_request(wire: &Wire, client: &Client) -> Asked {
    let token = client.tokens().access_token().await.unwrap();
    assert_eq!(token.expose(), TOKEN);
    let mut asked = wire.all();
    assert_eq!(asked.len(), 1, "{asked:?}");
    asked.remove(0)
}

#[tokio::test]
async fn a_token_is_asked_for_as_documented() {
    let wire = Wire::start().await;
    token_request(&wire, &wire.client()).await.assert(
        &wire,
        TOKEN_LINE,
        &[
            // base64 of client-1:secret-1
            ("authorization", "Basic Y2xpZW50LTE6c2VjcmV0LTE="),
            ("content-type", FORM),
        ],
        "grant_type=client_credentials&scope=phone_check",
    );
}

#[tokio::test]
async fn scopes_are_joined_by_one_space() {
    let wire = Wire::start().await;
    let client = wire
        .builder()
        .scopes([Scope::PhoneCheck, Scope::Coverage, Scope::from("new_scope")])
        .build()
        .unwrap();
    let asked = token_request(&wire, &client).await;
    assert_eq!(
        asked.body,
        "grant_type=client_credentials&scope=phone_check+coverage+new_scope"
    );
}

/// Computed with Python: base64 of `quote_plus(id) + ":" + quote_plus(secret)`.
#[tokio::test]
async fn credentials_are_form_urlencoded_before_base64() {
    for (id, secret, value) in [
        ("cli:ent", "se:cret", "Basic Y2xpJTNBZW50OnNlJTNBY3JldA=="),
        ("a+b", "c+d", "Basic YSUyQmI6YyUyQmQ="),
        ("a%b", "c%d", "Basic YSUyNWI6YyUyNWQ="),
        ("a b", "c d", "Basic YStiOmMrZA=="),
        ("d\u{f6}ner", "gr\u{fc}n", "Basic ZCVDMyVCNm5lcjpnciVDMyVCQ24="),
    ] {
        let wire = Wire::start().await;
        let client = Client::builder(id, secret)
            .base_url(wire.base())
            .dangerously_allow_plain_http(true)
            .build()
            .unwrap();
        let asked = token_request(&wire, &client).await;
        assert_eq!(asked.header("authorization"), Some(value), "{id}");
    }
}

#[tokio::test]
async fn credentials_can_be_sent_as_they_are() {
    let wire = Wire::start().await;
    let client = Client::builder("a b", "c+d:e")
        .base_url(wire.base())
        .dangerously_allow_plain_http(true)
        .client_authentication(ClientAuthentication::BasicUnencoded)
        .build()
        .unwrap();
    token_request(&wire, &client).await.assert(
        &wire,
        TOKEN_LINE,
        // base64 of a b:c+d:e
        &[("authorization", "Basic YSBiOmMrZDpl"), ("content-type", FORM)],
        "grant_type=client_credentials&scope=phone_check",
    );
}

#[tokio::test]
async fn credentials_in_the_body_are_not_in_the_header_too() {
    let wire = Wire::start().await;
    let client = Client::builder("client 1", "se&cr=et")
        .base_url(wire.base())
        .dangerously_allow_plain_http(true)
        .client_authentication(ClientAuthentication::Body)
        .build()
        .unwrap();
    token_request(&wire, &client).await.assert(
        &wire,
        TOKEN_LINE,
        &[("content-type", FORM)],
        "grant_type=client_credentials&scope=phone_check&client_id=client+1&client_secret=se%26cr%3Det",
    );

    wire.answer_with(200, &[], "");
    client
        .tokens()
        .revoke(&Secret::new("t-1"), TokenKind::AccessToken)
        .await
        .unwrap();
    wire.call().assert(
        &wire,
        REVOKE_LINE,
        &[("content-type", FORM)],
        "token_type_hint=access_token&client_id=client+1&client_secret=se%26cr%3Det&token=t-1",
    );
}

#[tokio::test]
async fn a_token_is_revoked_as_documented() {
    for (kind, hint) in [
        (TokenKind::AccessToken, "access_token"),
        (TokenKind::RefreshToken, "refresh_token"),
    ] {
        let wire = Wire::start().await;
        wire.answer_with(200, &[], "");
        let reply = wire
            .client()
            .tokens()
            .revoke(&Secret::new("AbC+/=&d"), kind)
            .send_with_metadata()
            .await
            .unwrap();
        assert_eq!((reply.status().as_u16(), reply.attempts()), (200, 1));
        assert_eq!(wire.all().len(), 1, "no token is fetched to revoke one");
        wire.call().assert(
            &wire,
            REVOKE_LINE,
            &[
                ("authorization", "Basic Y2xpZW50LTE6c2VjcmV0LTE="),
                ("content-type", FORM),
            ],
            &format!("token_type_hint={hint}&token=AbC%2B%2F%3D%26d"),
        );
    }
}

#[test]
fn credentials_are_marked_for_the_http_stack_not_to_log_them() {
    let scripted = Scripted::new([Step::json(200, completed(true)), Step::answer(200, "")]);
    scripted.run(scripted.client.phone_checks().get(&id())).unwrap();
    let revoke = scripted.client.tokens();
    scripted
        .run(revoke.revoke(&Secret::new("t-1"), TokenKind::AccessToken))
        .unwrap();
    let seen = scripted.transport.seen();
    assert_eq!(seen.len(), 3);
    for request in seen {
        let shown = format!("{request:?} {:?}", request.headers);
        assert!(request.headers["authorization"].is_sensitive());
        assert!(!shown.contains(TOKEN) && !shown.contains("Basic"), "{shown}");
    }
}

#[tokio::test]
async fn one_token_serves_until_it_is_refused() {
    let wire = Wire::start().await;
    let client = wire.client();
    for _ in 0..3 {
        wire.answer(200, "application/hal+json", completed(true));
        client.phone_checks().get(&id()).await.unwrap();
    }
    assert_eq!(wire.all().len(), 4);
    assert!(
        wire.calls()
            .iter()
            .all(|asked| asked.header("authorization") == Some("Bearer AbCdEf.123456"))
    );
}

#[tokio::test]
async fn members_that_a_token_answer_may_have_do_no_harm() {
    for answer in [
        r#"{"access_token":"AbCdEf.123456","token_type":"Bearer","expires_in":3600,"scope":"phone_check","id_token":"x","refresh_token":null}"#,
        r#"{"access_token":"AbCdEf.123456","token_type":"BEARER","expires_in":"3600"}"#,
        r#"{"access_token":"AbCdEf.123456","token_type":"bearer"}"#,
        r#"{"access_token":"AbCdEf.123456","token_type":"bearer","expires_in":-1,"scope":7}"#,
    ] {
        let wire = Wire::start().await;
        wire.answer_token(200, &[("content-type", "application/json")], answer);
        token_request(&wire, &wire.client()).await;
    }
}
