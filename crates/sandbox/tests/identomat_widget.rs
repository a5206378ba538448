//! Identomat: the widget, the callbacks, and both on the control host.

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
use serde_json::{Map, Value, json};
use support::identomat::{begin, choose, post_json, result, token, widget};
use support::receiver::Receiver;
use support::{Answer, FORM, JSON, builder, call, sandbox};
use url::Url;
use verikit_sandbox::{DeliveryState, IdentomatCompany, IdentomatEvent, IdentomatOutcome, Sandbox};

const PHONE: &str = "+995500000000";

#[tokio::test]
async fn a_person_chooses_on_the_page() {
    let sandbox = sandbox().await;
    for (form, expected, reason) in [
        ("outcome=approved", "approved", ""),
        ("outcome=proof-of-address", "approved", ""),
        (
            "outcome=rejected&reason=face_mismatch",
            "rejected",
            "face_mismatch",
        ),
        (
            "outcome=rejected&reason=document_not_readable",
            "rejected",
            "document_not_readable",
        ),
        ("outcome=rejected", "rejected", "face_mismatch"),
        ("reason=&outcome=rejected", "rejected", ""),
        ("outcome=manual-check&reason=face_mismatch", "manual_check", ""),
        ("outcome=disagreed-with-terms", "disagreed_with_terms", ""),
    ] {
        let token = begin(&sandbox, json!({})).await;
        assert!(!sandbox.identomat().session(&token).unwrap().is_opened());
        let page = call(
            Method::GET,
            &widget(&sandbox, &token),
            &[("user-agent", "Example/1.0")],
            "",
        )
        .await;
        assert_eq!(
            (page.status.as_u16(), page.header("content-type")),
            (200, "text/html; charset=utf-8")
        );
        assert!(sandbox.identomat().session(&token).unwrap().is_opened());
        for refused in ["", "outcome=", "outcome=perhaps"] {
            assert_eq!(choose(&sandbox, &token, refused).await.status, 400);
        }
        assert_eq!(result(&sandbox, &token).await["result"], "in_progress");
        assert_eq!(choose(&sandbox, &token, form).await.status, 200);
        let body = result(&sandbox, &token).await;
        assert_eq!(
            (&body["result"], &body["reject_reason"]["value"]),
            (&json!(expected), &json!(reason))
        );
        assert_eq!(choose(&sandbox, &token, "outcome=approved").await.status, 409);
        assert_eq!(result(&sandbox, &token).await["result"], expected);
        let again = call(Method::GET, &widget(&sandbox, &token), &[], "").await.text();
        assert!(
            !again.contains("<button") && !again.contains("<script"),
            "{again}"
        );
    }
}

#[tokio::test]
async fn the_page_loads_nothing_and_may_be_framed() {
    let sandbox = sandbox().await;
    let token = begin(&sandbox, json!({})).await;
    let page = call(Method::GET, &widget(&sandbox, &token), &[], "").await;
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("frame-ancestors"),
        "{policy}"
    );
    assert!(!page.headers.contains_key("x-frame-options"));
    assert_eq!(
        (page.header("cache-control"), page.header("referrer-policy")),
        ("no-store", "no-referrer")
    );
    let html = page.text();
    for expected in [
        "<html lang=\"en\">",
        "name=\"viewport\"",
        "<legend>",
        "<label for=\"reason\">",
        "value=\"approved\"",
        "value=\"rejected\"",
        "value=\"manual-check\"",
        "value=\"disagreed-with-terms\"",
        "value=\"abandoned\"",
        "value=\"proof-of-address\"",
        "value=\"face_mismatch\"",
        "type=\"tel\"",
    ] {
        assert!(html.contains(expected), "{expected}");
    }
    assert!(!html.contains("src=") && !html.contains("<script"));
    assert_eq!(
        sandbox.calls().last().unwrap().authentication(),
        "none needed (end user)"
    );
    assert_eq!(sandbox.calls().last().unwrap().path(), "/");
}

#[tokio::test]
async fn the_page_says_what_the_session_asks_for() {
    let sandbox = sandbox().await;
    let flags = json!({ "skip_agreement": true, "skip_face": true, "document_types": ["<b>passport"],
        "general_document_types": ["utility_bill"], "allow_general_document_upload": true });
    let body = json!({ "flags": flags, "config_id": "cfg<1>" });
    let token = begin(&sandbox, body).await;
    let html = call(Method::GET, &widget(&sandbox, &token), &[], "").await.text();
    for expected in [
        "A document: &lt;b&gt;passport",
        "A general document: utility_bill",
        "cfg&lt;1&gt;",
    ] {
        assert!(html.contains(expected), "{expected}");
    }
    for absent in ["Your consent", "Your face", "disagreed-with-terms", "<b>"] {
        assert!(!html.contains(absent), "{absent}");
    }
}

#[tokio::test]
async fn the_browser_is_sent_to_the_return_url() {
    let sandbox = sandbox().await;
    for (url, expected) in [
        (
            "https://shop.example.net/done?order=1#top",
            "https://shop.example.net/done?order=1#top",
        ),
        ("shop-app://done", "shop-app://done"),
        (
            "https://shop.example.net/fertig?für=mich",
            "https://shop.example.net/fertig?f%C3%BCr=mich",
        ),
    ] {
        let token = begin(&sandbox, json!({ "flags": { "return_url": url } })).await;
        let left = choose(&sandbox, &token, "outcome=abandoned").await;
        assert_eq!(
            (left.status.as_u16(), left.headers.contains_key("location")),
            (200, false)
        );
        let answer = choose(&sandbox, &token, "outcome=approved").await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (303, expected)
        );
    }
}

#[tokio::test]
async fn a_framing_page_is_told_of_the_end_and_of_nothing_else() {
    let sandbox = sandbox().await;
    for (form, is_told) in [
        ("outcome=approved", true),
        ("outcome=rejected", true),
        ("outcome=abandoned", false),
    ] {
        let token = begin(&sandbox, json!({})).await;
        let page = choose(&sandbox, &token, form).await;
        let html = page.text();
        let object = format!("postMessage({{ type: \"done\", sessionId: \"{token}\" }}, \"*\")");
        assert_eq!(
            html.contains("window.parent.postMessage(\"DONE\", \"*\")"),
            is_told
        );
        assert_eq!(html.contains(&object), is_told);
        assert!(!html.contains("approved") && !html.contains("rejected"));
        let nonce = html
            .split_once("nonce=\"")
            .map_or("none", |(_, rest)| rest.split_once('"').unwrap().0);
        let policy = page.header("content-security-policy").to_owned();
        assert!(
            policy.contains(&format!("script-src 'nonce-{nonce}'")) || !is_told,
            "{policy}"
        );
    }
}

#[tokio::test]
async fn one_who_left_can_come_back() {
    let sandbox = sandbox().await;
    let token = begin(&sandbox, json!({})).await;
    assert_eq!(choose(&sandbox, &token, "outcome=abandoned").await.status, 200);
    assert_eq!(result(&sandbox, &token).await["result"], "in_progress");
    sandbox.clock().advance(Duration::from_secs(3600));
    assert!(
        call(Method::GET, &widget(&sandbox, &token), &[], "")
            .await
            .text()
            .contains("<button")
    );
    choose(&sandbox, &token, "outcome=approved").await;
    let body = result(&sandbox, &token).await;
    assert_eq!(
        (&body["result"], &body["technicalDetails"]["userAgent"]),
        (&json!("approved"), &json!(""))
    );
}

#[tokio::test]
async fn without_a_good_token_there_is_no_page() {
    let sandbox = sandbox().await;
    let base = sandbox.identomat().widget_url().to_string();
    for url in [
        base.clone(),
        format!("{base}?session_token="),
        widget(&sandbox, "none"),
    ] {
        assert_eq!(call(Method::GET, &url, &[], "").await.status, 404, "{url}");
        let headers = [("content-type", FORM)];
        assert_eq!(
            call(Method::POST, &url, &headers, "outcome=approved")
                .await
                .status,
            404
        );
    }
    let token = begin(&sandbox, json!({})).await;
    sandbox.clock().advance(Duration::from_secs(900));
    assert_eq!(
        call(Method::GET, &widget(&sandbox, &token), &[], "").await.status,
        410
    );
    assert_eq!(choose(&sandbox, &token, "outcome=approved").await.status, 410);
    assert_eq!(call(Method::HEAD, &base, &[], "").await.status, 405);
}

#[tokio::test]
async fn callbacks_carry_the_companys_key() {
    let mut receiver = Receiver::answering(&[]).await;
    let url = Url::parse(&receiver.url).unwrap();
    let sandbox = builder().identomat_callback_url(url).start().await.unwrap();
    let identomat = sandbox.identomat();
    let token = begin(&sandbox, json!({})).await;
    let phone_number = PHONE.to_owned();
    assert!(identomat.send_callback(&token, IdentomatEvent::OneTimePassword { phone_number }));
    let (headers, body) = receiver.received.recv().await.unwrap();
    assert_eq!(headers["content-type"], JSON);
    assert!(
        !headers.contains_key("authorization"),
        "no signature is documented"
    );
    let event: Value = serde_json::from_slice(&body).unwrap();
    let text = event["text"].as_str().unwrap();
    assert!(
        text.strip_prefix("Code ")
            .is_some_and(|code| code.len() == 4 && code.parse::<u16>().is_ok())
    );
    assert_eq!(
        event,
        json!({ "callbackApiKey": identomat.callback_api_key(), "type": "one-time-password-request",
                "sessionId": token, "text": text, "phoneNumber": PHONE })
    );
    identomat.callbacks_settled().await;
    assert_eq!(identomat.callbacks()[0].state(), DeliveryState::Delivered);

    identomat.forge_next_callback();
    for is_forged in [true, false] {
        let phone_number = PHONE.to_owned();
        assert!(identomat.send_callback(&token, IdentomatEvent::ShareLinkBySms { phone_number }));
        let (_, body) = receiver.received.recv().await.unwrap();
        let event: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(event["type"], "share-session-link-via-sms");
        assert_eq!(event["sessionLink"], widget(&sandbox, &token));
        assert_eq!(event["callbackApiKey"] != identomat.callback_api_key(), is_forged);
    }
}

#[tokio::test]
async fn a_company_has_callbacks_of_its_own_that_are_repeated() {
    let mut receiver = Receiver::answering(&[500, 404]).await;
    let company = IdentomatCompany::new("other-key", "other-secret")
        .callback_api_key("other-callback-key")
        .callback_url(Url::parse(&receiver.url).unwrap());
    let sandbox = builder().identomat_company(company).start().await.unwrap();
    let identomat = sandbox.identomat();
    let begun = post_json(&sandbox, "begin/", &json!({ "company_key": "other-key" })).await;
    let phone_number = PHONE.to_owned();
    assert!(identomat.send_callback(&token(&begun), IdentomatEvent::OneTimePassword { phone_number }));
    let (_, first) = receiver.received.recv().await.unwrap();
    let event: Value = serde_json::from_slice(&first).unwrap();
    assert_eq!(event["callbackApiKey"], "other-callback-key");
    identomat.callbacks_settled().await;
    assert_eq!(identomat.callbacks()[0].state(), DeliveryState::Waiting);
    sandbox.clock().advance(Duration::from_secs(10));
    assert_eq!(receiver.received.recv().await.unwrap().1, first);
    identomat.callbacks_settled().await;
    // Only the 5xx was repeated for.
    assert_eq!(identomat.callbacks()[0].state(), DeliveryState::GivenUp);
    assert_eq!(identomat.callbacks()[0].attempts().len(), 2);
}

#[tokio::test]
async fn other_callbacks_have_any_members_but_not_another_key() {
    let sandbox = sandbox().await;
    let identomat = sandbox.identomat();
    let token = begin(&sandbox, json!({})).await;
    let members = [
        ("status", json!("approved")),
        ("callbackApiKey", json!("mine")),
        ("type", json!("mine")),
    ];
    let members: Map<String, Value> = members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    let event = IdentomatEvent::Other {
        kind: "status-update".to_owned(),
        members,
    };
    assert!(!format!("{event:?}").contains("approved"));
    assert!(identomat.send_callback(&token, event.clone()));
    // No URL is set: it is kept.
    let callback = &identomat.callbacks()[0];
    assert_eq!(
        (callback.state(), callback.attempts().len()),
        (DeliveryState::NotSent, 0)
    );
    let body: Value = serde_json::from_slice(callback.body()).unwrap();
    assert_eq!(
        body,
        json!({ "callbackApiKey": identomat.callback_api_key(), "type": "status-update", "sessionId": token,
                "status": "approved" })
    );
    assert!(!identomat.send_callback("none", event));
}

#[tokio::test]
async fn the_page_asks_for_callbacks() {
    let sandbox = sandbox().await;
    let token = begin(&sandbox, json!({})).await;
    for kind in ["one-time-password-request", "share-session-link-via-sms"] {
        let form = format!("phone=%2B995500000000&event={kind}");
        assert_eq!(choose(&sandbox, &token, &form).await.status, 200);
        let callback = sandbox.identomat().callbacks().pop().unwrap();
        let body: Value = serde_json::from_slice(callback.body()).unwrap();
        assert_eq!(
            (&body["type"], &body["phoneNumber"]),
            (&json!(kind), &json!(PHONE))
        );
    }
    for form in ["phone=&event=one-time-password-request", "phone=1&event=none"] {
        assert_eq!(choose(&sandbox, &token, form).await.status, 400, "{form}");
    }
    assert_eq!(sandbox.identomat().callbacks().len(), 2);
    assert_eq!(result(&sandbox, &token).await["result"], "in_progress");
}

async fn control(sandbox: &Sandbox, method: Method, path: &str, body: &str) -> Answer {
    let url = sandbox.control_url().join(path).unwrap();
    let headers = [("content-type", JSON)];
    call(method, url.as_str(), &headers, body.to_owned()).await
}

#[tokio::test]
async fn the_control_host_shows_and_ends_sessions() {
    let sandbox = sandbox().await;
    let token = begin(&sandbox, json!({})).await;
    let html = control(&sandbox, Method::GET, "/", "").await.text();
    for expected in [
        sandbox.identomat().base_url().as_str(),
        sandbox.identomat().secret_key(),
        "Open Identomat sessions (1)",
        &format!("action=\"/identomat/sessions/{token}/approved\""),
        &format!("href=\"{}\"", widget(&sandbox, &token)),
    ] {
        assert!(html.contains(expected), "{expected}");
    }
    let api = format!("/api/identomat/sessions/{token}");
    assert_eq!(
        control(&sandbox, Method::POST, &format!("{api}/none"), "")
            .await
            .status,
        404
    );
    let to = json!({ "phone_number": PHONE }).to_string();
    let asked = format!("{api}/callbacks/one-time-password-request");
    assert_eq!(control(&sandbox, Method::POST, &asked, &to).await.status, 200);
    let unknown = format!("{api}/callbacks/none");
    assert_eq!(control(&sandbox, Method::POST, &unknown, &to).await.status, 404);

    let ended = control(&sandbox, Method::POST, &format!("{api}/rejected?reason=late"), "").await;
    assert_eq!(
        (ended.status.as_u16(), &ended.json()["result"]),
        (200, &json!("rejected"))
    );
    assert_eq!(result(&sandbox, &token).await["reject_reason"]["value"], "late");
    assert_eq!(
        control(&sandbox, Method::POST, &format!("{api}/approved"), "")
            .await
            .status,
        404
    );
    let other = begin(&sandbox, json!({})).await;
    let button = format!("/identomat/sessions/{other}/manual-check");
    assert_eq!(control(&sandbox, Method::POST, &button, "").await.status, 303);
    let held = sandbox.identomat().session(&other).unwrap();
    assert_eq!(held.outcome(), Some(&IdentomatOutcome::ManualCheck));

    let state = control(&sandbox, Method::GET, "/api/state", "").await.json();
    let identomat = &state["identomat"];
    assert_eq!(identomat["company_key"], sandbox.identomat().company_key());
    assert_eq!(identomat["sessions"][0]["session_token"], token);
    assert_eq!(identomat["sessions"][0]["result"], "rejected");
    assert_eq!(identomat["callbacks"][0]["state"], "not sent");
    let html = control(&sandbox, Method::GET, "/", "").await.text();
    assert!(html.contains("Open Identomat sessions (0)") && !html.contains(PHONE));
    let callbacks = sandbox.identomat().callbacks();
    let table = format!(
        "<h3>Identomat callbacks</h3><table><tr><th>To</th><th>State</th><th>Attempts</th></tr>\
         <tr><td>{}</td><td>not sent</td><td>0</td></tr></table>",
        callbacks[0].url().origin().ascii_serialization()
    );
    assert!(html.contains(&table), "{html}");
    let exports = sandbox.exports();
    for (name, value) in [
        (
            "IDENTOMAT_BASE_URL",
            sandbox.identomat().base_url().as_str().trim_end_matches('/'),
        ),
        (
            "IDENTOMAT_WIDGET_URL",
            sandbox.identomat().widget_url().as_str().trim_end_matches('/'),
        ),
        ("IDENTOMAT_COMPANY_KEY", sandbox.identomat().company_key()),
        ("IDENTOMAT_SECRET_KEY", sandbox.identomat().secret_key()),
        ("IDENTOMAT_ALLOW_PLAIN_HTTP", "true"),
    ] {
        assert!(exports.contains(&(name.to_owned(), value.to_owned())), "{name}");
    }
}
