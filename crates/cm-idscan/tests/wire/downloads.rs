//! Downloads (contract cm-idscan, 7): the token goes to the configured origin and nowhere else.

use std::pin::Pin;

use bytes::Bytes;
use cm_idscan::testing::Step;
use cm_idscan::transport::TransportErrorKind;
use cm_idscan::{Delivery, DownloadUrl, ErrorKind};
use futures_util::StreamExt as _;
use http::header::CONTENT_TYPE;

use crate::support::{BASE, Scripted, TOKEN};

fn url() -> DownloadUrl {
    DownloadUrl::new(format!("{BASE}/downloads/{TOKEN}"))
}

fn image(bytes: impl Into<Bytes>) -> Step {
    Step::answer(200, bytes).header("content-type", "image/jpeg")
}

#[test]
fn a_file_in_memory_and_as_a_stream() {
    let line = format!("GET {BASE}/downloads/{TOKEN}");
    let scripted = Scripted::golden([image(&b"\xff\xd8image"[..])]);
    let file = scripted.run(scripted.client.downloads().bytes(&url())).unwrap();
    scripted.assert_sent(&line, "*/*", "");
    assert_eq!(file.content_type.as_deref(), Some("image/jpeg"));
    assert_eq!(&file.bytes[..], b"\xff\xd8image");

    let scripted = Scripted::golden([image(&b"\xff\xd8image"[..])]);
    let mut download = scripted.run(scripted.client.downloads().stream(&url())).unwrap();
    scripted.assert_sent(&line, "*/*", "");
    assert_eq!(download.content_type(), Some("image/jpeg"));
    let chunk = scripted.run(Pin::new(&mut download).next()).unwrap().unwrap();
    assert_eq!(&chunk[..], b"\xff\xd8image");
    assert!(scripted.run(download.next()).is_none());
}

#[test]
fn nothing_is_sent_to_anybody_else() {
    for elsewhere in [
        "http://api.cm.com/id-scan/v1/downloads/TOKEN",
        "https://api.cm.com:8443/id-scan/v1/downloads/TOKEN",
        "https://api.cm.com.evil.example/id-scan/v1/downloads/TOKEN",
        "https://evil.example/id-scan/v1/downloads/TOKEN",
        "https://api.cm.com@evil.example/downloads/TOKEN",
        "https://user@api.cm.com/id-scan/v1/downloads/TOKEN",
        "https://:pass@api.cm.com/id-scan/v1/downloads/TOKEN",
        "https://evil.example\\@api.cm.com/downloads/TOKEN",
        "//evil.example/downloads/TOKEN",
        "\\\\evil.example/downloads/TOKEN",
        "https:\\\\evil.example/TOKEN",
        "ftp://api.cm.com/downloads/TOKEN",
        "file:///etc/passwd",
        "data:image/png;base64,TOKEN",
        "javascript:alert('TOKEN')",
        "https://",
    ] {
        let url = DownloadUrl::new(elsewhere);
        let scripted = Scripted::new([]);
        let errors = [
            scripted.run(scripted.client.downloads().bytes(&url)).unwrap_err(),
            scripted
                .run(scripted.client.downloads().stream(&url))
                .unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::Untrusted, "{elsewhere}");
            assert_eq!(error.delivery(), Delivery::NotSent);
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("evil") && !shown.contains("TOKEN"), "{shown}");
        }
        assert_eq!(scripted.transport.seen().len(), 0, "{elsewhere}");
    }
}

#[test]
fn the_same_origin_may_be_written_in_other_ways() {
    for written in [
        format!("https://api.cm.com:443/id-scan/v1/downloads/{TOKEN}"),
        format!("HTTPS://API.CM.COM/id-scan/v1/downloads/{TOKEN}"),
        format!("/id-scan/v1/downloads/{TOKEN}"),
        format!("downloads/{TOKEN}"),
        format!("{BASE}/downloads/{TOKEN}#page"),
    ] {
        let scripted = Scripted::new([image("i")]);
        scripted
            .run(scripted.client.downloads().bytes(&DownloadUrl::new(written)))
            .unwrap();
        let seen = scripted.sent();
        assert_eq!(seen.uri.to_string(), format!("{BASE}/downloads/{TOKEN}"));
        assert!(seen.header("authorization").unwrap().starts_with("Bearer "));
    }
}

#[test]
fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let away = Step::answer(status, "").header("location", "https://evil.example/x");
        let scripted = Scripted::new([away, image("never")]);
        let error = scripted
            .run(scripted.client.downloads().bytes(&url()))
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect);
        assert_eq!(scripted.transport.seen().len(), 1);
    }
}

#[test]
fn a_file_has_a_limit() {
    let limited = |steps: [Step; 1]| Scripted::with(steps, |config| config.file_limit(4));
    let scripted = limited([image("1234")]);
    assert_eq!(
        scripted
            .run(scripted.client.downloads().bytes(&url()))
            .unwrap()
            .bytes,
        "1234"
    );
    let scripted = limited([image("12345")]);
    let error = scripted
        .run(scripted.client.downloads().bytes(&url()))
        .unwrap_err();
    assert!(error.is_too_large());
    let scripted = limited([image("12345")]);
    let error = scripted.run(async {
        let download = scripted.client.downloads().stream(&url()).await?;
        download.bytes().await
    });
    assert!(error.unwrap_err().is_too_large());
    let scripted = limited([image("12345")]);
    let call = scripted.client.downloads().bytes(&url()).answer_limit(5);
    assert_eq!(scripted.run(call).unwrap().bytes, "12345");

    // An image is larger than a JSON answer may be.
    let large = vec![7; 2 * 1024 * 1024];
    for stream in [false, true] {
        let scripted = Scripted::new([image(large.clone())]);
        let bytes = scripted.run(async {
            if stream {
                scripted.client.downloads().stream(&url()).await?.bytes().await
            } else {
                scripted
                    .client
                    .downloads()
                    .bytes(&url())
                    .await
                    .map(|file| file.bytes)
            }
        });
        assert_eq!(bytes.unwrap(), large);
    }
    let scripted = Scripted::new([image(vec![7; 20 * 1024 * 1024 + 1])]);
    let error = scripted
        .run(scripted.client.downloads().bytes(&url()))
        .unwrap_err();
    assert!(error.is_too_large());
}

#[test]
fn a_file_that_breaks_off_is_fetched_again_or_is_no_file() {
    let scripted = Scripted::new([
        Step::CutBody,
        Step::Fail(TransportErrorKind::Interrupted),
        image("whole"),
    ]);
    let file = scripted.run(scripted.client.downloads().bytes(&url())).unwrap();
    assert_eq!(file.bytes, "whole");
    assert_eq!(scripted.transport.seen().len(), 3);

    let scripted = Scripted::new([Step::CutBody, image("never")]);
    let read = scripted.run(async { scripted.client.downloads().stream(&url()).await?.bytes().await });
    assert_eq!(read.unwrap_err().kind(), ErrorKind::Interrupted);
    assert_eq!(scripted.transport.seen().len(), 1);
}

#[test]
fn a_file_that_is_gone_is_an_error_and_no_file() {
    for stream in [false, true] {
        let scripted = Scripted::new([Step::json(404, r#"{"status":404,"message":"File not found"}"#)]);
        let downloads = scripted.client.downloads();
        let error = scripted.run(async {
            if stream {
                downloads.stream(&url()).await.map(|_| ())
            } else {
                downloads.bytes(&url()).await.map(|_| ())
            }
        });
        let error = error.unwrap_err();
        assert_eq!(error.status().unwrap(), 404);
        assert_eq!(error.provider_message(), Some("File not found"));
    }
}

#[test]
fn what_is_downloaded_is_not_shown() {
    let scripted = Scripted::new([image("secret-image").header("x", "y")]);
    let file = scripted.run(scripted.client.downloads().bytes(&url())).unwrap();
    assert_eq!(format!("{file:?}"), "DownloadedFile { bytes: [12 bytes], .. }");
    assert_eq!(format!("{:?}", url()), "DownloadUrl([redacted])");
    let none = Scripted::new([Step::answer(200, "i")]);
    let file = none.run(none.client.downloads().bytes(&url())).unwrap();
    assert_eq!(file.content_type, None);
    assert!(none.sent().headers.get(CONTENT_TYPE).is_none());
}
