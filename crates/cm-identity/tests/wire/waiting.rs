//! `until_final`: ends with the check or with the time that its caller gave.

use std::time::Duration;

use cm_identity::testing::Step;
use cm_identity::{Clock as _, ErrorKind, NumberVerifyState};

use crate::support::{Scripted, check, id};

const MINUTE: Duration = Duration::from_secs(60);

fn pending() -> Step {
    Step::json(200, check("pending", "null"))
}

#[test]
fn both_final_states_end_the_wait() {
    for (state, matched, verdict) in [
        ("completed", "true", Some(true)),
        ("completed", "false", Some(false)),
        ("failed", "null", None),
    ] {
        let scripted = Scripted::new([pending(), pending(), Step::json(200, check(state, matched))]);
        let began = scripted.clock.now();
        let ended = scripted.run(scripted.client.number_verify().until_final(&id(), MINUTE));
        let ended = ended.unwrap();
        assert_eq!((ended.state.as_str(), ended.verdict()), (state, verdict));
        assert_eq!(scripted.transport.unplayed(), 0);
        assert_eq!(scripted.clock.now() - began, Duration::from_millis(2500));
    }
}

#[test]
fn an_unknown_state_is_not_final() {
    let scripted = Scripted::new([
        Step::json(200, check("Completed", "true")),
        Step::json(200, check("expired", "null")),
        Step::json(200, check("completed", "false")),
    ]);
    let ended = scripted.run(scripted.client.number_verify().until_final(&id(), MINUTE));
    assert_eq!(ended.unwrap().state, NumberVerifyState::Completed);
    assert_eq!(scripted.transport.unplayed(), 0);
}

#[test]
fn a_check_that_does_not_end_is_a_timeout_at_the_time_that_was_given() {
    for seconds in [1, 10, 3600] {
        let scripted = Scripted::new(std::iter::repeat_n(pending(), 2000));
        let began = scripted.clock.now();
        let within = Duration::from_secs(seconds);
        let error = scripted
            .run(scripted.client.number_verify().until_final(&id(), within))
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        assert_eq!(error.operation(), "number_verify.get");
        assert!(error.is_safe_to_repeat());
        let elapsed = scripted.clock.now() - began;
        assert!(
            elapsed <= within && elapsed + Duration::from_secs(1) >= within,
            "{elapsed:?}"
        );
    }
}

#[test]
fn the_longest_distance_can_be_set_and_the_limit_of_requests_holds() {
    let scripted = Scripted::new([
        pending(),
        pending(),
        pending(),
        Step::json(200, check("failed", "null")),
    ]);
    let began = scripted.clock.now();
    let wait = scripted.client.number_verify().until_final(&id(), MINUTE);
    scripted.run(wait.interval(Duration::from_millis(100))).unwrap();
    assert_eq!(
        scripted.clock.now() - began,
        Duration::from_secs(3),
        "one request per second"
    );

    let scripted = Scripted::with(
        [pending(), pending(), Step::json(200, check("failed", "null"))],
        cm_identity::Config::without_rate_limit,
    );
    let began = scripted.clock.now();
    let wait = scripted.client.number_verify().until_final(&id(), MINUTE);
    scripted.run(wait.interval(Duration::from_millis(100))).unwrap();
    assert_eq!(scripted.clock.now() - began, Duration::from_millis(200));
}

#[test]
fn failures_in_passing_are_asked_again_and_others_end_the_wait() {
    let scripted = Scripted::new([
        Step::json(503, "{}"),
        Step::json(503, "{}"),
        Step::json(503, "{}"),
        Step::CutBody,
        Step::json(200, check("completed", "true")),
    ]);
    let ended = scripted.run(scripted.client.number_verify().until_final(&id(), MINUTE));
    assert!(ended.unwrap().is_match());

    for (step, kind) in [
        (Step::json(404, "{}"), ErrorKind::Provider),
        (Step::json(403, "{}"), ErrorKind::Auth),
        (Step::json(200, "{}"), ErrorKind::Decode),
        (
            Step::json(200, r#"{"id":"another","state":"completed","match":true}"#),
            ErrorKind::Decode,
        ),
    ] {
        let scripted = Scripted::new([pending(), step, pending()]);
        let error = scripted
            .run(scripted.client.number_verify().until_final(&id(), MINUTE))
            .unwrap_err();
        assert_eq!((error.kind(), scripted.transport.unplayed()), (kind, 1));
    }
}
