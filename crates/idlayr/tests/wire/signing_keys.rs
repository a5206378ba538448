//! `GET /.well-known/jwks.json` (contract idlayr, 8.3).

use idlayr::ErrorKind;
use idlayr::testing::Step;

use crate::documented::JSON;
use crate::support::{Scripted, Wire};

/// The two of RFC 7517, A.1 (the first for signing), and one that is no public key.
const KEYS: &str = r#"{"keys":[
    {"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"sig","kid":"1"},
    {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"},
    {"kty":"oct","k":"c2VjcmV0","kid":"3"}]}"#;

#[tokio::test]
async fn they_are_asked_for_without_a_token() {
    let wire = Wire::start().await;
    wire.answer(200, JSON.1, KEYS);
    let reply = wire.client().signing_keys().send_with_metadata().await.unwrap();
    wire.call().assert(&wire, "GET /.well-known/jwks.json", &[], "");
    assert_eq!(wire.all().len(), 1, "no token is asked for");
    let keys = reply.value();
    assert_eq!(keys.key_ids().collect::<Vec<_>>(), ["1", "2011-04-29"]);
    assert_eq!((keys.len(), keys.is_empty()), (2, false));
    assert_eq!(reply.raw(), KEYS.as_bytes());
}

#[test]
fn a_set_without_keys_is_one_and_what_is_no_set_is_an_error() {
    let read = |body: &str| {
        let scripted = Scripted::from_token([Step::json(200, body.to_owned())]);
        scripted.run(scripted.client.signing_keys())
    };
    assert!(read(r#"{"keys":[]}"#).unwrap().is_empty());
    for body in ["", "{}", "[]", r#"{"keys":null}"#, r#"{"keys":{}}"#, r#"[[]]"#] {
        let error = read(body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert_eq!((error.provider(), error.operation()), ("idlayr", "jwks.get"));
    }
}
