//! Whatever comes back, there is an answer or a typed error, and nothing is shown.

use identomat::testing::Step;
use identomat::{Answer, ErrorKind, MediaKind, SessionResult, WidgetEnd};

use crate::bodies::REJECTED_IDENTITY;
use crate::support::{Scripted, assert_silent, token};

const PRIVATE: [&str; 4] = ["ANNA", "EXAMPLE", "192.0.2.7", "00AA00000"];

/// Every cut of a good answer, and every byte of it turned over.
#[test]
fn cut_and_flipped_results() {
    let good = REJECTED_IDENTITY.as_bytes();
    for end in 0..good.len() {
        let error = Answer::<SessionResult>::from_json(good[..end].to_vec()).unwrap_err();
        assert!(error.is_decode(), "{end}");
        assert_silent(&error, &PRIVATE);
    }
    for place in 0..good.len() {
        for flip in [0x01, 0x20, 0x80] {
            let mut body = good.to_vec();
            body[place] ^= flip;
            match Answer::<SessionResult>::from_json(body) {
                Ok(result) => assert!(!result.is_approved(), "{place}"),
                Err(error) => assert_silent(&error, &PRIVATE),
            }
        }
    }
}

#[test]
fn nests_and_floods() {
    let deep = format!(
        r#"{{"result":"approved","person":{}1{}}}"#,
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let wide = format!(r#"{{"result":"approved",{}"z":1}}"#, "\"a\":1,".repeat(50_000));
    let long = format!(r#"{{"result":"{}"}}"#, "a".repeat(500_000));
    let keys = format!(
        r#"{{"person":{{{}"z":1}}}}"#,
        "\"first_name\":\"ANNA\",".repeat(1000)
    );
    for body in [deep, wide, long, keys] {
        let scripted = Scripted::new([Step::json(200, body)]);
        match scripted.run(scripted.client.sessions().result(&token())) {
            Ok(result) => assert!(format!("{result:?}").len() < 20_000),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Decode);
                assert_silent(&error, &PRIVATE);
            }
        }
    }
}

#[test]
fn every_operation_survives_every_odd_answer() {
    let bodies: [&[u8]; 16] = [
        b"",
        b" ",
        b"null",
        b"true",
        b"0",
        b"-1e400",
        b"\"\"",
        b"\"",
        b"[]",
        b"{",
        b"{}",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"<html>ANNA</html>",
        b"{\"argumentError\":",
        b"{\"argumentError\":1,\"argumentError\":2}",
    ];
    for status in [200, 204, 299, 400, 404, 418, 501] {
        for body in bodies {
            for content_type in ["application/json", "text/html"] {
                let step = || Step::answer(status, body.to_vec()).header("content-type", content_type);
                for signing in [false, true] {
                    let scripted = if signing {
                        Scripted::signing([step(), step(), step(), step(), step(), step()])
                    } else {
                        Scripted::new([step(), step(), step(), step(), step(), step()])
                    };
                    let client = &scripted.client;
                    let token = token();
                    let shown = [
                        scripted.run(client.sessions().begin()).map(|_| ()),
                        scripted.run(client.sessions().result(&token)).map(|_| ()),
                        scripted.run(client.sessions().delete(&token)).map(|_| ()),
                        scripted
                            .run(client.media().get(MediaKind::Face, &token))
                            .map(|_| ()),
                        scripted
                            .run(client.media().stream(MediaKind::Face, &token))
                            .map(|_| ()),
                        scripted.run(client.call_json("a/", &())).map(|_| ()),
                    ];
                    assert!(shown[0].is_err() && shown[3].is_err() && shown[4].is_err());
                    for error in shown.into_iter().filter_map(Result::err) {
                        assert!(
                            !signing || !error.is_decode(),
                            "nothing unsigned is read: {error}"
                        );
                        assert_silent(&error, &PRIVATE);
                    }
                }
            }
        }
    }
}

#[test]
fn a_message_of_the_page_may_be_anything() {
    for message in [
        "{\"type\":\"done\"",
        "{}",
        "\u{0}",
        &"{\"type\":".repeat(10_000),
        "\u{feff}DONE",
    ] {
        assert!(WidgetEnd::from_message(message).is_none());
    }
}
