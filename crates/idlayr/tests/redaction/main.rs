//! A TRACE log of a whole session, and every text that a value or an error shows, hold nothing private, in any encoding.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod capture;
mod needles;
mod session;
mod tls;
mod types;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use verikit_sandbox::Sandbox;

use crate::capture::Captured;
use crate::needles::Needle;
use crate::session::{CALLBACK, LOCAL_NUMBER, NUMBER, PHONE_IP, REDIRECT, REFERENCE, SEARCHED};

#[tokio::test]
async fn nothing_private_is_shown_or_logged() {
    let captured = Captured::install();
    let sandbox = Sandbox::builder().seed(11).start().await.unwrap();
    let (id, secret) = (sandbox.idlayr().client_id(), sandbox.idlayr().client_secret());

    let met = session::over_plain_http(&sandbox, &captured).await;
    types::every_type_of_core(&captured).await;
    let met_over_tls = tls::over_tls(id, secret, &captured).await;

    let mut needles = vec![
        Needle::new("client id", id),
        Needle::new("client secret", secret),
        Needle::new("Basic value", &STANDARD.encode(format!("{id}:{secret}"))),
        Needle::new("phone number", NUMBER),
        Needle::new("phone number in its country", LOCAL_NUMBER),
        Needle::new("phone number as typed", "7700 900176"),
        Needle::new("address of the phone", PHONE_IP),
        Needle::new("reference", REFERENCE),
        Needle::new("search", SEARCHED),
        Needle::new("callback's query", CALLBACK.split_once("key=").unwrap().1),
        Needle::new("callback's host", "hooks.example.net"),
        Needle::new("redirect's query", REDIRECT.split_once("state=").unwrap().1),
    ];
    assert!(met.len() >= 4 && met_over_tls.len() >= 2, "tokens and codes");
    for (name, text) in met.iter().chain(&met_over_tls) {
        needles.push(Needle::new(name, text));
    }

    let lines = captured.lines();
    for line in &lines {
        for needle in &needles {
            if let Some(found) = needle.find_in(line) {
                panic!("{found}\n{line}");
            }
        }
    }

    // The net was out: the client's own events and those of the crates below it are there.
    for (target, least) in session::TALKERS {
        let count = lines.iter().filter(|line| line.starts_with(target)).count();
        assert!(count >= *least, "{target}: {count} lines");
    }
}
