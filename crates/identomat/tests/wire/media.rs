//! Files, and errors in their place (contract identomat, 2.2 and 6).

use identomat::testing::Step;
use identomat::{Delivery, ErrorCode, ErrorKind, MediaFile, MediaKind, Result};

use crate::support::{Scripted, assert_silent, token};

fn answer(content_type: &str, body: impl Into<Vec<u8>>) -> Step {
    Step::answer(200, body.into()).header("content-type", content_type)
}

/// The same answer for a file in memory and for a stream.
fn both_ways(step: &Step) -> [Result<(Option<String>, bytes::Bytes)>; 2] {
    let scripted = Scripted::new(vec![step.clone(); 2]);
    let media = scripted.client.media();
    let whole = scripted.run(media.get(MediaKind::CardFront, &token()));
    let streamed = scripted
        .run(media.stream(MediaKind::CardFront, &token()))
        .map(|download| {
            let content_type = download.content_type().map(str::to_owned);
            (content_type, scripted.run(Box::pin(download.bytes())).unwrap())
        });
    [
        whole.map(
            |MediaFile {
                 content_type, bytes, ..
             }| (content_type, bytes),
        ),
        streamed,
    ]
}

#[test]
fn what_says_that_it_is_a_file_is_one() {
    for content_type in [
        "image/jpeg",
        "IMAGE/PNG",
        "image/jpeg; charset=binary",
        "video/mp4",
        "application/pdf",
        "application/octet-stream",
    ] {
        for file in both_ways(&answer(content_type, [0xff, 0xd8, 0, 1])) {
            let (stated, bytes) = file.unwrap();
            assert_eq!(stated.as_deref(), Some(content_type));
            assert_eq!(&bytes[..], [0xff, 0xd8, 0, 1]);
        }
    }
}

#[test]
fn an_error_in_its_place_is_one_whatever_the_status() {
    for status in [200, 203, 400, 404] {
        for (body, code) in [
            ("\"SESSION_NOT_FOUND\"", ErrorCode::SessionNotFound),
            ("\"SESSION_INVALID\"", ErrorCode::SessionInvalid),
            (r#"{"argumentError":"no ANNA"}"#, ErrorCode::ArgumentError),
        ] {
            for content_type in [
                "application/json",
                "application/json; charset=utf-8",
                "text/html",
                "text/plain",
            ] {
                let step = Step::answer(status, body).header("content-type", content_type);
                for outcome in both_ways(&step) {
                    let error = outcome.unwrap_err();
                    assert_eq!(ErrorCode::of(&error), Some(code.clone()), "{status} {body}");
                    assert_eq!(error.delivery(), Delivery::Refused);
                    assert_eq!(error.operation(), "media.card_front");
                    assert_silent(&error, &["ANNA"]);
                }
            }
            // Without any type.
            for outcome in both_ways(&Step::answer(status, body)) {
                assert_eq!(ErrorCode::of(&outcome.unwrap_err()), Some(code.clone()));
            }
        }
    }
}

/// No image is a JSON string: where all of it is at hand, an error is told from one whatever it is called.
#[test]
fn a_code_that_is_called_an_image_is_an_error_where_it_can_be_seen() {
    let scripted = Scripted::new([answer("image/jpeg", "\"SESSION_NOT_FOUND\"")]);
    let face = scripted.client.media().get(MediaKind::Face, &token());
    let error = scripted.run(face).unwrap_err();
    assert_eq!(ErrorCode::of(&error), Some(ErrorCode::SessionNotFound));
}

#[test]
fn what_is_neither_a_file_nor_an_error_cannot_be_read() {
    for body in [
        "{}",
        "<html>ANNA</html>",
        "\"some text of ANNA\"",
        "",
        "\u{ff}\u{d8}",
    ] {
        for content_type in ["application/json", "text/html", "imagex/jpeg", "image", ""] {
            for outcome in both_ways(&answer(content_type, body)) {
                let error = outcome.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Decode, "{content_type} {body}");
                assert_eq!(error.body(), body);
                assert_silent(&error, &["ANNA"]);
            }
        }
    }
}

#[test]
fn a_file_has_a_limit_of_its_own() {
    let image = || answer("image/jpeg", vec![7; 2000]);
    let scripted = Scripted::with([image(), image(), image()], |config| {
        config.json_limit(100).file_limit(1999)
    });
    let media = scripted.client.media();
    let error = scripted.run(media.get(MediaKind::Face, &token())).unwrap_err();
    assert!(error.is_too_large());
    let streamed = scripted.run(media.stream(MediaKind::Face, &token()));
    assert!(streamed.unwrap_err().is_too_large(), "by its declared length");
    let call = media.get(MediaKind::Face, &token()).answer_limit(2000);
    assert_eq!(scripted.run(call).unwrap().bytes.len(), 2000);
}

#[test]
fn a_file_that_breaks_off_is_asked_for_again() {
    let scripted = Scripted::new([Step::CutBody, answer("image/jpeg", "whole")]);
    let file = scripted
        .run(scripted.client.media().get(MediaKind::Passport, &token()))
        .unwrap();
    assert_eq!(file.bytes, "whole");
    assert!(!format!("{file:?}").contains("whole"));
    assert_eq!(scripted.transport.seen().len(), 2);
}
