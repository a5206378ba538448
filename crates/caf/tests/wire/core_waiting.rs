//! `until_final`: asks as often as it should, for as long as it is told to, and never in real time.

use std::time::Duration;

use caf::testing::Step;
use caf::{Clock as _, ErrorKind};

use crate::core_support::{BASE, ID, id, with_status};
use crate::support::Scripted;

fn in_status(word: &str, count: usize) -> impl Iterator<Item = Step> {
    std::iter::repeat_n(Step::json(200, with_status(&format!("\"{word}\""))), count)
}

#[test]
fn it_goes_on_while_something_is_to_come() {
    for end in ["APPROVED", "REPROVED", "A_NEW_WORD"] {
        let steps = in_status("PROCESSING", 4)
            .chain(in_status("PENDING", 2))
            .chain(in_status("WAITING_DOCUMENTS", 1))
            .chain(in_status(end, 1))
            .chain([Step::json(200, "never")]);
        let scripted = Scripted::core(steps);
        let began = scripted.clock.now();
        let transaction = scripted.run(scripted.transactions().until_final(&id())).unwrap();
        assert_eq!(transaction.status.as_str(), end);
        assert_eq!(transaction.is_approved(), end == "APPROVED");
        let seen = scripted.transport.seen();
        assert_eq!(seen.len(), 8);
        for request in seen {
            assert_eq!(request.uri.to_string(), format!("{BASE}/transactions/{ID}"));
        }
        // 1 s, growing by half: 1 + 1.5 + 2.25 + 3.375 + 5.0625 + 7.59375 + 10.
        assert_eq!((scripted.clock.now() - began).as_millis(), 30_781);
    }
}

#[test]
fn it_ends_after_ten_minutes_or_what_it_is_told() {
    for (within, seconds) in [(None, 600), (Some(Duration::from_secs(45)), 45)] {
        let scripted = Scripted::core(in_status("PENDING", 1000));
        let began = scripted.clock.now();
        let mut wait = scripted.transactions().until_final(&id());
        if let Some(within) = within {
            wait = wait.within(within).interval(Duration::from_secs(3));
        }
        let error = scripted.run(wait).unwrap_err();
        assert_eq!(
            (error.kind(), error.operation()),
            (ErrorKind::Timeout, "core_transaction.get")
        );
        let waited = (scripted.clock.now() - began).as_secs();
        assert!((seconds - 2..=seconds).contains(&waited), "{waited}");
    }
}

#[test]
fn failures_in_passing_are_asked_again_and_others_end_it() {
    let steps = [Step::json(503, "{}"), Step::json(502, "<html>")]
        .into_iter()
        .chain(in_status("APPROVED", 1));
    let scripted = Scripted::core(steps);
    let transaction = scripted.run(scripted.transactions().until_final(&id())).unwrap();
    assert!(transaction.is_approved());

    for (step, kind) in [
        (Step::json(401, "{}"), ErrorKind::Auth),
        (Step::json(404, "{}"), ErrorKind::Provider),
        (Step::json(200, r#"{"status":"APPROVED"}"#), ErrorKind::Decode),
        (Step::json(200, with_status("true")), ErrorKind::Decode),
    ] {
        let scripted = Scripted::core([step].into_iter().chain(in_status("APPROVED", 3)));
        let error = scripted
            .run(scripted.transactions().until_final(&id()))
            .unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(scripted.transport.seen().len(), 1);
    }
}
