//! A client from a builder and from the environment.

use std::collections::BTreeMap;

use identomat::testing::{ManualClock, ScriptedTransport, Step, drive};
use identomat::{Client, Config, Environment, Secret};
use std::future::IntoFuture as _;

fn from(variables: &[(&str, &str)]) -> identomat::Result<Config> {
    let variables: BTreeMap<String, String> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Config::from_environment(&Environment::new(move |name| variables.get(name).cloned()))
}

#[test]
fn the_environment_says_it_all() {
    let transport = ScriptedTransport::new([Step::json(200, "\"SESSION_INVALID\"")]);
    let clock = ManualClock::new();
    let client = from(&[
        ("IDENTOMAT_COMPANY_KEY", " ck-1 \n"),
        ("IDENTOMAT_SECRET_KEY", "sk-1"),
        ("IDENTOMAT_BASE_URL", "http://127.0.0.1:7/external-api/"),
        ("IDENTOMAT_WIDGET_URL", "http://localhost:8/"),
        ("IDENTOMAT_ALLOW_PLAIN_HTTP", "true"),
    ])
    .unwrap()
    .transport(transport.shared())
    .clock(clock.shared())
    .build()
    .unwrap();
    drop(drive(&clock, client.sessions().begin().into_future()));
    let seen = transport.seen();
    assert_eq!(seen[0].uri, "http://127.0.0.1:7/external-api/begin/");
    assert_eq!(seen[0].body, r#"{"company_key":"ck-1"}"#);
    assert!(
        seen[0]
            .header("authorization")
            .unwrap()
            .starts_with("signature=\"")
    );
    let token = identomat::SessionToken::new("abc").unwrap();
    let url = client.sessions().widget_url(&token);
    assert_eq!(
        (url.expose(), url.origin()),
        ("http://localhost:8/?session_token=abc", "http://localhost:8")
    );
}

#[test]
fn a_missing_or_unusable_variable_is_named_and_not_quoted() {
    let error = from(&[]).unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("IDENTOMAT_COMPANY_KEY"));
    assert_eq!(error.provider(), "identomat");
    let key = ("IDENTOMAT_COMPANY_KEY", "ck-secret");
    let plain = ("IDENTOMAT_ALLOW_PLAIN_HTTP", "true");
    for (name, value) in [
        ("IDENTOMAT_BASE_URL", "http://elsewhere.example/external-api/"),
        ("IDENTOMAT_WIDGET_URL", "http://elsewhere.example/"),
        ("IDENTOMAT_BASE_URL", "not a url"),
    ] {
        let error = from(&[key, plain, (name, value)]).unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
        assert!(!error.to_string().contains("elsewhere.example"), "{error}");
    }
    let error = from(&[key, ("IDENTOMAT_ALLOW_PLAIN_HTTP", "yes")]).unwrap_err();
    assert!(error.to_string().contains("IDENTOMAT_ALLOW_PLAIN_HTTP"));
}

#[test]
fn what_cannot_work_is_refused_when_the_client_is_made() {
    let build = |config: Config| {
        let error = config.build().unwrap_err();
        assert!(error.is_configuration(), "{error}");
        assert_eq!(error.provider(), "identomat");
        assert!(!format!("{error} {error:?}").contains("secret-part"), "{error}");
    };
    build(Client::builder(""));
    build(Client::builder("ck").secret_key(""));
    build(Client::builder("ck").base_url("http://api.example.com/"));
    build(Client::builder("ck").base_url("secret-part"));
    for widget_url in [
        "secret-part",
        "http://widget.example.com/",
        "ftp://widget.example.com/",
        "https://user:secret-part@widget.example.com/",
        "https://widget.example.com/?a=secret-part",
        "https://widget.example.com/#secret-part",
    ] {
        build(Client::builder("ck").widget_url(widget_url));
    }
}

#[test]
fn nothing_shows_a_key() {
    let config = Client::builder("ck-secret").secret_key(Secret::new("sk-secret"));
    let shown = format!("{config:?}");
    let client = config.build().unwrap();
    let shown = format!(
        "{shown} {client:?} {:?} {:?} {:?} {:?}",
        client.sessions(),
        client.media(),
        client.unconfirmed(),
        client.sessions().begin(),
    );
    assert!(
        !shown.contains("ck-secret") && !shown.contains("sk-secret"),
        "{shown}"
    );
}

/// A signer of one's own, for a key that is not the bytes of its text.
#[test]
fn a_signer_takes_the_place_of_a_secret_key() {
    let transport = ScriptedTransport::new([]);
    let clock = ManualClock::new();
    let signer = identomat::HmacSigner::from_bytes(&[1, 2, 3]).unwrap();
    let client = Client::builder("ck")
        .signer(signer.clone())
        .transport(transport.shared())
        .clock(clock.shared())
        .build()
        .unwrap();
    drop(drive(&clock, client.sessions().begin().into_future()));
    let seen = &transport.seen()[0];
    let code = signer.sign(&seen.body);
    assert_eq!(
        seen.header("authorization").unwrap(),
        format!("signature=\"{code}\"")
    );
    assert!(
        identomat::HmacSigner::from_bytes(&[])
            .unwrap_err()
            .is_configuration()
    );
}
