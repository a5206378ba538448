//! What the provider says when it refuses (contract identomat, 6).

use identomat::testing::Step;
use identomat::{Delivery, ErrorCode, ErrorKind};

use crate::support::{Scripted, TOKEN, assert_silent, token};

#[test]
fn codes_with_status_200_are_typed_and_shown() {
    for (word, code) in [
        ("SESSION_NOT_FOUND", ErrorCode::SessionNotFound),
        ("SESSION_INVALID", ErrorCode::SessionInvalid),
    ] {
        for status in [200, 201, 400, 404, 410] {
            let scripted = Scripted::new(vec![Step::json(status, format!("\"{word}\"")); 3]);
            let sessions = scripted.client.sessions();
            for error in [
                scripted.run(sessions.result(&token())).unwrap_err(),
                scripted.run(sessions.delete(&token())).unwrap_err(),
                scripted.run(sessions.begin()).unwrap_err(),
            ] {
                assert_eq!(ErrorCode::of(&error), Some(code.clone()), "{status}");
                assert_eq!(error.kind(), ErrorKind::Provider);
                assert_eq!(error.delivery(), Delivery::Refused);
                assert_eq!(error.status().unwrap(), status);
                assert_eq!(error.attempts(), 1);
                let shown = error.to_string();
                assert!(shown.contains(word), "a documented code is shown: {shown}");
                assert_eq!(error.provider_message(), None);
            }
        }
    }
}

#[test]
fn a_wrong_company_key_is_no_authority() {
    let scripted = Scripted::new([Step::json(200, "\"COMPANY_KEY_INVALID\"")]);
    let error = scripted.run(scripted.client.sessions().begin()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(ErrorCode::of(&error), Some(ErrorCode::CompanyKeyInvalid));
    assert_eq!(error.delivery(), Delivery::Refused);
    assert_eq!(
        error.to_string(),
        "identomat session.begin: answered 200 OK (COMPANY_KEY_INVALID), not authorised; it was not carried out \
         [POST /begin/ at https://widget.identomat.com]"
    );
}

#[test]
fn unknown_codes_pass_through_and_are_not_shown() {
    let scripted = Scripted::new([Step::json(200, "\"ANNA_EXAMPLE_1990\"")]);
    let error = scripted
        .run(scripted.client.sessions().result(&token()))
        .unwrap_err();
    assert_eq!(error.code(), Some("ANNA_EXAMPLE_1990"));
    assert!(ErrorCode::of(&error).unwrap().is_unknown());
    assert_silent(&error, &["ANNA_EXAMPLE_1990"]);
    assert!(!format!("{:?}", ErrorCode::of(&error)).contains("ANNA"));
}

/// Only a code whose meaning is known proves that nothing was carried out.
#[test]
fn an_unknown_code_does_not_say_what_became_of_a_begin_or_a_deletion() {
    let scripted = Scripted::new(vec![Step::json(200, "\"INTERNAL_ERROR\""); 2]);
    let error = scripted.run(scripted.client.sessions().begin()).unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Provider, Delivery::Unknown)
    );
    assert!(!error.is_safe_to_repeat(), "there may be a session");
    let error = scripted
        .run(scripted.client.sessions().delete(&token()))
        .unwrap_err();
    assert_eq!(error.delivery(), Delivery::Unknown);

    let scripted = Scripted::new([Step::json(200, "\"deleted\"")]);
    let error = scripted
        .run(scripted.client.sessions().delete(&token()))
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Provider, Delivery::Unknown)
    );
    assert_eq!(error.provider_message(), Some("deleted"));
}

/// Success and error of a begin are both JSON strings.
#[test]
fn a_token_is_told_from_a_code() {
    for (text, is_token) in [
        (TOKEN, true),
        ("0123456789", true),
        ("Ab", true),
        ("A-B", true),
        ("_1", true),
        ("COMPANY_KEY_INVALID", false),
        ("E1", false),
        ("A", false),
    ] {
        let scripted = Scripted::new([Step::json(200, format!("\"{text}\""))]);
        match scripted.run(scripted.client.sessions().begin()) {
            Ok(session) => {
                assert!(is_token, "{text}");
                assert_eq!(session.token.expose(), text);
            }
            Err(error) => {
                assert!(!is_token, "{text}");
                assert_eq!(error.code(), Some(text));
            }
        }
    }
}

#[test]
fn a_begin_that_answers_anything_else_cannot_be_read() {
    for body in [
        "",
        "\"\"",
        "null",
        "42",
        r#"["0123456789abcdefghij"]"#,
        r#"{"session_token":"0123456789abcdefghij"}"#,
        "{ \"0123456789abcdefghij\" }",
        "0123456789abcdefghij",
        "\"a\\nb\"",
        "\"a\\ud800\"",
        "<html>",
    ] {
        let scripted = Scripted::new([Step::json(200, body)]);
        let error = scripted.run(scripted.client.sessions().begin()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
        assert_eq!(error.delivery(), Delivery::CarriedOut, "a session may have begun");
        assert_eq!(error.body(), body, "the token in it is not lost");
        assert_silent(&error, &["0123456789abcdefghij"]);
    }
}

#[test]
fn a_text_in_place_of_a_result_is_what_the_provider_says() {
    let scripted = Scripted::new([Step::json(200, "\"no session of ANNA\"")]);
    let error = scripted
        .run(scripted.client.sessions().result(&token()))
        .unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Provider, None));
    assert_eq!(error.provider_message(), Some("no session of ANNA"));
    assert_silent(&error, &["ANNA"]);
}

#[test]
fn an_argument_error_is_one_with_any_status() {
    for status in [200, 400] {
        let scripted = Scripted::new([Step::json(status, r#"{"argumentError":"no ANNA here"}"#)]);
        let error = scripted
            .run(scripted.client.sessions().result(&token()))
            .unwrap_err();
        assert_eq!(ErrorCode::of(&error), Some(ErrorCode::ArgumentError));
        assert_eq!(error.provider_message(), Some("no ANNA here"));
        assert_eq!(error.delivery(), Delivery::Refused);
        assert_silent(&error, &["ANNA"]);
    }
}

#[test]
fn statuses_mean_what_they_mean_elsewhere() {
    for (status, kind, delivery) in [
        (302, ErrorKind::Redirect, Delivery::Unknown),
        (401, ErrorKind::Auth, Delivery::Refused),
        (403, ErrorKind::Auth, Delivery::Refused),
        (429, ErrorKind::RateLimited, Delivery::Refused),
        (500, ErrorKind::Provider, Delivery::Unknown),
    ] {
        let scripted = Scripted::new(vec![Step::json(status, r#"{"message":"for ANNA"}"#); 3]);
        let error = scripted.run(scripted.client.sessions().begin()).unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (kind, delivery), "{status}");
        assert_eq!(error.provider_message(), Some("for ANNA"));
        assert_silent(&error, &["ANNA"]);
        let sent = if status == 429 { 3 } else { 1 };
        assert_eq!(scripted.transport.seen().len(), sent, "{status}");
    }
}

/// A deletion may be repeated: what the first attempt deleted, the second does not find.
#[test]
fn a_deletion_whose_answer_gets_lost_ends_as_not_found() {
    let scripted = Scripted::new([Step::CutBody, Step::json(200, "\"SESSION_NOT_FOUND\"")]);
    let error = scripted
        .run(scripted.client.sessions().delete(&token()))
        .unwrap_err();
    assert_eq!(ErrorCode::of(&error), Some(ErrorCode::SessionNotFound));
    assert_eq!(error.attempts(), 2, "which shows that there was one before");
}

#[test]
fn a_begin_is_sent_once() {
    let scripted = Scripted::new([Step::CutBody, Step::json(200, format!("\"{TOKEN}\""))]);
    let error = scripted.run(scripted.client.sessions().begin()).unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Interrupted, Delivery::Unknown)
    );
    assert_eq!(scripted.transport.seen().len(), 1);
}
