//! SIM swap, identity match, and number verify by asking.

use std::time::Duration;

use cm_identity::{Attribute, Client, DateOfBirth, Repeat, ServiceType, SimChange, State};
use verikit_sandbox::CmNumberVerifyOutcome;

use crate::support::{CALLBACK_URL, client, number, sandbox, settings};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn sim_swaps_of_every_age_in_every_way() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    // Within a day, a week, 30 days: what each way to ask can say. A range does not say on which side of its
    // lower bound a change at that very age lies.
    for (text, timestamp, last_24_hours, range) in [
        (
            "+31600000011",
            [Some(true), Some(true), Some(true)],
            [Some(true), Some(true), Some(true)],
            [Some(true), Some(true), Some(true)],
        ),
        (
            "+31600000013",
            [Some(false), Some(true), Some(true)],
            [Some(false), None, None],
            [None, Some(true), Some(true)],
        ),
        (
            "+31600000014",
            [Some(false), Some(false), Some(true)],
            [Some(false), None, None],
            [Some(false), None, Some(true)],
        ),
        (
            "+31600000042",
            [Some(false), Some(false), Some(false)],
            [Some(false), None, None],
            [Some(false), Some(false), Some(false)],
        ),
        ("+31600000097", [None; 3], [None; 3], [None; 3]),
        ("+31600000098", [None; 3], [None; 3], [None; 3]),
    ] {
        for (asked, expected) in [
            (ServiceType::Timestamp, timestamp),
            (ServiceType::Last24Hours, last_24_hours),
            (ServiceType::Range, range),
        ] {
            let swap = client.sim_swap().check(number(text), asked).await.unwrap();
            let changed = [DAY, 7 * DAY, 30 * DAY].map(|time| swap.changed_within(time));
            assert_eq!(changed, expected, "{text} {asked:?}: {swap:?}");
            let unsuccessful = swap.state.as_ref() != Some(&State::Success);
            assert_eq!(unsuccessful, text.ends_with("98"));
            assert!(!unsuccessful || swap.change == SimChange::Unknown);
        }
    }
    let calls = sandbox.calls();
    assert_eq!(calls.len(), 18);
    assert!(
        calls
            .iter()
            .all(|call| call.status() == Some(http::StatusCode::OK))
    );
}

/// Contract cm-identity, 7; the last row's date is cut off there.
const PERSONS: [(&str, &str, &str, &str, &str, &str); 12] = [
    (
        "+31610000001",
        "Joris",
        "Verhoeven",
        "123",
        "1234 AB",
        "1963-12-31",
    ),
    ("+31610000002", "Anna", "Jansen", "456", "5678 CD", "2019-03-01"),
    ("+31610000003", "Lars", "De Vries", "789", "9012 EF", "1995-07-15"),
    ("+4915100000001", "Hans", "Mueller", "123", "12345", "2018-12-31"),
    ("+4915100000002", "Greta", "Schmidt", "456", "67890", "1968-03-22"),
    ("+4915100000003", "Felix", "Wagner", "789", "54321", "1987-11-09"),
    ("+447710000001", "James", "Smith", "123", "AB12 3CD", "1980-09-28"),
    ("+447710000002", "Emma", "Brown", "456", "EF45 6GH", "2016-12-31"),
    (
        "+447710000003",
        "Oliver",
        "Taylor",
        "789",
        "IJ78 9KL",
        "1992-05-17",
    ),
    ("+33610000001", "Pierre", "Dubois", "123", "12345", "1988-04-12"),
    ("+33610000002", "Sophie", "Martin", "456", "67890", "2020-12-31"),
    ("+33610000003", "Antoine", "Leroy", "789", "54321", "2001-09-01"),
];

const ALL: [Attribute; 6] = [
    Attribute::FirstName,
    Attribute::LastName,
    Attribute::Name,
    Attribute::Address,
    Attribute::PostalCode,
    Attribute::DateOfBirth,
];

#[tokio::test]
async fn the_vendors_test_persons_match_and_score_on_both_bases() {
    let sandbox = sandbox().await;
    let vendors_sandbox = settings(&sandbox)
        .base_url(sandbox.cm().mobile_identity_sandbox_url().as_str())
        .build()
        .unwrap();
    for client in [client(&sandbox), vendors_sandbox] {
        for (phone, first, last, address, postal_code, born) in PERSONS {
            let born = DateOfBirth::parse(born).unwrap();
            let compare = client.identity_match().compare(number(phone));
            let compare = compare.first_name(first).last_name(last).address(address);
            let result = compare.postal_code(postal_code).date_of_birth(born.clone()).await;
            assert!(result.unwrap().all_match(&ALL), "{phone}");

            let score = client.identity_match().score(number(phone));
            let score = score.first_name("Somebody").last_name(last).address(address);
            let score = score.postal_code(postal_code).date_of_birth(born).await.unwrap();
            assert_eq!(
                ALL.map(|attribute| score.get(attribute)),
                [0.0, 100.0, 0.0, 100.0, 100.0, 100.0].map(Some),
                "{phone}"
            );
        }
    }
}

#[tokio::test]
async fn a_wrong_postal_code_does_not_match_and_no_data_is_no_answer() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let compare = client.identity_match().compare(number("+31610000001"));
    let result = compare
        .last_name("Verhoeven")
        .postal_code("9999 ZZ")
        .await
        .unwrap();
    assert_eq!((result.last_name, result.postal_code), (Some(true), Some(false)));
    assert!(!result.all_match(&[Attribute::LastName, Attribute::PostalCode]));
    for text in ["+31600000097", "+31600000098"] {
        let result = client
            .identity_match()
            .compare(number(text))
            .last_name("X")
            .await
            .unwrap();
        assert_eq!(ALL.map(|attribute| result.get(attribute)), [None; 6], "{text}");
    }
}

async fn begin(client: &Client) -> cm_identity::Answer<cm_identity::CreatedNumberVerify> {
    let create = client
        .number_verify()
        .create(number("+31600000042"), CALLBACK_URL);
    create.await.unwrap()
}

#[tokio::test]
async fn number_verify_by_asking_until_each_end() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    for (outcome, verdict) in [
        (CmNumberVerifyOutcome::Match, Some(true)),
        (CmNumberVerifyOutcome::NoMatch, Some(false)),
        (CmNumberVerifyOutcome::Failed, None),
    ] {
        let check = begin(&client).await;
        let read = client.number_verify().get(&check.id).await.unwrap();
        assert_eq!((read.state.as_str(), read.verdict()), ("pending", None));

        let waiting = tokio::spawn({
            let wait = client
                .number_verify()
                .until_final(&check.id, Duration::from_secs(20))
                .interval(Duration::from_millis(100));
            wait.send()
        });
        let mobile_identity = sandbox.cm().mobile_identity();
        assert!(mobile_identity.finish_number_verify(check.id.as_str(), outcome));
        let ended = waiting.await.unwrap().unwrap();
        assert!(ended.state.is_final());
        assert_eq!(ended.verdict(), verdict);
    }
}

#[tokio::test]
async fn the_escape_hatch_reads_what_a_typed_call_reads() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let check = begin(&client).await;
    let reply = client
        .request(http::Method::GET, ["number-verify", check.id.as_str()])
        .repeat(Repeat::Safe)
        .await
        .unwrap();
    let read: serde_json::Value = serde_json::from_slice(reply.body()).unwrap();
    assert_eq!(read["id"], check.id.as_str());
    assert_eq!(read["state"], "pending");
}
