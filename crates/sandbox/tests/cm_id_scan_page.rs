//! CM.com ID Scan: the page for the end user.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use support::cm::post;
use support::{Answer, FORM, JSON, call, sandbox};
use url::Url;
use verikit_sandbox::{CmIdScanOutcome as Outcome, Sandbox};

const PHONE: &str = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36";

async fn create(sandbox: &Sandbox, body: &Value) -> Value {
    let url = format!("{}/transactions", sandbox.cm().id_scan_url());
    let answer = post(sandbox, &url, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

fn page_of(transaction: &Value) -> String {
    transaction["url"].as_str().unwrap().to_owned()
}

async fn new_page(sandbox: &Sandbox, tasks: &Value) -> String {
    page_of(&create(sandbox, &json!({ "tasks": tasks })).await)
}

async fn open(url: &str) -> Answer {
    call(Method::GET, url, &[], "").await
}

async fn submit(url: &str, form: &str) -> Answer {
    call(Method::POST, url, &[("content-type", FORM)], form.to_owned()).await
}

async fn send(url: &str, body: &Value) -> Answer {
    call(Method::POST, url, &[("content-type", JSON)], body.to_string()).await
}

/// The text of a data attribute of the page's body.
fn data(html: &str, name: &str) -> String {
    let start = format!(" data-{name}=\"");
    let (_, rest) = html
        .split_once(&start)
        .unwrap_or_else(|| panic!("no {name}: {html}"));
    rest.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn the_page_can_be_framed_and_loads_nothing_from_elsewhere() {
    let sandbox = sandbox().await;
    let answer = open(&new_page(&sandbox, &json!(["document_scan"])).await).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(!answer.headers.contains_key("x-frame-options"));
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("frame-ancestors"));
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "no-store");
    let html = answer.text();
    assert!(html.starts_with("<!doctype html>\n<html lang=\"en\">"));
    for outside in ["src=", "http://", "https://", "@import", "url("] {
        assert!(!html.contains(outside), "{outside}");
    }
    // The one script is the one that the policy lets run.
    let (_, nonce) = policy.split_once("'nonce-").unwrap();
    let nonce = nonce.split_once('\'').unwrap().0;
    assert_eq!(html.matches("<script").count(), 1);
    assert!(html.contains(&format!("<script nonce=\"{nonce}\">")));
}

#[tokio::test]
async fn every_outcome_of_the_task_has_a_label_to_choose_it_by() {
    let sandbox = sandbox().await;
    let page = new_page(&sandbox, &json!(["document_scan", "face_liveness", "face_match"])).await;
    for (task, good) in [
        ("document_scan", "good_passport"),
        ("face_liveness", "live"),
        ("face_match", "face_match"),
    ] {
        let html = open(&page).await.text();
        for outcome in Outcome::ALL.iter().copied() {
            let choice = format!(
                "<label><input type=\"radio\" name=\"outcome\" value=\"{}\"",
                outcome.name()
            );
            assert_eq!(
                html.contains(&choice),
                outcome.task() == task,
                "{task} {outcome:?}"
            );
            if let Some(code) = outcome.code().filter(|_| outcome.task() == task) {
                assert!(html.contains(&format!("<code>{code}</code>")), "{code}");
            }
        }
        assert_eq!(html.contains("name=\"source\""), task == "document_scan");
        let answer = submit(&page, &format!("outcome={good}")).await;
        assert_eq!(answer.status, 303);
        // Back to the page itself.
        assert_eq!(Url::parse(&page).unwrap().path(), answer.header("location"));
    }
    assert!(open(&page).await.text().contains("<h1>Done. Thank you</h1>"));
}

#[tokio::test]
async fn the_page_tells_what_became_of_the_last_attempt() {
    let sandbox = sandbox().await;
    let page = new_page(&sandbox, &json!(["document_scan"])).await;
    assert!(!open(&page).await.text().contains("The last attempt"));
    submit(&page, "source=file&outcome=blurred").await;
    submit(&page, "source=file&outcome=expired").await;
    let html = open(&page).await.text();
    assert!(html.contains("The last attempt ended with <code>expiration_criteria_not_met</code>."));
    assert!(html.contains("Attempts so far: 2, charged: 1."));
}

#[tokio::test]
async fn a_program_plays_by_json() {
    let sandbox = sandbox().await;
    let transaction = create(&sandbox, &json!({ "tasks": ["document_scan"] })).await;
    let page = page_of(&transaction);
    let state = open(&format!("{page}/state")).await.json();
    assert_eq!(
        state,
        json!({
            "transactionId": transaction["id"], "state": "pending", "resultId": null, "nextTask": "document_scan",
            "isExpired": false, "version": state["version"], "returnUrl": null,
        })
    );
    let played = send(&page, &json!({ "outcome": "blurred", "source": "camera" }))
        .await
        .json();
    assert_ne!(played["version"], state["version"]);
    let played = send(&page, &json!({ "outcome": "good_passport" })).await.json();
    assert_eq!(
        (&played["state"], &played["nextTask"]),
        (&json!("completed"), &Value::Null)
    );
    let known = sandbox.cm().id_scan().transactions().remove(0);
    assert_eq!(known.result_id(), played["resultId"].as_str());
    assert_eq!(
        (known.tasks()[0].attempts(), known.tasks()[0].attempts_invoiced()),
        (2, 1)
    );
}

#[tokio::test]
async fn what_cannot_be_played_is_refused() {
    let sandbox = sandbox().await;
    let body = json!({
        "tasks": ["document_scan", "face_liveness"],
        "settings": { "documentScan": { "captureSources": ["camera"] } },
    });
    let page = page_of(&create(&sandbox, &body).await);
    for (outcome, source, status) in [
        ("splendid", "camera", 400),
        ("good_passport", "scanner", 400),
        ("good_passport", "file", 400),
        ("live", "camera", 409),
    ] {
        let form = format!("outcome={outcome}&source={source}");
        let answer = submit(&page, &form).await;
        assert_eq!(answer.status.as_u16(), status, "{form}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        let answer = send(&page, &json!({ "outcome": outcome, "source": source })).await;
        assert_eq!(answer.status.as_u16(), status, "{form}");
        assert!(answer.json()["error"].is_string());
    }
    assert_eq!(
        send(&page, &json!({ "outcome": "blurred", "more": 1 }))
            .await
            .status,
        400
    );
    assert_eq!(submit(&page, "source=camera").await.status, 400);
    assert_eq!(submit(&page, &"x".repeat(5000)).await.status, 400);
    assert_eq!(
        call(
            Method::POST,
            &page,
            &[("content-type", "text/plain")],
            "outcome=blurred"
        )
        .await
        .status,
        400
    );
    assert_eq!(call(Method::DELETE, &page, &[], "").await.status, 405);
    for elsewhere in [
        page.replace("en-us", "nl-nl"),
        format!("{page}x"),
        page.replace("identifications", "x"),
    ] {
        assert_eq!(open(&elsewhere).await.status, 404, "{elsewhere}");
        assert_eq!(
            submit(&elsewhere, "outcome=blurred").await.status,
            404,
            "{elsewhere}"
        );
    }
    assert_eq!(sandbox.cm().id_scan().transactions()[0].tasks()[0].attempts(), 0);
}

#[tokio::test]
async fn a_page_ends_with_its_time_and_with_its_transaction() {
    let sandbox = sandbox().await;
    let page = new_page(&sandbox, &json!(["document_scan"])).await;
    let before = open(&format!("{page}/state")).await.json();
    sandbox.clock().advance(Duration::from_secs(3600));
    assert_eq!(open(&page).await.status, 410);
    assert_eq!(submit(&page, "outcome=good_passport").await.status, 410);
    let after = open(&format!("{page}/state")).await.json();
    assert_eq!(
        (&after["isExpired"], &after["nextTask"]),
        (&json!(true), &Value::Null)
    );
    // So an open page that looks again learns of it.
    assert_ne!(after["version"], before["version"]);

    let page = new_page(&sandbox, &json!(["document_scan"])).await;
    submit(&page, "outcome=under_age").await;
    assert!(
        open(&page)
            .await
            .text()
            .contains("This identification was aborted")
    );
    assert_eq!(submit(&page, "outcome=good_passport").await.status, 409);
}

#[tokio::test]
async fn the_script_knows_what_to_tell_the_parent_window() {
    let sandbox = sandbox().await;
    let transaction = create(&sandbox, &json!({ "tasks": ["document_scan"] })).await;
    let page = page_of(&transaction);
    let html = open(&page).await.text();
    assert_eq!(
        (data(&html, "state"), data(&html, "result")),
        ("pending".to_owned(), String::new())
    );
    // The page compares its own version with the one that it asks for.
    let state = open(&format!("{page}/state")).await.json();
    assert_eq!(data(&html, "version"), state["version"].as_str().unwrap());
    submit(&page, "outcome=good_passport").await;
    let html = open(&page).await.text();
    let known = sandbox.cm().id_scan().transactions().remove(0);
    assert_eq!(data(&html, "message"), "verikit-sandbox.id-scan.finished");
    assert_eq!(data(&html, "transaction"), known.id());
    assert_eq!(data(&html, "state"), "completed");
    assert_eq!(data(&html, "result"), known.result_id().unwrap());
    assert_eq!(data(&html, "location"), "");
}

#[tokio::test]
async fn the_browser_goes_to_the_return_url_with_the_documented_members() {
    let sandbox = sandbox().await;
    let body = json!({
        "tasks": ["document_scan"],
        "returnUrl": "https://shop.example.net/done?order=7&note=%3Cb%3E",
        "mobileReturnUrl": "https://shop.example.net/phone",
    });
    for (outcome, state) in [("good_passport", "completed"), ("under_age", "aborted")] {
        let transaction = create(&sandbox, &body).await;
        let page = page_of(&transaction);
        let answer = submit(&page, &format!("outcome={outcome}")).await;
        assert_eq!(answer.status, 303);
        let known = sandbox.cm().id_scan().transactions().pop().unwrap();
        let mut expected = format!(
            "https://shop.example.net/done?order=7&note=%3Cb%3E&trxid={}&state={state}",
            known.id()
        );
        if let Some(result_id) = known.result_id() {
            expected.push_str(&format!("&resultid={result_id}"));
        }
        assert_eq!(known.result_id().is_some(), state == "completed");
        assert_eq!(answer.header("location"), expected);
        // The script gets the same, as HTML.
        let html = open(&page).await.text();
        assert_eq!(data(&html, "location").replace("&amp;", "&"), expected);

        // A phone that took over goes elsewhere, and learns no result id.
        let html = open(&format!("{page}?handover=1")).await.text();
        let location = data(&html, "location").replace("&amp;", "&");
        assert_eq!(
            location,
            format!(
                "https://shop.example.net/phone?trxid={}&state={state}",
                known.id()
            )
        );
    }
}

#[tokio::test]
async fn what_is_for_phones_only_is_played_on_a_phone() {
    let sandbox = sandbox().await;
    let page = page_of(
        &create(
            &sandbox,
            &json!({ "tasks": ["document_scan"], "mobileOnly": true }),
        )
        .await,
    );
    let html = open(&page).await.text();
    assert!(
        html.contains("Continue on your phone") && !html.contains("<form"),
        "{html}"
    );
    assert_eq!(submit(&page, "outcome=blurred").await.status, 403);

    let on_phone = [("content-type", FORM), ("user-agent", PHONE)];
    let html = call(Method::GET, &page, &on_phone[1..], "").await.text();
    assert!(html.contains("<form"));
    assert_eq!(
        call(Method::POST, &page, &on_phone, "outcome=blurred")
            .await
            .status,
        303
    );
    // So does the link that stands for the QR code; it leads back to itself.
    let answer = submit(&format!("{page}?handover=1"), "outcome=expired").await;
    assert!(answer.header("location").ends_with("?handover=1"));
    assert_eq!(sandbox.cm().id_scan().transactions()[0].tasks()[0].attempts(), 2);
}

#[tokio::test]
async fn the_page_and_its_calls_are_logged_without_a_token_to_check() {
    let sandbox = sandbox().await;
    let page = new_page(&sandbox, &json!(["document_scan"])).await;
    sandbox.clear_calls();
    open(&page).await;
    let call = sandbox.calls().remove(0);
    assert_eq!(call.host(), "id-scan.identity.cm.com");
    assert_eq!(call.authentication(), "none needed (end user)");
}
