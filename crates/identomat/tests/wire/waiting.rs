//! `until_processed`: asks as often as it should, and never in real time.

use std::time::Duration;

use identomat::testing::Step;
use identomat::{Clock as _, ErrorCode, ErrorKind, Outcome};

use crate::support::{Scripted, signed, token};

fn result(word: &str) -> Step {
    Step::json(200, format!(r#"{{"result":"{word}"}}"#))
}

#[test]
fn it_ends_with_anything_but_in_progress() {
    for (body, outcome) in [
        (r#"{"result":"approved"}"#, Some(Outcome::Approved)),
        (r#"{"result":"REJECTED"}"#, Some(Outcome::Rejected)),
        (r#"{"result":"manual_check"}"#, Some(Outcome::ManualCheck)),
        (
            r#"{"result":"disagreed_with_terms"}"#,
            Some(Outcome::DisagreedWithTerms),
        ),
        (r#"{"result":"something"}"#, Some(Outcome::from("something"))),
        (r#"{"person":{}}"#, None),
    ] {
        let scripted = Scripted::new([
            result("in_progress"),
            result("IN_PROGRESS"),
            Step::json(200, body),
        ]);
        let began = scripted.clock.now();
        let ended = scripted
            .run(scripted.client.sessions().until_processed(&token()))
            .unwrap();
        assert_eq!(ended.result, outcome);
        assert_eq!(ended.is_approved(), outcome == Some(Outcome::Approved));
        assert_eq!(scripted.transport.seen().len(), 3);
        assert_eq!(
            scripted.clock.now() - began,
            Duration::from_millis(2500),
            "after 1 s and 1.5 s"
        );
    }
}

#[test]
fn it_ends_with_the_tokens_validity_and_asks_at_growing_distances() {
    let scripted = Scripted::new(vec![result("in_progress"); 500]);
    let began = scripted.clock.now();
    let wait = scripted.client.sessions().until_processed(&token());
    let error = scripted.run(wait).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.is_safe_to_repeat());
    let waited = scripted.clock.now() - began;
    assert!(
        waited > Duration::from_secs(895) && waited <= Duration::from_secs(905),
        "{waited:?}"
    );
    let asked = scripted.transport.seen().len();
    assert!((90..=100).contains(&asked), "every 10 s in the end: {asked}");
}

#[test]
fn it_can_be_bounded() {
    let scripted = Scripted::new(vec![result("in_progress"); 50]);
    let began = scripted.clock.now();
    let wait = scripted.client.sessions().until_processed(&token());
    let wait = wait
        .within(Duration::from_secs(20))
        .interval(Duration::from_secs(2));
    assert!(!format!("{wait:?}").contains("0123456789"), "{wait:?}");
    assert!(scripted.run(wait).unwrap_err().is_timeout());
    assert!(scripted.clock.now() - began <= Duration::from_secs(20));
    let asked = scripted.transport.seen().len();
    assert!((11..=13).contains(&asked), "{asked}");
}

#[test]
fn what_passes_is_asked_again_and_what_stays_is_not() {
    let scripted = Scripted::new(
        vec![Step::answer(503, ""); 3]
            .into_iter()
            .chain([result("in_progress"), result("approved")]),
    );
    let wait = scripted.client.sessions().until_processed(&token());
    assert!(scripted.run(wait).unwrap().is_approved());

    let scripted = Scripted::new([result("in_progress"), Step::json(200, "\"SESSION_NOT_FOUND\"")]);
    let wait = scripted.client.sessions().until_processed(&token());
    let error = scripted.run(wait).unwrap_err();
    assert_eq!(ErrorCode::of(&error), Some(ErrorCode::SessionNotFound));
    assert_eq!(scripted.transport.seen().len(), 2);

    let scripted = Scripted::signing([signed(result("in_progress")), result("approved")]);
    let wait = scripted.client.sessions().until_processed(&token());
    assert!(scripted.run(wait).unwrap_err().is_signature());
    assert_eq!(scripted.transport.seen().len(), 2);
}
