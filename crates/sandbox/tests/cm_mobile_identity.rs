//! CM.com Mobile Identity: SIM swap, identity match, the rate limit.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::time::{Duration, SystemTime};

use http::Method;
use serde_json::{Value, json};
use support::cm::{Token, post};
use support::{Answer, builder, call, sandbox};
use verikit_sandbox::{CmRateLimit, Sandbox, SandboxClock};

const DAY: u64 = 24 * 3600;

async fn call_service(sandbox: &Sandbox, service: &str, body: &Value) -> Answer {
    let url = format!("{}/{service}", sandbox.cm().mobile_identity_url());
    post(sandbox, &url, body).await
}

async fn sim_swap(sandbox: &Sandbox, number: &str, service_type: &str) -> Answer {
    let body = json!({ "phoneNumber": number, "serviceType": service_type });
    call_service(sandbox, "sim-swap", &body).await
}

/// The person of a row of the documents' table, as a request for `match`.
fn request(row: [&str; 6]) -> Value {
    json!({
        "phoneNumber": row[0],
        "serviceType": "match",
        "firstName": row[1],
        "lastName": row[2],
        "address": row[3],
        "postalCode": row[4],
        "dateOfBirth": row[5],
    })
}

fn with(mut body: Value, member: &str, value: Value) -> Value {
    body[member] = value;
    body
}

/// Contract cm-identity, 7, as printed there.
const PERSONS: [[&str; 6]; 12] = [
    [
        "+31610000001",
        "Joris",
        "Verhoeven",
        "123",
        "1234 AB",
        "1963-12-31",
    ],
    ["+31610000002", "Anna", "Jansen", "456", "5678 CD", "2019-03-01"],
    ["+31610000003", "Lars", "De Vries", "789", "9012 EF", "1995-07-15"],
    ["+4915100000001", "Hans", "Mueller", "123", "12345", "2018-12-31"],
    ["+4915100000002", "Greta", "Schmidt", "456", "67890", "1968-03-22"],
    ["+4915100000003", "Felix", "Wagner", "789", "54321", "1987-11-09"],
    ["+447710000001", "James", "Smith", "123", "AB12 3CD", "1980-09-28"],
    ["+447710000002", "Emma", "Brown", "456", "EF45 6GH", "2016-12-31"],
    [
        "+447710000003",
        "Oliver",
        "Taylor",
        "789",
        "IJ78 9KL",
        "1992-05-17",
    ],
    ["+33610000001", "Pierre", "Dubois", "123", "12345", "1988-04-12"],
    ["+33610000002", "Sophie", "Martin", "456", "67890", "2020-12-31"],
    ["+33610000003", "Antoine", "Leroy", "789", "54321", "2001-09-0"],
];

const MEMBERS: [(&str, &str); 5] = [
    ("firstName", "Nobody"),
    ("lastName", "Nobody"),
    ("address", "1"),
    ("postalCode", "0000 ZZ"),
    ("dateOfBirth", "1900-01-01"),
];

#[tokio::test]
async fn a_number_stands_for_the_age_of_its_last_sim_change() {
    let sandbox = sandbox().await;
    for (ending, timestamp, within_24_hours, range) in [
        ("11", "2024-05-02T08:10:11Z", true, (DAY, json!(0))),
        ("12", "2024-05-01T13:10:11Z", true, (DAY, json!(0))),
        ("13", "2024-04-29T09:10:11Z", false, (7 * DAY, json!(DAY))),
        ("14", "2024-04-22T09:10:11Z", false, (14 * DAY, json!(7 * DAY))),
        ("15", "2024-04-12T09:10:11Z", false, (30 * DAY, json!(14 * DAY))),
        ("42", "2023-03-29T09:10:11Z", false, (30 * DAY, json!(-1))),
    ] {
        let number = format!("+316000000{ending}");
        let expected = [
            ("timestamp", json!(timestamp)),
            ("24h", json!(within_24_hours)),
            ("range", json!({ "gt": range.0, "lt": range.1 })),
        ];
        for (service_type, result) in expected {
            let answer = sim_swap(&sandbox, &number, service_type).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("content-type"), "application/json");
            assert_eq!(
                answer.json(),
                json!({ "state": "success", service_type: result }),
                "{number}"
            );
        }
    }
}

#[tokio::test]
async fn the_age_counts_from_the_sandboxs_time() {
    let sandbox = sandbox().await;
    sandbox.clock().advance(Duration::from_secs(366 * DAY));
    let answer = sim_swap(&sandbox, "+31600000012", "timestamp").await;
    assert_eq!(answer.json()["timestamp"], "2025-05-02T13:10:11Z");
}

#[tokio::test]
async fn operators_can_have_no_data_or_fail() {
    let sandbox = sandbox().await;
    for service_type in ["timestamp", "24h", "range"] {
        let answer = sim_swap(&sandbox, "+31600000097", service_type).await;
        assert_eq!(answer.json(), json!({ "state": "success", service_type: null }));
        let answer = sim_swap(&sandbox, "+31600000098", service_type).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()),
            (200, json!({ "state": "failed" }))
        );
        let answer = sim_swap(&sandbox, "+31600000099", service_type).await;
        assert_eq!(answer.status, 502);
        assert_eq!(answer.json()["status"], 502);
    }
    let row = PERSONS[0];
    let body = |number: &str| with(request(row), "phoneNumber", json!(number));
    let answer = call_service(&sandbox, "identity-match", &body("+31600000097"))
        .await
        .json();
    assert_eq!(
        (&answer["state"], &answer["nameMatch"]),
        (&json!("success"), &Value::Null)
    );
    let answer = call_service(&sandbox, "identity-match", &body("+31600000098")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()),
        (200, json!({ "state": "failed" }))
    );
    let answer = call_service(&sandbox, "identity-match", &body("+31600000099")).await;
    assert_eq!(answer.status, 502);
}

#[tokio::test]
async fn the_sandbox_base_has_the_same_services() {
    let sandbox = sandbox().await;
    let base = sandbox.cm().mobile_identity_sandbox_url();
    let body = json!({ "phoneNumber": "+31600000012", "serviceType": "24h" });
    let answer = post(&sandbox, &format!("{base}/sim-swap"), &body).await;
    assert_eq!(answer.json(), json!({ "state": "success", "24h": true }));
    let answer = post(&sandbox, &format!("{base}/identity-match"), &request(PERSONS[0])).await;
    assert_eq!(answer.json()["nameMatch"], true);
}

#[tokio::test]
async fn every_test_person_matches_and_scores() {
    let sandbox = sandbox().await;
    for row in PERSONS {
        let body = request(row);
        let answer = call_service(&sandbox, "identity-match", &body).await;
        assert_eq!(answer.status, 200, "{row:?}");
        assert_eq!(
            answer.json(),
            json!({
                "state": "success", "firstNameMatch": true, "lastNameMatch": true, "nameMatch": true,
                "addressMatch": true, "postalCodeMatch": true, "dateOfBirthMatch": true,
            }),
            "{row:?}"
        );
        let score = call_service(
            &sandbox,
            "identity-match",
            &with(body, "serviceType", json!("score")),
        )
        .await;
        assert_eq!(
            score.json(),
            json!({
                "state": "success", "firstNameScore": 100, "lastNameScore": 100, "nameScore": 100,
                "addressScore": 100, "postalCodeScore": 100, "dateOfBirthScore": 100,
            }),
            "{row:?}"
        );
    }
}

#[tokio::test]
async fn each_wrong_attribute_is_told_apart() {
    let sandbox = sandbox().await;
    for row in PERSONS {
        for (member, wrong) in MEMBERS {
            let body = with(request(row), member, json!(wrong));
            for (service_type, suffix, agrees, differs) in [
                ("match", "Match", json!(true), json!(false)),
                ("score", "Score", json!(100), json!(0)),
            ] {
                let body = with(body.clone(), "serviceType", json!(service_type));
                let answer = call_service(&sandbox, "identity-match", &body).await.json();
                for (other, _) in MEMBERS {
                    let expected = if other == member { &differs } else { &agrees };
                    assert_eq!(&answer[format!("{other}{suffix}")], expected, "{row:?} {member}");
                }
                let is_name = member.ends_with("Name");
                let expected = if is_name { &differs } else { &agrees };
                assert_eq!(&answer[format!("name{suffix}")], expected, "{row:?} {member}");
            }
        }
    }
}

#[tokio::test]
async fn the_cut_off_date_is_any_that_it_can_be() {
    let sandbox = sandbox().await;
    for (date, expected) in [("2001-09-01", true), ("2001-09-09", true), ("2001-09-10", false)] {
        let body = with(request(PERSONS[11]), "dateOfBirth", json!(date));
        let answer = call_service(&sandbox, "identity-match", &body).await.json();
        assert_eq!(answer["dateOfBirthMatch"], expected, "{date}");
    }
    // The text itself is nobody else's date.
    let body = with(request(PERSONS[0]), "dateOfBirth", json!("2001-09-0"));
    let answer = call_service(&sandbox, "identity-match", &body).await.json();
    assert_eq!(answer["dateOfBirthMatch"], false);
}

#[tokio::test]
async fn what_is_not_sent_or_not_known_does_not_match() {
    let sandbox = sandbox().await;
    let body = json!({
        "phoneNumber": "+31610000001", "serviceType": "match", "lastName": "Verhoeven",
        "address2": "back door", "address3": "Utrecht",
    });
    assert_eq!(
        call_service(&sandbox, "identity-match", &body).await.json(),
        json!({
            "state": "success", "firstNameMatch": false, "lastNameMatch": true, "nameMatch": false,
            "addressMatch": false, "postalCodeMatch": false, "dateOfBirthMatch": false,
        })
    );
    // Character by character.
    let body = with(request(PERSONS[0]), "lastName", json!("verhoeven"));
    let answer = call_service(&sandbox, "identity-match", &body).await.json();
    assert_eq!(answer["lastNameMatch"], false);
    // A number that is no test person's.
    let body = with(request(PERSONS[0]), "phoneNumber", json!("+31600000042"));
    let answer = call_service(&sandbox, "identity-match", &body).await.json();
    for (name, value) in answer.as_object().unwrap() {
        assert_eq!(
            value,
            &if name == "state" {
                json!("success")
            } else {
                json!(false)
            },
            "{name}"
        );
    }
}

#[tokio::test]
async fn requests_are_read_strictly() {
    let sandbox = sandbox().await;
    let swap = json!({ "phoneNumber": "+31600000042", "serviceType": "24h" });
    let person = request(PERSONS[0]);
    for (service, good, member, value) in [
        ("sim-swap", &swap, "serviceType", json!("48h")),
        ("sim-swap", &swap, "serviceType", json!("Timestamp")),
        ("sim-swap", &swap, "serviceType", json!(24)),
        ("sim-swap", &swap, "serviceType", Value::Null),
        ("sim-swap", &swap, "phoneNumber", json!("31600000042")),
        ("sim-swap", &swap, "phoneNumber", json!("0600000042")),
        ("sim-swap", &swap, "phoneNumber", json!("+31 6 0000 0042")),
        ("sim-swap", &swap, "phoneNumber", json!(31_600_000_042_u64)),
        ("sim-swap", &swap, "phoneNumber", Value::Null),
        ("sim-swap", &swap, "phone_number", json!("+31600000042")),
        ("sim-swap", &swap, "callbackUrl", json!("https://example.net/")),
        ("identity-match", &person, "serviceType", json!("24h")),
        ("identity-match", &person, "firstName", Value::Null),
        ("identity-match", &person, "address3", Value::Null),
        ("identity-match", &person, "lastName", json!(["Verhoeven"])),
        ("identity-match", &person, "postalCode", json!(1234)),
        ("identity-match", &person, "dateOfBirth", json!("31-12-1963")),
        ("identity-match", &person, "dateOfBirth", json!("1963-02-30")),
        (
            "identity-match",
            &person,
            "dateOfBirth",
            json!("1963-12-31T00:00:00Z"),
        ),
        ("identity-match", &person, "dateOfBirth", Value::Null),
        ("identity-match", &person, "middleName", json!("van")),
    ] {
        let body = with(good.clone(), member, value);
        let answer = call_service(&sandbox, service, &body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.json()["status"], 400);
    }
    for (service, missing) in [
        ("sim-swap", json!({ "phoneNumber": "+31600000042" })),
        ("sim-swap", json!({ "serviceType": "24h" })),
        ("identity-match", json!({ "phoneNumber": "+31600000042" })),
    ] {
        assert_eq!(
            call_service(&sandbox, service, &missing).await.status,
            400,
            "{missing}"
        );
    }
}

#[tokio::test]
async fn the_first_call_is_let_through_at_any_time() {
    let sandbox = builder()
        .cm_rate_limit(CmRateLimit::WithRetryAfter)
        .clock(SandboxClock::manual(SystemTime::UNIX_EPOCH))
        .start()
        .await
        .unwrap();
    assert_eq!(sim_swap(&sandbox, "+31600000042", "24h").await.status, 200);
    assert_eq!(sim_swap(&sandbox, "+31600000042", "24h").await.status, 429);
}

#[tokio::test]
async fn calls_a_second_apart_may_arrive_unevenly() {
    let sandbox = builder()
        .cm_rate_limit(CmRateLimit::WithRetryAfter)
        .start()
        .await
        .unwrap();
    for (wait, status) in [(0, 200), (899, 429), (1, 200), (900, 200)] {
        sandbox.clock().advance(Duration::from_millis(wait));
        assert_eq!(sim_swap(&sandbox, "+31600000042", "24h").await.status, status);
    }
}

#[tokio::test]
async fn one_call_a_second_when_asked_to() {
    let sandbox = builder()
        .cm_rate_limit(CmRateLimit::WithRetryAfter)
        .start()
        .await
        .unwrap();
    let allowed = async || sim_swap(&sandbox, "+31600000042", "24h").await;
    let step = |milliseconds| sandbox.clock().advance(Duration::from_millis(milliseconds));
    assert_eq!(allowed().await.status, 200);
    let answer = allowed().await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.json()["status"], 429);
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(sandbox.calls().last().unwrap().authentication(), "JWT ok");
    // All services together; a refused call does not count, nor does one without a token.
    step(500);
    assert_eq!(
        call_service(&sandbox, "identity-match", &request(PERSONS[0]))
            .await
            .status,
        429
    );
    step(500);
    let url = format!("{}/sim-swap", sandbox.cm().mobile_identity_url());
    assert_eq!(call(Method::POST, &url, &[], "").await.status, 401);
    assert_eq!(
        call_service(&sandbox, "identity-match", &request(PERSONS[0]))
            .await
            .status,
        200
    );
    // Reading a check is a call too.
    let bearer = Token::new(&sandbox).bearer();
    let url = format!("{}/number-verify/none", sandbox.cm().mobile_identity_url());
    let read = async || {
        call(Method::GET, &url, &[("authorization", &bearer)], "")
            .await
            .status
    };
    assert_eq!(read().await, 429);
    step(1000);
    assert_eq!(read().await, 404);
    // Another base is another set of credentials in the real service.
    let url = format!("{}/sim-swap", sandbox.cm().mobile_identity_sandbox_url());
    assert_eq!(post(&sandbox, &url, &support::cm::sim_swap()).await.status, 200);

    sandbox
        .cm()
        .mobile_identity()
        .set_rate_limit(CmRateLimit::WithoutRetryAfter);
    let answer = allowed().await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, ""));
    sandbox.cm().mobile_identity().set_rate_limit(CmRateLimit::Off);
    assert_eq!(allowed().await.status, 200);
    assert_eq!(allowed().await.status, 200);
}
