//! Callbacks: the key first, and nothing shown (contract identomat, 9).

use identomat::{CallbackEvent, CallbackKeys, CallbackType, Secret};

const TOKEN: &str = "0123456789abcdefghij0123456789abcdefghij";

fn keys() -> CallbackKeys {
    CallbackKeys::new(["cb_new", "cb_old"]).unwrap()
}

/// The contract's own example.
const PASSWORD: &str = r#"{"callbackApiKey":"cb_old","type":"one-time-password-request",
 "sessionId":"0123456789abcdefghij0123456789abcdefghij","text":"Code 1234","phoneNumber":"+995500000000"}"#;

#[test]
fn a_one_time_password_and_a_link() {
    let callback = keys().read(PASSWORD.to_owned()).unwrap();
    assert_eq!(callback.callback_type, CallbackType::OneTimePasswordRequest);
    assert_eq!(callback.session_token.as_ref().unwrap().expose(), TOKEN);
    let CallbackEvent::OneTimePassword { text, phone_number } = callback.event() else {
        panic!("{callback:?}")
    };
    assert_eq!(
        (text.expose().as_str(), phone_number.expose().as_str()),
        ("Code 1234", "+995500000000")
    );
    assert!(callback.extra().is_empty(), "the key is no extra member");

    let link = PASSWORD
        .replace("one-time-password-request", "share-session-link-via-sms")
        .replace(
            "\"text\"",
            "\"sessionLink\":\"https://widget.example/?session_token=abc\",\"text\"",
        );
    let callback = keys().read(link).unwrap();
    let CallbackEvent::ShareLink { session_link, .. } = callback.event() else {
        panic!("{callback:?}")
    };
    assert_eq!(session_link.expose(), "https://widget.example/?session_token=abc");
    for shown in [
        format!("{callback:?} {:?}", callback.event()),
        format!("{callback:#?}"),
    ] {
        for private in ["1234", "995", "session_token=", TOKEN, "cb_old"] {
            assert!(!shown.contains(private), "{shown}");
        }
    }
}

#[test]
fn what_is_unknown_or_not_whole_is_kept() {
    for (callback_type, is_unknown) in [
        ("share-session-link-via-email", false),
        ("email-one-time-password-request", false),
        ("session-status", true),
        ("", true),
    ] {
        let json = format!(
            r#"{{"callbackApiKey":"cb_new","type":"{callback_type}","email":"anna@example.net","result":"approved"}}"#
        );
        let callback = keys().read(json).unwrap();
        assert_eq!(callback.callback_type.is_unknown(), is_unknown, "{callback_type}");
        assert_eq!(callback.callback_type.as_str(), callback_type);
        assert!(matches!(callback.event(), CallbackEvent::Other));
        assert_eq!(callback.extra()["email"], "anna@example.net");
        assert!(!format!("{callback:?}").contains("anna"));
    }
    for json in [
        r#"{"callbackApiKey":"cb_new","type":"one-time-password-request","text":"Code"}"#,
        r#"{"callbackApiKey":"cb_new","type":"one-time-password-request","text":7,"phoneNumber":"+9955"}"#,
        r#"{"callbackApiKey":"cb_new","type":"share-session-link-via-sms","text":"a","phoneNumber":"+9955"}"#,
        r#"{"callbackApiKey":"cb_new","type":"one-time-password-request","sessionId":["x"]}"#,
    ] {
        let callback = keys().read(json.to_owned()).unwrap();
        assert!(matches!(callback.event(), CallbackEvent::Other), "{json}");
    }
}

/// The key is looked at before anything else: whoever lacks it does not even learn what was wrong.
#[test]
fn without_the_key_nothing_is_looked_at() {
    for body in [
        String::new(),
        String::from("not JSON"),
        String::from("null"),
        String::from("[\"cb_new\"]"),
        String::from("\"cb_new\""),
        String::from("{}"),
        String::from(r#"{"type":"one-time-password-request"}"#),
        String::from(r#"{"callbackApiKey":"","type":"a"}"#),
        String::from(r#"{"callbackApiKey":null,"type":"a"}"#),
        String::from(r#"{"callbackApiKey":["cb_new"],"type":"a"}"#),
        String::from(r#"{"callbackApiKey":"cb_ne","type":"a"}"#),
        String::from(r#"{"callbackApiKey":"cb_neww","type":"a"}"#),
        String::from(r#"{"callbackApiKey":"CB_NEW","type":"a"}"#),
        String::from(r#"{"callbackApiKey":"cb_new ","type":"a"}"#),
        String::from(r#"{"callbackApiKey":"cb_new","callbackApiKey":"cb_new","type":"a"}"#),
        String::from(r#"{"callbackapikey":"cb_new","type":"a"}"#),
        String::from(r#"{"a":{"callbackApiKey":"cb_new"},"type":"a"}"#),
        PASSWORD.replace("cb_old", "cb_wrong"),
        PASSWORD.replace("+995500000000\"}", "+995500000000\""),
    ] {
        let error = keys().read(body.clone()).unwrap_err();
        assert!(error.is_auth(), "{body}: {error}");
        assert_eq!(error.provider(), "identomat");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("cb_") && !shown.contains("995"), "{shown}");
    }
    let error = keys()
        .read(r#"{"callbackApiKey":"cb_new"}"#.to_owned())
        .unwrap_err();
    assert!(error.is_decode(), "{error}");
}

#[test]
fn keys_are_configured_or_refused() {
    assert!(
        CallbackKeys::new([] as [Secret; 0])
            .unwrap_err()
            .is_configuration()
    );
    let one_is_empty = CallbackKeys::new([Secret::new("cb_new"), Secret::new("")]);
    assert!(one_is_empty.unwrap_err().is_configuration());
    assert_eq!(format!("{:?}", keys()), "CallbackKeys { keys: 2 }");
}
