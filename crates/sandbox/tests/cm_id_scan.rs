//! CM.com ID Scan as the customer's server sees it: transactions, results, downloads.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::collections::HashSet;
use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use support::cm::{Token, get, post};
use support::{Answer, JSON, call, sandbox};
use verikit_sandbox::{CmIdScanOutcome as Outcome, CmIdScanPlayError, CmIdScanTransaction, Sandbox};

const ALL_TASKS: [&str; 3] = ["document_scan", "face_liveness", "face_match"];

fn url(sandbox: &Sandbox, path: &str) -> String {
    format!("{}/{path}", sandbox.cm().id_scan_url())
}

async fn create_answer(sandbox: &Sandbox, body: &Value) -> Answer {
    post(sandbox, &url(sandbox, "transactions"), body).await
}

async fn create(sandbox: &Sandbox, body: &Value) -> Value {
    let answer = create_answer(sandbox, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn scan_only(sandbox: &Sandbox) -> Value {
    create(sandbox, &json!({ "tasks": ["document_scan"] })).await
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

async fn details(sandbox: &Sandbox, transaction: &Value) -> Value {
    let path = format!("transactions/{}", text(&transaction["id"]));
    get(sandbox, &url(sandbox, &path)).await.json()
}

async fn result(sandbox: &Sandbox, played: &CmIdScanTransaction) -> Value {
    let result_id = played.result_id().unwrap();
    let answer = get(
        sandbox,
        &url(
            sandbox,
            &format!("transactions/{}/results/{result_id}", played.id()),
        ),
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn play(sandbox: &Sandbox, transaction: &Value, outcome: Outcome) -> CmIdScanTransaction {
    sandbox
        .cm()
        .id_scan()
        .play(text(&transaction["url"]), outcome)
        .unwrap()
}

#[track_caller]
fn assert_error(answer: &Answer, status: u16) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), JSON);
    let body = answer.json();
    assert_eq!(body["status"], status);
    assert!(
        body["message"].is_string() && body.as_object().unwrap().len() == 2,
        "{body}"
    );
}

#[tokio::test]
async fn a_transaction_is_answered_with_an_echo_and_a_page() {
    let sandbox = sandbox().await;
    let settings = json!({ "documentScan":
        { "allowedExpiration": 14, "redactFields": ["personal_number"], "captureSources": ["camera"] } });
    let transaction = create(
        &sandbox,
        &json!({
            "tasks": ["document_scan", "face_liveness"],
            "settings": settings, "locale": "nl-NL", "mobileOnly": false, "expiresIn": 7200,
        }),
    )
    .await;
    let page = text(&transaction["url"]);
    let start = format!("{}nl-nl/identifications/", sandbox.cm().id_scan_page_url());
    assert_eq!(page.strip_prefix(&start).map(str::len), Some(50), "{page}");
    let expected = json!({
        "id": transaction["id"], "state": "pending", "tasks": ["document_scan", "face_liveness"],
        "settings": settings, "url": page, "locale": "nl-NL", "mobileOnly": false,
        "created": "2024-05-02T09:10:11+00:00", "expires": "2024-05-02T11:10:11+00:00",
    });
    assert_eq!(transaction, expected);
    assert_eq!(text(&transaction["id"]).len(), 36);

    let other = scan_only(&sandbox).await;
    assert_ne!(other["id"], transaction["id"]);
    assert_ne!(other["url"], transaction["url"]);
    assert_eq!(other["settings"], json!({}));
    assert_eq!(other["expires"], "2024-05-02T10:10:11+00:00");
}

#[tokio::test]
async fn what_is_not_in_the_contract_is_refused() {
    let sandbox = sandbox().await;
    for body in [
        json!({}),
        json!([]),
        json!({ "tasks": ["face_liveness"] }),
        json!({ "tasks": [{ "type": "document_scan" }] }),
        json!({ "tasks": ["document_scan"], "expiresIn": 3599 }),
        json!({ "tasks": ["document_scan"], "locale": "de-DE" }),
        json!({ "tasks": ["document_scan"], "webhook": "https://example.net" }),
        json!({ "tasks": ["document_scan"], "settings": { "documentScan": { "minimumage": 1 } } }),
    ] {
        assert_error(&create_answer(&sandbox, &body).await, 400);
    }
    assert!(sandbox.cm().id_scan().transactions().is_empty());

    let bearer = Token::new(&sandbox).bearer();
    let transactions = url(&sandbox, "transactions");
    let headers = [("authorization", bearer.as_str()), ("content-type", "text/plain")];
    assert_error(&call(Method::POST, &transactions, &headers, "{}").await, 415);
    let headers = [("authorization", bearer.as_str()), ("content-type", JSON)];
    assert_error(&call(Method::POST, &transactions, &headers, "{").await, 400);
    assert_error(
        &call(Method::POST, &transactions, &headers, vec![b' '; 70_000]).await,
        413,
    );
    assert_error(&call(Method::DELETE, &transactions, &headers, "").await, 405);
    assert_error(&get(&sandbox, &url(&sandbox, "transactions/none")).await, 404);
    assert_error(&get(&sandbox, &url(&sandbox, "transactions/%FF")).await, 404);
    assert_error(&get(&sandbox, &url(&sandbox, "downloads/none")).await, 404);
    assert_error(&get(&sandbox, &url(&sandbox, "nothing")).await, 404);
}

#[tokio::test]
async fn everything_asks_for_a_token() {
    let sandbox = sandbox().await;
    let transaction = scan_only(&sandbox).await;
    let played = play(&sandbox, &transaction, Outcome::GoodPassport);
    let result = result(&sandbox, &played).await;
    let download = text(&result["tasks"][0]["files"][0]["url"]).to_owned();
    for (method, url) in [
        (Method::POST, url(&sandbox, "transactions")),
        (
            Method::GET,
            url(&sandbox, &format!("transactions/{}", played.id())),
        ),
        (
            Method::GET,
            url(
                &sandbox,
                &format!(
                    "transactions/{}/results/{}",
                    played.id(),
                    played.result_id().unwrap()
                ),
            ),
        ),
        (Method::GET, download),
        (Method::POST, url(&sandbox, "webhooks")),
    ] {
        let answer = call(
            method,
            &url,
            &[("content-type", JSON)],
            r#"{"tasks":["document_scan"]}"#,
        )
        .await;
        assert_error(&answer, 401);
    }
    assert_eq!(sandbox.cm().id_scan().transactions().len(), 1);
}

/// The contract's section 10, row by row, as the details show it.
#[tokio::test]
async fn every_scan_code_is_shown_and_charged_as_documented() {
    let rows = [
        (Outcome::Processing, json!("processing"), 0),
        (Outcome::Blurred, json!("unknown_type_front"), 0),
        (Outcome::BackBlurred, json!("unknown_type_back"), 0),
        (Outcome::Expired, json!("expiration_criteria_not_met"), 1),
        (
            Outcome::DateOfExpiryUnreadable,
            json!("unable_to_determine_date_of_expiry"),
            1,
        ),
        (Outcome::TextUnreadable, json!("text_fields_analysis_failed"), 1),
        (Outcome::UnderAge, json!("age_criteria_not_met"), 1),
        (Outcome::AgeUnreadable, json!("unable_to_determine_age"), 1),
        (
            Outcome::FieldValidationFailed,
            json!("field_validation_failed"),
            1,
        ),
        (
            Outcome::BackSideRequired,
            json!("front_side_provided_back_side_required"),
            1,
        ),
        (
            Outcome::FrontSideRequired,
            json!("back_side_provided_front_side_required"),
            1,
        ),
        (Outcome::GoodPassport, Value::Null, 1),
    ];
    let sandbox = sandbox().await;
    for (outcome, code, invoiced) in rows {
        // With a second task, the transaction stays open and shows its scans.
        let body = json!({ "tasks": ["document_scan", "face_liveness"] });
        let transaction = create(&sandbox, &body).await;
        let played = play(&sandbox, &transaction, outcome);
        let task = &details(&sandbox, &transaction).await["tasks"][0];
        assert_eq!(
            (&task["attempts"], &task["attemptsInvoiced"]),
            (&json!(1), &json!(invoiced)),
            "{outcome:?}"
        );
        assert_eq!(task["documentScans"][0]["code"], code, "{outcome:?}");
        // Only what was not recognised has no score.
        assert_eq!(
            task["documentScans"][0]["score"].is_null(),
            invoiced == 0,
            "{outcome:?}"
        );
        let (transaction, task) = match outcome {
            Outcome::GoodPassport => ("pending", "completed"),
            Outcome::UnderAge => ("aborted", "failed"),
            _ => ("pending", "pending"),
        };
        assert_eq!((played.state(), played.tasks()[0].state()), (transaction, task));
    }
}

#[tokio::test]
async fn attempts_add_up_and_show_their_files_while_the_transaction_is_open() {
    let sandbox = sandbox().await;
    let body = json!({
        "tasks": ["document_scan"],
        "settings": { "documentScan": { "level": "advanced", "captureSources": ["file", "camera"] } },
    });
    let transaction = create(&sandbox, &body).await;
    play(&sandbox, &transaction, Outcome::Blurred);
    sandbox.clock().advance(Duration::from_secs(20));
    play(&sandbox, &transaction, Outcome::Expired);

    let shown = details(&sandbox, &transaction).await;
    assert_eq!(
        (&shown["state"], &shown["completed"]),
        (&json!("pending"), &Value::Null)
    );
    assert_eq!(shown["created"], "2024-05-02T09:10:11+00:00");
    let task = &shown["tasks"][0];
    assert_eq!(
        (
            &task["type"],
            &task["level"],
            &task["attempts"],
            &task["attemptsInvoiced"]
        ),
        (&json!("document_scan"), &json!("advanced"), &json!(2), &json!(1))
    );
    let scans = task["documentScans"].as_array().unwrap();
    assert_eq!(scans[1]["created"], "2024-05-02T09:10:31+00:00");
    assert_eq!(
        (&scans[1]["source"], &scans[1]["linked"]),
        (&json!("file"), &json!(false))
    );
    for scan in scans {
        let file = &scan["files"][0];
        assert_eq!(file["type"], "raw_document_image");
        assert!(
            file.get("name").is_none() && file.get("score").is_none(),
            "{file}"
        );
        assert_eq!(get(&sandbox, text(&file["url"])).await.status, 200);
    }

    play(&sandbox, &transaction, Outcome::GoodPassport);
    let shown = details(&sandbox, &transaction).await;
    assert_eq!(
        (&shown["state"], &shown["tasks"][0]["attempts"]),
        (&json!("completed"), &json!(3))
    );
    assert_eq!(shown["completed"], "2024-05-02T09:10:31+00:00");
    for scan in shown["tasks"][0]["documentScans"].as_array().unwrap() {
        assert_eq!(scan["files"], json!([]));
    }
}

#[tokio::test]
async fn the_second_side_is_linked_to_the_first() {
    let sandbox = sandbox().await;
    for side in [Outcome::BackSideRequired, Outcome::FrontSideRequired] {
        let body = json!({ "tasks": ["document_scan", "face_liveness"] });
        let transaction = create(&sandbox, &body).await;
        play(&sandbox, &transaction, side);
        // What is not recognised does not make the first side forgotten.
        play(&sandbox, &transaction, Outcome::BackBlurred);
        play(&sandbox, &transaction, Outcome::GoodDrivingLicense);
        let shown = details(&sandbox, &transaction).await;
        let mut scans = shown["tasks"][0]["documentScans"].as_array().unwrap().clone();
        assert_eq!(scans.remove(1)["linked"], false);
        assert_eq!(
            (&scans[0]["linked"], &scans[1]["linked"]),
            (&json!(false), &json!(true))
        );
        // The first attempt's raw image is repeated.
        assert_eq!(scans[1]["files"][0], scans[0]["files"][0]);
        let kinds: Vec<&str> = scans[1]["files"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| text(&file["type"]))
            .collect();
        let expected = [
            "raw_document_image",
            "raw_document_image",
            "driving_license",
            "driving_license",
        ];
        assert_eq!(kinds, expected);
        // Each side is another picture.
        let front = get(&sandbox, text(&scans[1]["files"][0]["url"])).await.body;
        let back = get(&sandbox, text(&scans[1]["files"][1]["url"])).await.body;
        assert_ne!(front, back);
    }
}

#[tokio::test]
async fn a_result_has_fields_and_files() {
    let sandbox = sandbox().await;
    let transaction = create(&sandbox, &json!({ "tasks": ALL_TASKS })).await;
    let played = sandbox
        .cm()
        .id_scan()
        .play_to_the_end(text(&transaction["url"]))
        .unwrap();
    let result = result(&sandbox, &played).await;
    assert_eq!(
        (&result["id"], &result["state"]),
        (&transaction["id"], &json!("completed"))
    );
    let tasks = result["tasks"].as_array().unwrap();
    for (task, kind) in tasks.iter().zip(ALL_TASKS) {
        assert_eq!(task["type"], kind);
        assert_eq!(
            (&task["state"], &task["attempts"]),
            (&json!("completed"), &json!(1))
        );
        assert!((0.0..=1.0).contains(&task["score"].as_f64().unwrap()));
    }
    let surnames: Vec<&Value> = tasks[0]["result"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|field| field["field"] == "surname")
        .collect();
    assert_eq!(surnames.len(), 2);
    assert_eq!(
        surnames[0]["values"][0],
        json!({ "source": "mrz", "value": "ERIKSSON" })
    );
    assert_eq!(
        (&surnames[0]["locale"], &surnames[1]["locale"]),
        (&Value::Null, &json!("nl-NL"))
    );

    let files = tasks[0]["files"].as_array().unwrap();
    assert_eq!(files.len(), 2);
    assert_eq!(
        (&files[0]["category"], &files[0]["type"]),
        (&json!("document"), &json!("passport"))
    );
    assert_eq!(
        (&files[1]["category"], &files[1]["type"]),
        (&json!("image"), &json!("portrait"))
    );
    let start = url(&sandbox, "downloads/");
    let mut pictures = HashSet::new();
    for file in files {
        let url = text(&file["url"]);
        assert_eq!(url.strip_prefix(&start).map(str::len), Some(50), "{url}");
        let picture = get(&sandbox, url).await;
        assert_eq!(
            (picture.status.as_u16(), picture.header("content-type")),
            (200, "image/png")
        );
        assert!(picture.body.starts_with(b"\x89PNG\r\n\x1a\n"));
        pictures.insert(picture.body);
    }
    assert_eq!(pictures.len(), 2);
}

#[tokio::test]
async fn a_result_is_found_by_both_ids_only() {
    let sandbox = sandbox().await;
    let (one, other) = (scan_only(&sandbox).await, scan_only(&sandbox).await);
    let pending = format!("transactions/{}/results/{}", text(&one["id"]), text(&one["id"]));
    assert_error(&get(&sandbox, &url(&sandbox, &pending)).await, 404);
    let one = play(&sandbox, &one, Outcome::GoodPassport);
    let other = play(&sandbox, &other, Outcome::GoodPassport);
    assert_ne!(one.result_id(), other.result_id());
    let mixed = format!("transactions/{}/results/{}", one.id(), other.result_id().unwrap());
    assert_error(&get(&sandbox, &url(&sandbox, &mixed)).await, 404);
}

#[tokio::test]
async fn extract_fields_leave_out_fields_and_files() {
    let sandbox = sandbox().await;
    for (fields, kept, has_document, has_portrait) in [
        (
            json!(["age", "surname"]),
            vec!["surname", "surname", "age"],
            false,
            false,
        ),
        (json!(["age", "document_image"]), vec!["age"], true, false),
        (json!(["age", "portrait"]), vec!["age"], false, true),
        (json!(["document_image", "portrait"]), vec![], true, true),
    ] {
        let body = json!({ "tasks": ["document_scan"], "settings": { "documentScan": { "extractFields": fields } } });
        let transaction = create(&sandbox, &body).await;
        let played = play(&sandbox, &transaction, Outcome::GoodPassport);
        let task = &result(&sandbox, &played).await["tasks"][0];
        let names: Vec<&str> = task["result"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| text(&field["field"]))
            .collect();
        assert_eq!(names, kept, "{fields}");
        let files = task["files"].as_array().unwrap();
        assert_eq!(files[0]["type"], "passport");
        assert_eq!(files[0]["url"].is_string(), has_document, "{fields}");
        assert_eq!(files.len(), if has_portrait { 2 } else { 1 }, "{fields}");
    }
}

#[tokio::test]
async fn redacted_fields_are_masked_on_the_document() {
    let sandbox = sandbox().await;
    let mut pictures = Vec::new();
    for fields in [
        json!([]),
        json!(["personal_number"]),
        json!(["personal_number", "signature"]),
    ] {
        let body =
            json!({ "tasks": ["document_scan"], "settings": { "documentScan": { "redactFields": fields } } });
        let transaction = create(&sandbox, &body).await;
        let played = play(&sandbox, &transaction, Outcome::GoodPassport);
        assert_eq!(json!(played.redact_fields()), fields);
        let result = result(&sandbox, &played).await;
        let url = text(&result["tasks"][0]["files"][0]["url"]);
        pictures.push(get(&sandbox, url).await.body);
    }
    assert!(pictures[0] != pictures[1] && pictures[1] != pictures[2] && pictures[0] != pictures[2]);
}

#[tokio::test]
async fn an_invalid_document_number_is_completed_or_fails_by_the_settings() {
    let sandbox = sandbox().await;
    let transaction = scan_only(&sandbox).await;
    let played = play(&sandbox, &transaction, Outcome::InvalidDocumentNumber);
    let field = &result(&sandbox, &played).await["tasks"][0]["result"][0];
    assert_eq!(
        (&field["field"], &field["validity"]),
        (&json!("document_number"), &json!("invalid"))
    );

    let settings = json!({ "documentScan": { "validateFields": ["document_number"] } });
    let body = json!({ "tasks": ["document_scan"], "settings": settings });
    let transaction = create(&sandbox, &body).await;
    let played = play(&sandbox, &transaction, Outcome::InvalidDocumentNumber);
    assert!(played.is_open());
    let shown = details(&sandbox, &transaction).await;
    assert_eq!(
        shown["tasks"][0]["documentScans"][0]["code"],
        "field_validation_failed"
    );
}

#[tokio::test]
async fn failed_face_tasks_are_charged_and_do_not_keep_the_transaction_open() {
    let sandbox = sandbox().await;
    let transaction = create(&sandbox, &json!({ "tasks": ALL_TASKS })).await;
    play(&sandbox, &transaction, Outcome::GoodPassport);
    assert_eq!(play(&sandbox, &transaction, Outcome::NotLive).state(), "pending");
    let played = play(&sandbox, &transaction, Outcome::NoFaceMatch);
    assert_eq!(played.state(), "completed");
    let states: Vec<(&str, usize, usize)> = played
        .tasks()
        .iter()
        .map(|task| (task.state(), task.attempts(), task.attempts_invoiced()))
        .collect();
    assert_eq!(states, [("completed", 1, 1), ("failed", 1, 1), ("failed", 1, 1)]);
    let result = result(&sandbox, &played).await;
    assert_eq!(result["state"], "completed");
    assert_eq!(result["tasks"][1]["state"], "failed");
    assert!(result["tasks"][1]["score"].as_f64().unwrap() < 0.5);
}

#[tokio::test]
async fn an_age_outside_the_limits_aborts_the_transaction() {
    let sandbox = sandbox().await;
    let transaction = create(&sandbox, &json!({ "tasks": ALL_TASKS })).await;
    play(&sandbox, &transaction, Outcome::Expired);
    let shown = details(&sandbox, &transaction).await;
    let file = text(&shown["tasks"][0]["documentScans"][0]["files"][0]["url"]).to_owned();
    let played = play(&sandbox, &transaction, Outcome::UnderAge);
    assert_eq!(
        (played.state(), played.result_id(), played.is_open()),
        ("aborted", None, false)
    );
    let shown = details(&sandbox, &transaction).await;
    assert_eq!(
        (&shown["state"], &shown["completed"]),
        (&json!("aborted"), &Value::Null)
    );
    assert_eq!(shown["tasks"][1]["state"], "pending");
    assert_error(&get(&sandbox, &file).await, 404);
    let again = sandbox
        .cm()
        .id_scan()
        .play(text(&transaction["url"]), Outcome::Live);
    assert_eq!(again, Err(CmIdScanPlayError::Ended));
}

#[tokio::test]
async fn an_unfinished_transaction_loses_its_files_when_its_time_is_up() {
    let sandbox = sandbox().await;
    let (unfinished, finished) = (scan_only(&sandbox).await, scan_only(&sandbox).await);
    play(&sandbox, &unfinished, Outcome::Expired);
    let played = play(&sandbox, &finished, Outcome::GoodPassport);
    let shown = details(&sandbox, &unfinished).await;
    let file = text(&shown["tasks"][0]["documentScans"][0]["files"][0]["url"]).to_owned();
    let result_before = result(&sandbox, &played).await;
    let portrait = text(&result_before["tasks"][0]["files"][1]["url"]).to_owned();

    sandbox.clock().advance(Duration::from_secs(3599));
    assert_eq!(get(&sandbox, &file).await.status, 200);
    sandbox.clock().advance(Duration::from_secs(1));
    assert_error(&get(&sandbox, &file).await, 404);
    let shown = details(&sandbox, &unfinished).await;
    assert_eq!(
        (&shown["state"], &shown["completed"]),
        (&json!("pending"), &Value::Null)
    );
    assert_eq!(shown["tasks"][0]["documentScans"][0]["files"], json!([]));
    let id_scan = sandbox.cm().id_scan();
    assert_eq!(
        id_scan.play(text(&unfinished["url"]), Outcome::GoodPassport),
        Err(CmIdScanPlayError::Expired)
    );
    let transactions = id_scan.transactions();
    let expired: Vec<bool> = transactions.iter().map(CmIdScanTransaction::is_expired).collect();
    assert_eq!(expired, [true, false]);

    // What was completed stays.
    assert_eq!(result(&sandbox, &played).await, result_before);
    assert_eq!(get(&sandbox, &portrait).await.status, 200);
}

#[tokio::test]
async fn the_handle_plays_only_what_is_next() {
    let sandbox = sandbox().await;
    let id_scan = sandbox.cm().id_scan();
    let transaction = create(&sandbox, &json!({ "tasks": ["document_scan", "face_liveness"] })).await;
    let page = text(&transaction["url"]);
    let not_its_turn = |next| Err(CmIdScanPlayError::NotItsTurn { next });
    assert_eq!(id_scan.play(page, Outcome::Live), not_its_turn("document_scan"));
    id_scan.play(page, Outcome::GoodPassport).unwrap();
    assert_eq!(
        id_scan.play(page, Outcome::GoodPassport),
        not_its_turn("face_liveness")
    );
    let elsewhere = page.replace("127.0.0.1", "127.0.0.2");
    for url in [
        "",
        "no url",
        elsewhere.as_str(),
        &page.replace("en-us", "nl-nl"),
        page.rsplit_once('/').unwrap().0,
    ] {
        assert_eq!(
            id_scan.play(url, Outcome::Live),
            Err(CmIdScanPlayError::NotAPage),
            "{url}"
        );
    }
    assert_eq!(id_scan.play_to_the_end(page).unwrap().state(), "completed");
    assert_eq!(id_scan.play_to_the_end(page), Err(CmIdScanPlayError::Ended));
    // Nothing that opens the page is in the debug output.
    let token = page.rsplit('/').next().unwrap();
    assert!(!format!("{:?}{sandbox:?}", id_scan.transactions()).contains(token));
}

#[tokio::test]
async fn the_control_host_shows_and_plays_open_transactions() {
    let sandbox = sandbox().await;
    let (one, other) = (scan_only(&sandbox).await, scan_only(&sandbox).await);
    let (id, page) = (text(&one["id"]), text(&one["url"]));
    let control = |path: &str| sandbox.control_url().join(path).unwrap().to_string();
    let html = call(Method::GET, &control("/"), &[], "").await.text();
    assert!(html.contains("Open ID Scan transactions (2)"));
    assert!(html.contains(&format!("href=\"{page}\"")));

    let played = call(
        Method::POST,
        &control(&format!("/api/cm/id-scan/{id}/play/blurred")),
        &[],
        "",
    )
    .await;
    assert_eq!(played.json()["tasks"][0]["attempts"], 1);
    assert_eq!(played.json()["tasks"][0]["attempts_invoiced"], 0);
    for (path, status) in [
        (format!("/api/cm/id-scan/{id}/play/live"), 409),
        (format!("/api/cm/id-scan/{id}/play/splendid"), 400),
        ("/api/cm/id-scan/none/play/blurred".to_owned(), 404),
        ("/api/cm/id-scan/none/expire".to_owned(), 404),
        (format!("/api/cm/id-scan/{id}/expire"), 200),
        (format!("/api/cm/id-scan/{id}/expire"), 404),
        (format!("/cm/id-scan/{}/expire", text(&other["id"])), 303),
    ] {
        let answer = call(Method::POST, &control(&path), &[], "").await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
    }
    let state = call(Method::GET, &control("/api/state"), &[], "").await.json();
    assert_eq!(state["cm"]["id_scan"]["transactions"][0]["is_expired"], true);
    let html = call(Method::GET, &control("/"), &[], "").await.text();
    assert!(html.contains("Open ID Scan transactions (0)"));
}
