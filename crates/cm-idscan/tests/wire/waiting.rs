//! `until_final`: asks as often as it should, for as long as the transaction lives, and never in real time.

use std::time::Duration;

use cm_idscan::testing::Step;
use cm_idscan::{Clock as _, CreatedTransaction, ErrorKind, TransactionState};

use crate::support::{CREATED, Scripted, id, in_state, read};

fn pending(count: usize) -> impl Iterator<Item = Step> {
    std::iter::repeat_n(Step::json(200, in_state("pending")), count)
}

#[test]
fn it_ends_when_the_transaction_does() {
    for state in ["completed", "expired", "failed"] {
        let end = Step::json(200, in_state(state));
        let scripted = Scripted::new(pending(7).chain([end, Step::json(200, "never")]));
        let created = read::<CreatedTransaction>(CREATED);
        let began = scripted.clock.now();
        let transaction = scripted
            .run(scripted.client.transactions().until_final(&created))
            .unwrap();
        assert_eq!(transaction.state.as_str(), state, "whatever its end is called");
        assert_eq!(scripted.transport.seen().len(), 8);
        // 1 s, growing by half: 1 + 1.5 + 2.25 + 3.375 + 5.0625 + 7.59375 + 10.
        let waited = scripted.clock.now() - began;
        assert_eq!(waited.as_millis(), 30_781);
    }
}

/// By the provider's clock alone: one that is wrong on our side neither ends the wait nor draws it out.
#[test]
fn it_is_bounded_by_the_life_whatever_the_answer_says() {
    for (created, expires, seconds) in [
        ("2026-01-01T00:00:00+00:00", "2026-01-01T01:00:00+00:00", 3605),
        ("2001-01-01T00:00:00+00:00", "2001-01-01T02:00:00+00:00", 7205),
        ("2036-01-01T00:00:00+01:00", "2036-01-01T23:00:00+00:00", 86_405),
        // What is no life of a transaction counts as none.
        ("2026-01-01T02:00:00+00:00", "2026-01-01T01:00:00+00:00", 3605),
        ("2026-01-01T00:00:00+00:00", "2026-01-01T00:00:00+00:00", 3605),
        ("2026-01-01T00:00:00+00:00", "2036-01-01T00:00:00+00:00", 3605),
        ("0001-01-01T00:00:00+00:00", "9999-12-31T00:00:00+00:00", 3605),
        ("2026-01-01T00:00:00+00:00", "nonsense", 3605),
        ("nonsense", "2026-01-01T02:00:00+00:00", 3605),
    ] {
        let answer = CREATED.replace("2026-01-01T01:00:00+00:00", expires).replace(
            r#""created":"2026-01-01T00:00:00+00:00""#,
            &format!(r#""created":"{created}""#),
        );
        let created = read::<CreatedTransaction>(&answer);
        let scripted = Scripted::new(pending(10_000));
        let began = scripted.clock.now();
        let wait = scripted.client.transactions().until_final(&created);
        let error = scripted.run(wait).unwrap_err();
        assert_eq!(
            (error.kind(), error.operation()),
            (ErrorKind::Timeout, "transaction.get")
        );
        let waited = (scripted.clock.now() - began).as_secs();
        assert!((seconds - 2..=seconds).contains(&waited), "{answer}: {waited}");
        let asked = u64::try_from(scripted.transport.seen().len()).unwrap();
        assert!((seconds / 10..seconds / 10 + 10).contains(&asked), "{asked}");
    }
}

#[test]
fn by_id_it_takes_an_hour_or_what_it_is_told() {
    let scripted = Scripted::new(pending(1000));
    let began = scripted.clock.now();
    let wait = scripted.client.transactions().until_final_by_id(&id());
    assert!(scripted.run(wait).unwrap_err().is_timeout());
    assert_eq!((scripted.clock.now() - began).as_secs() / 10, 360);

    let scripted = Scripted::new(pending(100));
    let began = scripted.clock.now();
    let wait = scripted
        .client
        .transactions()
        .until_final_by_id(&id())
        .within(Duration::from_secs(20))
        .interval(Duration::from_secs(2));
    assert!(scripted.run(wait).unwrap_err().is_timeout());
    assert!((19..=20).contains(&(scripted.clock.now() - began).as_secs()));
    assert!((10..=13).contains(&scripted.transport.seen().len()));
}

#[test]
fn failures_in_passing_are_asked_again_and_others_are_not() {
    let down = || std::iter::repeat_n(Step::json(503, "{}"), 3);
    let scripted = Scripted::new(down().chain([Step::json(200, in_state("completed"))]));
    let wait = scripted.client.transactions().until_final_by_id(&id());
    assert_eq!(scripted.run(wait).unwrap().state, TransactionState::Completed);

    let scripted = Scripted::new([Step::json(404, r#"{"status":404,"message":"no"}"#)]);
    let wait = scripted.client.transactions().until_final_by_id(&id());
    assert_eq!(scripted.run(wait).unwrap_err().status().unwrap(), 404);
}
