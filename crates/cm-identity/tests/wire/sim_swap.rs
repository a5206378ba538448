//! "Changed within this time": honest for each way to ask.

use std::time::{Duration, SystemTime};

use cm_identity::testing::Step;
use cm_identity::{Answer, ServiceType, SimChange, SimSwap};

use crate::support::{NOW, Scripted, number};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;
const ASKED: [ServiceType; 3] = [
    ServiceType::Timestamp,
    ServiceType::Last24Hours,
    ServiceType::Range,
];

fn swap(asked: ServiceType, answer: &str) -> Answer<SimSwap> {
    let scripted = Scripted::new([Step::json(200, answer.to_owned())]);
    scripted
        .run(scripted.client.sim_swap().check(number(), asked))
        .unwrap()
}

#[track_caller]
fn assert_changed(swap: &SimSwap, expected: &[(u64, Option<bool>)]) {
    for (seconds, changed) in expected {
        assert_eq!(
            swap.changed_within(Duration::from_secs(*seconds)),
            *changed,
            "within {seconds} s"
        );
    }
}

#[test]
fn a_timestamp_is_exact_against_the_time_of_the_answer() {
    // A week before the clock of these tests, to the second.
    let swap = swap(
        ServiceType::Timestamp,
        r#"{"state":"success","timestamp":"2025-02-03T04:05:06Z"}"#,
    );
    assert_changed(
        &swap,
        &[
            (0, Some(false)),
            (7 * DAY - 1, Some(false)),
            (7 * DAY, Some(true)),
            (u64::MAX, Some(true)),
        ],
    );
}

#[test]
fn the_time_of_the_answer_is_that_of_its_arrival() {
    let scripted = Scripted::new([
        Step::json(429, "{}").header("retry-after", "20"),
        Step::json(200, r#"{"timestamp":"2025-02-10T04:05:06Z"}"#),
    ]);
    let swap = scripted.run(scripted.client.sim_swap().check(number(), ServiceType::Timestamp));
    let swap = swap.unwrap();
    assert_changed(&swap, &[(19, Some(false)), (20, Some(true))]);
    // Time that passes after that does not make the change older.
    scripted.clock.advance(Duration::from_secs(DAY));
    assert_changed(&swap, &[(19, Some(false)), (20, Some(true))]);
}

#[test]
fn a_machine_that_is_ahead_does_not_make_a_change_older() {
    // This machine is a week ahead of the provider.
    let answer = Step::json(200, r#"{"timestamp":"2025-02-03T04:05:06Z"}"#)
        .header("date", "Mon, 03 Feb 2025 05:05:06 GMT");
    let scripted = Scripted::new([answer]);
    let swap = scripted.run(scripted.client.sim_swap().check(number(), ServiceType::Timestamp));
    assert_changed(&swap.unwrap(), &[(HOUR - 1, Some(false)), (HOUR, Some(true))]);
    // What is no date does not count.
    let answer = Step::json(200, r#"{"timestamp":"2025-02-03T04:05:06Z"}"#).header("date", "today");
    let scripted = Scripted::new([answer]);
    let swap = scripted.run(scripted.client.sim_swap().check(number(), ServiceType::Timestamp));
    assert_changed(
        &swap.unwrap(),
        &[(7 * DAY - 1, Some(false)), (7 * DAY, Some(true))],
    );
}

#[test]
fn a_date_that_lies_ahead_does_not_make_a_change_older() {
    // Swapped 6 s ago; whoever wrote the `Date` is two weeks ahead.
    let answer = Step::json(200, r#"{"state":"success","timestamp":"2025-02-10T04:05:00Z"}"#)
        .header("date", "Mon, 24 Feb 2025 04:05:06 GMT");
    let scripted = Scripted::new([answer]);
    let swap = scripted.run(scripted.client.sim_swap().check(number(), ServiceType::Timestamp));
    assert_changed(
        &swap.unwrap(),
        &[(5, Some(false)), (6, Some(true)), (7 * DAY, Some(true))],
    );
}

#[test]
fn a_change_that_lies_ahead_was_just_now() {
    let swap = swap(ServiceType::Timestamp, r#"{"timestamp":"2025-02-10T04:06:00Z"}"#);
    assert_changed(&swap, &[(0, Some(true)), (DAY, Some(true))]);
}

#[test]
fn a_zero_date_says_nothing() {
    for date in [
        "0001-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "1990-12-31T23:59:59Z",
    ] {
        let swap = swap(ServiceType::Timestamp, &format!(r#"{{"timestamp":"{date}"}}"#));
        assert_changed(&swap, &[(0, None), (DAY, None), (u64::MAX, None)]);
    }
    let swap = swap(ServiceType::Timestamp, r#"{"timestamp":"1991-01-01T00:00:00Z"}"#);
    assert_changed(&swap, &[(DAY, Some(false))]);
}

#[test]
fn the_last_24_hours_answer_only_what_they_can() {
    assert_changed(
        &swap(ServiceType::Last24Hours, r#"{"24h":true}"#),
        &[
            (HOUR, None),
            (DAY - 1, None),
            (DAY, Some(true)),
            (7 * DAY, Some(true)),
        ],
    );
    assert_changed(
        &swap(ServiceType::Last24Hours, r#"{"24h":false}"#),
        &[
            (0, Some(false)),
            (DAY, Some(false)),
            (DAY + 1, None),
            (7 * DAY, None),
        ],
    );
}

#[test]
fn a_range_has_its_upper_bound_in_gt_and_its_lower_one_in_lt() {
    assert_changed(
        &swap(ServiceType::Range, r#"{"range":{"gt":1209600,"lt":604800}}"#),
        &[
            (DAY, Some(false)),
            (7 * DAY - 1, Some(false)),
            (7 * DAY, None),
            (14 * DAY - 1, None),
            (14 * DAY, Some(true)),
        ],
    );
    let older = swap(ServiceType::Range, r#"{"range":{"gt":1209600,"lt":-1}}"#);
    assert_changed(
        &older,
        &[(14 * DAY, Some(false)), (14 * DAY + 1, None), (u64::MAX, None)],
    );
    let SimChange::Range(range) = older.change else {
        panic!("{older:?}")
    };
    assert_eq!(
        (range.at_least(), range.at_most()),
        (Duration::from_secs(14 * DAY), None)
    );
    let recent = swap(ServiceType::Range, r#"{"range":{"gt":86400,"lt":0}}"#);
    assert_changed(&recent, &[(0, None), (DAY - 1, None), (DAY, Some(true))]);
}

#[test]
fn a_range_in_another_shape_is_unknown_and_kept() {
    for range in [
        r#"{"gt":604800,"lt":1209600}"#,
        r#"{"gt":604800,"lt":-2}"#,
        r#"{"gt":-1,"lt":-1}"#,
        r#"{"gt":604800}"#,
        r#"{"lt":604800}"#,
        r#"{"gt":"604800","lt":"0"}"#,
        r#"{"gt":604800.5,"lt":0}"#,
        r#"{"gt":1,"gt":604800,"lt":0}"#,
        r#"{"gt":1262304001,"lt":-1}"#,
        r#"{"gt":1262304001,"lt":1262304001}"#,
        r#"{"gt":2147483647,"lt":-1}"#,
        r#"{"gt":18446744073709551615,"lt":-1}"#,
        r#"{"gt":18446744073709551615,"lt":9223372036854775807}"#,
        "[1209600,604800]",
        "604800",
        "\"7d\"",
        "null",
        "{}",
    ] {
        let answer = format!(r#"{{"state":"success","range":{range}}}"#);
        let swap = swap(ServiceType::Range, &answer);
        assert_eq!(swap.change, SimChange::Unknown, "{range}");
        assert_changed(&swap, &[(0, None), (u64::MAX, None)]);
        assert_eq!(&swap.raw()[..], answer.as_bytes());
    }
}

#[test]
fn a_range_may_reach_back_40_years_and_no_further() {
    let years = 40 * 365 * DAY + 10 * DAY;
    assert_eq!(years, 1_262_304_000);
    for (range, at_least) in [
        (r#"{"gt":1262304000,"lt":-1}"#, Some(false)),
        (r#"{"gt":18446744073709551615,"lt":1262304000}"#, None),
    ] {
        let swap = swap(ServiceType::Range, &format!(r#"{{"range":{range}}}"#));
        assert_changed(&swap, &[(years - 1, Some(false)), (years, at_least)]);
    }
}

#[test]
fn without_success_or_without_a_choice_nothing_is_known() {
    for answer in [
        "{}",
        r#"{"state":"success"}"#,
        r#"{"state":"success","24h":null,"timestamp":null}"#,
        r#"{"state":"failed","24h":false}"#,
        r#"{"state":"Success","24h":false}"#,
        r#"{"state":"","timestamp":"2020-02-03T04:05:06Z"}"#,
        r#"{"state":"noData","range":{"gt":1209600,"lt":604800}}"#,
        r#"{"state":"success","24h":false,"timestamp":"2020-02-03T04:05:06Z"}"#,
        r#"{"other":true}"#,
    ] {
        for asked in ASKED {
            let swap = swap(asked, answer);
            assert_eq!(swap.change, SimChange::Unknown, "{answer}");
            assert_changed(&swap, &[(0, None), (DAY, None), (u64::MAX, None)]);
        }
    }
}

#[test]
fn an_answer_to_another_question_is_an_error() {
    let answers = [
        r#"{"timestamp":"2020-02-03T04:05:06Z"}"#,
        r#"{"24h":false}"#,
        r#"{"range":{"gt":1209600,"lt":604800}}"#,
    ];
    for (asked, own) in ASKED.into_iter().zip(answers) {
        for answer in answers {
            let scripted = Scripted::new([Step::json(200, answer)]);
            let read = scripted.run(scripted.client.sim_swap().check(number(), asked));
            match read {
                Ok(_) => assert_eq!(answer, own),
                Err(error) => {
                    assert_ne!(answer, own);
                    assert!(error.is_decode());
                    assert_eq!(&error.body()[..], answer.as_bytes(), "nothing is lost");
                }
            }
        }
    }
}

#[test]
fn a_stored_answer_is_read_again_with_the_time_it_came() {
    let stored = serde_json::to_vec(&swap(
        ServiceType::Timestamp,
        r#"{"timestamp":"2025-02-03T04:05:06Z"}"#,
    ))
    .unwrap();
    let swap = Answer::<SimSwap>::from_json(stored).unwrap();
    assert_changed(&swap, &[(7 * DAY, None)]);
    let came = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
    assert_eq!(
        swap.changed_within_at(Duration::from_secs(7 * DAY), came),
        Some(true)
    );
    assert_eq!(
        swap.changed_within_at(Duration::from_secs(7 * DAY - 1), came),
        Some(false)
    );
    // It is the same answer, whenever it was read.
    let read = || Answer::<SimSwap>::from_json(r#"{"timestamp":"2025-02-03T04:05:06Z"}"#).unwrap();
    let scripted = Scripted::new([Step::json(200, read().raw().clone())]);
    let answered = scripted.run(scripted.client.sim_swap().check(number(), ServiceType::Timestamp));
    assert_eq!(answered.unwrap().into_inner(), read().into_inner());
    // The others speak of the time before the answer and need no clock.
    let swap = Answer::<SimSwap>::from_json(r#"{"24h":false}"#).unwrap();
    assert_changed(&swap, &[(DAY, Some(false))]);
}
