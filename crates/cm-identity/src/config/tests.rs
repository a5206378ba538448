use super::*;

const BOTH: [(&str, &str); 2] = [("CM_IDENTITY_KEY_ID", "key-9"), ("CM_IDENTITY_SECRET", "s-123")];

fn read(pairs: &[(&str, &str)]) -> Result<Config> {
    Config::from_environment(&Environment::new(|name| {
        let found = pairs.iter().rev().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    }))
}

fn with(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    BOTH.into_iter().chain(more.iter().copied()).collect()
}

#[test]
fn the_environment_says_everything() {
    let config = read(&BOTH).unwrap();
    assert_eq!(
        (config.key_id.as_str(), config.secret.expose()),
        ("key-9", "s-123")
    );
    assert_eq!(config.address(), "https://api.cm.com/mobile-identity/v1");
    assert!(!config.settings.allows_plain_http());

    let sandbox = with(&[("CM_IDENTITY_SANDBOX", "true")]);
    assert_eq!(
        read(&sandbox).unwrap().address(),
        "https://api.cm.com/mobile-identity-sandbox/v1"
    );
    let own = with(&[
        ("CM_IDENTITY_SANDBOX", "1"),
        ("CM_IDENTITY_BASE_URL", "http://127.0.0.1:7073/mobile-identity/v1"),
        ("CM_IDENTITY_ALLOW_PLAIN_HTTP", "true"),
    ]);
    let own = read(&own).unwrap();
    assert_eq!(own.address(), "http://127.0.0.1:7073/mobile-identity/v1");
    own.build().unwrap();
}

#[test]
fn what_is_missing_or_wrong_is_named_and_not_quoted() {
    for (pairs, named) in [
        (vec![("CM_IDENTITY_KEY_ID", "key-9")], "CM_IDENTITY_SECRET"),
        (vec![("CM_IDENTITY_SECRET", "s-123")], "CM_IDENTITY_KEY_ID"),
        (with(&[("CM_IDENTITY_SANDBOX", "s-123")]), "CM_IDENTITY_SANDBOX"),
        (
            with(&[("CM_IDENTITY_ALLOW_PLAIN_HTTP", "s-123")]),
            "CM_IDENTITY_ALLOW_PLAIN_HTTP",
        ),
        (
            with(&[
                ("CM_IDENTITY_ALLOW_PLAIN_HTTP", "true"),
                ("CM_IDENTITY_BASE_URL", "http://evil.example"),
            ]),
            "on this machine",
        ),
    ] {
        let error = read(&pairs).unwrap_err();
        assert!(error.is_configuration());
        assert_eq!(error.provider(), PROVIDER);
        let text = format!("{error} {error:?}");
        assert!(
            text.contains(named) && !text.contains("s-123") && !text.contains("evil"),
            "{text}"
        );
    }
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let config = || Config::new("key-9", "s-123");
    for config in [
        Config::new("", "s-123"),
        Config::new("key-9", ""),
        config().token_life(Duration::ZERO),
        config().token_life(Duration::from_secs(9)),
        config().token_life(Duration::from_millis(10_500)),
        config().token_back_dating(Duration::from_millis(1)),
        config().base_url("http://api.cm.com/mobile-identity/v1"),
        config().base_url("api.cm.com"),
        config().base_url("https://user:s-123@api.cm.com"),
        config().timeout(Duration::ZERO),
        config().max_in_flight(0),
    ] {
        let error = config.build().unwrap_err();
        assert!(error.is_configuration(), "{error}");
        assert_eq!(error.provider(), PROVIDER, "{error}");
        assert!(!format!("{error} {error:?}").contains("s-123"));
    }
}

#[test]
fn debug_shows_no_credential() {
    let config = Config::new("key-9", "s-123").base_url("https://proxy.example/s-123");
    let text = format!("{config:?}");
    assert!(!text.contains("key-9") && !text.contains("s-123"), "{text}");
    let client = Config::new("key-9", "s-123").build().unwrap();
    let text = format!(
        "{client:?} {:?} {:?} {:?}",
        client.sim_swap(),
        client.identity_match(),
        client.number_verify()
    );
    assert!(!text.contains("key-9") && !text.contains("s-123"), "{text}");
}
