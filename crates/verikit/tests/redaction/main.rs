//! A TRACE log of a whole session, and every text that a value or an error shows, hold nothing private, in
//! any encoding.
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
mod public_types;
mod sandboxed_caf;
mod sessions;
mod tls;
mod types;

use verikit_sandbox::Sandbox;

use crate::capture::Captured;
use crate::needles::Needle;

/// Who is heard at least this often.
const TALKERS: &[(&str, usize)] = &[
    ("verikit:", 20),
    ("reqwest", 5),
    ("hyper", 5),
    ("h2", 20),
    ("rustls", 5),
];

#[tokio::test]
async fn nothing_private_is_shown_or_logged() {
    let captured = Captured::install();
    let sandbox = Sandbox::builder().seed(11).start().await.unwrap();

    let mut needles = sessions::idlayr::needles(&sandbox);
    let mut met = sessions::idlayr::over_plain_http(&sandbox, &captured).await;
    assert!(met.len() >= 4, "tokens and codes");
    needles.extend(sessions::cm_identity::needles(&sandbox));
    met.extend(sessions::cm_identity::over_plain_http(&sandbox, &captured).await);
    needles.extend(sessions::cm_idscan::needles(&sandbox));
    let met_at_idscan = sessions::cm_idscan::over_plain_http(&sandbox, &captured).await;
    assert!(
        met_at_idscan.len() >= 5,
        "tokens, transaction URLs and download tokens"
    );
    met.extend(met_at_idscan);
    needles.extend(sessions::identomat::needles(&sandbox));
    met.extend(sessions::identomat::over_plain_http(&sandbox, &captured).await);
    needles.extend(sessions::caf::needles(&sandbox));
    met.extend(sessions::caf::over_plain_http(&sandbox, &captured).await);
    types::every_type_of_core(&captured).await;
    sandboxed_caf::every_type(&captured).await;
    let met_over_tls = tls::over_tls(&sandbox, &captured).await;
    assert!(met_over_tls.len() >= 2, "tokens and codes");
    met.extend(met_over_tls);
    for (name, text) in &met {
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

    assert_eq!(public_types::never_shown(&captured.types()), [""; 0]);

    // The net was out: the clients' own events and those of the crates below them are there.
    for (target, least) in TALKERS {
        let count = lines.iter().filter(|line| line.starts_with(target)).count();
        assert!(count >= *least, "{target}: {count} lines");
    }
}
