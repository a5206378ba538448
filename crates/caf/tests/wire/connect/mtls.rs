//! The host for mutual TLS (contract caf, 6.2). Handshakes over real TLS are tested in core and in the joint
//! tests.

use caf::Config;
use caf::testing::Step;
use caf::transport::BundledTransport;

use super::TOKEN_ANSWER;
use crate::support::Scripted;

#[test]
fn the_api_and_its_tokens_are_at_the_mtls_host() {
    let scripted = Scripted::application_from_token(
        [
            Step::json(200, TOKEN_ANSWER),
            Step::json(200, r#"{"data":{"filename":"f"}}"#),
        ],
        Config::connect_mtls,
    );
    let call = scripted.connect().upload_file("a.jpg", "image/jpeg", "x");
    scripted.run(call).unwrap();
    let lines: Vec<_> = scripted
        .transport
        .seen()
        .iter()
        .map(|seen| seen.uri.to_string())
        .collect();
    assert_eq!(
        lines,
        [
            "https://mtls.us.prd.caf.io/oauth2/token",
            "https://mtls.us.prd.caf.io/v1/transactions/files"
        ]
    );
}

#[test]
fn the_clients_key_is_not_shown() {
    let key = "-----BEGIN PRIVATE KEY-----\nTUlJ-n33dl3\n-----END PRIVATE KEY-----\n";
    let builder = BundledTransport::builder().client_certificate_pem(key);
    let mut shown = format!("{builder:?}");
    let error = builder.build().unwrap_err();
    assert!(error.is_configuration());
    shown += &format!("{error} {error:#} {error:?}");
    assert!(!shown.contains("n33dl3"), "{shown}");
}
