//! What a client needs for the Mobile API.

use std::time::Duration;

use caf::testing::ScriptedTransport;
use caf::{Client, Config, Cpf, Environment, ErrorKind};

use crate::mobile_support::{claims, cpf};
use crate::support::Scripted;

fn environment(pairs: &'static [(&'static str, &'static str)]) -> Environment<'static> {
    Environment::new(|name| {
        let found = pairs.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn a_client_without_a_mobile_key_refuses_every_call_before_anything_is_sent() {
    let transport = ScriptedTransport::new([]);
    let scripted = Scripted::mobile([]);
    let client = Client::builder()
        .core_token("t-1")
        .transport(transport.shared())
        .clock(scripted.clock.shared())
        .build()
        .unwrap();
    let mobile = client.mobile();
    let image = "https://img.example.com/a.jpg";
    let attempt = caf::mobile_api::MobileAttemptId::new("a").unwrap();
    for error in [
        scripted.run(mobile.faces().liveness(image)).unwrap_err(),
        scripted.run(mobile.faces().liveness(image).signed()).unwrap_err(),
        scripted.run(mobile.faces().register(&cpf(), image)).unwrap_err(),
        scripted
            .run(mobile.faces().authenticate(&cpf(), image))
            .unwrap_err(),
        scripted.run(mobile.faces().attempt(&attempt)).unwrap_err(),
        scripted
            .run(mobile.sdk_sessions().create().for_person(&cpf()))
            .unwrap_err(),
        scripted
            .run(mobile.request(http::Method::GET, ["a"]))
            .unwrap_err(),
        mobile.tokens().for_person(&cpf()).issue().unwrap_err(),
        mobile.signed_responses().unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_eq!(error.provider(), "caf");
        assert!(error.to_string().contains("mobile_key"), "{error}");
    }
    assert!(transport.seen().is_empty());
}

#[test]
fn both_halves_of_a_key_come_from_the_environment() {
    let both = environment(&[
        ("CAF_MOBILE_CLIENT_ID", "id-1"),
        ("CAF_MOBILE_CLIENT_SECRET", "s-1"),
    ]);
    assert!(Config::from_environment(&both).unwrap().build().is_ok());
    for half in [
        environment(&[("CAF_MOBILE_CLIENT_ID", "id-1")]),
        environment(&[("CAF_MOBILE_CLIENT_SECRET", "s-1")]),
    ] {
        let error = Config::from_environment(&half).unwrap_err();
        assert!(error.is_configuration());
        let shown = error.to_string();
        assert!(
            shown.contains("CAF_MOBILE_CLIENT_") && !shown.contains("s-1"),
            "{shown}"
        );
    }
    let nothing = Config::from_environment(&environment(&[]))
        .unwrap()
        .build()
        .unwrap_err();
    assert!(nothing.is_configuration());
}

#[test]
fn an_empty_key_is_refused() {
    for (id, secret) in [("", "s-1"), ("id-1", ""), ("", "")] {
        let error = Client::builder().mobile_key(id, secret).build().unwrap_err();
        assert_eq!(
            (error.kind(), error.provider()),
            (ErrorKind::Configuration, "caf")
        );
    }
}

#[test]
fn the_addresses_are_settings_and_plain_http_has_to_be_opted_into() {
    let plain = Client::builder()
        .mobile_key("id-1", "s-1")
        .mobile_base_url("http://127.0.0.1:9");
    assert!(plain.build().unwrap_err().is_configuration());
    let plain = Client::builder()
        .mobile_key("id-1", "s-1")
        .sdk_base_url("http://127.0.0.1:9");
    assert!(plain.build().unwrap_err().is_configuration());
    let step = caf::testing::Step::json(200, r#"{"requestId":"1","message":"Feito."}"#);
    let scripted = Scripted::mobile_with([step], |config| {
        config.mobile_base_url("https://beta.example.com/x")
    });
    let call = scripted
        .client
        .mobile()
        .faces()
        .register(&cpf(), "https://img.example.com/a.jpg");
    scripted.run(call).unwrap();
    assert_eq!(scripted.sent().uri, "https://beta.example.com/x/faces/register");
}

#[test]
fn the_life_of_the_clients_own_tokens_is_a_setting_with_bounds() {
    let key = || Client::builder().mobile_key("id-1", "s-1");
    for seconds in [10, 900] {
        key()
            .mobile_token_life(Duration::from_secs(seconds))
            .build()
            .unwrap();
    }
    for milliseconds in [9_000, 9_999, 10_500, 899_999, 900_001, 901_000] {
        let life = Duration::from_millis(milliseconds);
        let error = key().mobile_token_life(life).build().unwrap_err();
        assert!(error.is_configuration(), "{life:?}: {error}");
        assert_eq!(error.provider(), "caf");
    }
    let step = caf::testing::Step::json(200, r#"{"requestId":"1","isMatch":false}"#);
    let scripted = Scripted::mobile_with([step], |config| config.mobile_token_life(Duration::from_secs(60)));
    let person = Cpf::parse("31415926590").unwrap();
    let call = scripted
        .client
        .mobile()
        .faces()
        .authenticate(&person, "https://img.example.com/a.jpg");
    scripted.run(call).unwrap();
    let claims = claims(scripted.sent().header("authorization").unwrap());
    assert_eq!(claims["exp"], crate::mobile_support::NOW + 60);
}

#[test]
fn neither_a_configuration_nor_a_client_shows_its_key() {
    let config = Client::builder().mobile_key("id-very-own", "secret-very-own");
    let shown = format!("{config:?}");
    assert!(!shown.contains("very-own"), "{shown}");
    let shown = format!("{:?}", config.build().unwrap());
    assert!(!shown.contains("very-own"), "{shown}");
}
