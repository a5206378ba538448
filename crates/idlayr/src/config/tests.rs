use super::*;

fn environment(pairs: &'static [(&'static str, &'static str)]) -> Environment<'static> {
    Environment::new(|name| {
        pairs
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn the_environment_says_everything() {
    let parts = Config::from_environment(&environment(&[
        ("IDLAYR_CLIENT_ID", "id"),
        ("IDLAYR_CLIENT_SECRET", "secret"),
        ("IDLAYR_DATA_RESIDENCY", "IN"),
        ("IDLAYR_SCOPES", "phone_check  coverage"),
    ]))
    .unwrap()
    .into_parts()
    .unwrap();
    assert_eq!(parts.base_url, "https://in.api.idlayr.com");
    assert_eq!(parts.scope, "phone_check coverage");
    assert_eq!(
        (parts.client_id.as_str(), parts.client_secret.expose()),
        ("id", "secret")
    );
    assert!(!parts.settings.allows_plain_http());
}

#[test]
fn what_is_missing_or_wrong_is_named_and_not_quoted() {
    for (pairs, named) in [
        (&[("IDLAYR_CLIENT_ID", "id")][..], "IDLAYR_CLIENT_SECRET"),
        (&[("IDLAYR_CLIENT_SECRET", "s-123")], "IDLAYR_CLIENT_ID"),
        (
            &[
                ("IDLAYR_CLIENT_ID", "id"),
                ("IDLAYR_CLIENT_SECRET", "s-123"),
                ("IDLAYR_DATA_RESIDENCY", "eu.evil.example"),
            ],
            "data residency",
        ),
        (
            &[
                ("IDLAYR_CLIENT_ID", "id"),
                ("IDLAYR_CLIENT_SECRET", "s-123"),
                ("IDLAYR_ALLOW_PLAIN_HTTP", "true"),
                ("IDLAYR_BASE_URL", "http://evil.example"),
            ],
            "on this machine",
        ),
        (
            &[
                ("IDLAYR_CLIENT_ID", "id"),
                ("IDLAYR_CLIENT_SECRET", "s-123"),
                ("IDLAYR_ALLOW_PLAIN_HTTP", "maybe"),
            ],
            "IDLAYR_ALLOW_PLAIN_HTTP",
        ),
    ] {
        let error = Config::from_environment(&environment(pairs)).unwrap_err();
        assert!(error.is_configuration());
        assert_eq!(error.provider(), "idlayr");
        let text = format!("{error} {error:?}");
        assert!(
            text.contains(named) && !text.contains("s-123") && !text.contains("evil"),
            "{text}"
        );
    }
}

#[test]
fn the_host_before_the_rebrand_is_a_base_url_like_any_other() {
    let parts = Config::new("id", "secret")
        .base_url("https://eu.api.tru.id")
        .into_parts()
        .unwrap();
    assert_eq!(parts.base_url, "https://eu.api.tru.id");
}

#[test]
fn a_residency_is_a_plain_dns_label() {
    for name in ["eu", "EU", "ap-southeast-2", "x1"] {
        assert_eq!(
            DataResidency::new(name).unwrap().as_str(),
            name.to_ascii_lowercase()
        );
    }
    for name in [
        "",
        "-eu",
        "eu-",
        "eu.us",
        "eu/",
        "eu:80",
        "e u",
        "\u{e9}u",
        "eu@evil",
        "eu\n",
        &"a".repeat(64),
    ] {
        assert!(DataResidency::new(name).is_err(), "{name:?}");
    }
}

#[test]
fn settings_that_cannot_work_are_refused() {
    for builder in [
        Config::new("", "secret"),
        Config::new("id", ""),
        Config::new("id", "secret").scopes([]),
        Config::new("id", "secret").scopes([Scope::from("two words")]),
        Config::new("id", "secret").base_url("http://eu.api.idlayr.com"),
        Config::new("id", "secret").base_url("eu.api.idlayr.com"),
        Config::new("id", "secret").timeout(std::time::Duration::ZERO),
        Config::new("id", "secret").max_in_flight(0),
    ] {
        let error = builder.build().unwrap_err();
        assert!(error.is_configuration(), "{error}");
        assert_eq!(error.provider(), "idlayr", "{error}");
    }
}

#[test]
fn the_vendors_project_file_is_read() {
    let file = std::env::temp_dir().join(format!("verikit-tru-{}.json", std::process::id()));
    let write = |text: &str| std::fs::write(&file, text).unwrap();
    write(
        r#"{"project_id":"p","name":"n","created_at":"2023-01-01T00:00:00+0000","data_residency":"US",
            "credentials":[{"client_id":"id-1","client_secret":"s-123","scopes":["phone_check"]}]}"#,
    );
    let parts = Config::from_project_file(&file).unwrap().into_parts().unwrap();
    assert_eq!(parts.base_url, "https://us.api.idlayr.com");
    assert_eq!(
        (parts.client_id.as_str(), parts.client_secret.expose()),
        ("id-1", "s-123")
    );

    write(r#"{"credentials":[{"client_id":"id-1","client_secret":"s-123"}]}"#);
    assert_eq!(
        Config::from_project_file(&file)
            .unwrap()
            .into_parts()
            .unwrap()
            .base_url,
        "https://eu.api.idlayr.com"
    );

    for text in [
        "",
        "{}",
        r#"{"credentials":[]}"#,
        r#"{"credentials":[{"client_secret":"s-123"}]}"#,
    ] {
        write(text);
        let error = Config::from_project_file(&file).unwrap_err();
        assert!(
            error.is_configuration() && !format!("{error} {error:?}").contains("s-123"),
            "{error}"
        );
    }
    std::fs::remove_file(&file).unwrap();
    assert!(
        Config::from_project_file(&file)
            .unwrap_err()
            .to_string()
            .contains("cannot be read")
    );
}

#[test]
fn debug_shows_no_credential() {
    let builder = Config::new("id-123", "s-123");
    assert!(!format!("{builder:?}").contains("123"));
    let client = builder.build().unwrap();
    let text = format!("{client:?} {:?} {:?}", client.phone_checks(), client.tokens());
    assert!(!text.contains("s-123") && !text.contains("id-123"), "{text}");
}
