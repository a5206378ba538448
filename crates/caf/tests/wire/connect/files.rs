//! `POST /v1/transactions/files` (contract caf, 6.3), which is inferred.

use caf::testing::Step;
use caf::transport::TransportErrorKind;
use caf::{Delivery, ErrorKind};

use super::BASE;
use crate::support::Scripted;

const ANSWER: &str =
    r#"{"requestId":"7d3b1f0a-1111-4222-8333-444445555566","data":{"filename":"f1l3-9a8b.jpg"},"new":1}"#;

#[test]
fn the_golden_upload() {
    let scripted = Scripted::application([Step::json(200, ANSWER)]);
    let content = b"\xff\xd8\xff\xe0 a picture \r\n--";
    let call = scripted
        .connect()
        .upload_file("selfie.jpg", "image/jpeg", &content[..]);
    let file = scripted.run(call).unwrap();
    assert_eq!(file.filename.expose(), "f1l3-9a8b.jpg");
    assert_eq!(
        file.request_id.as_ref().unwrap().as_str(),
        "7d3b1f0a-1111-4222-8333-444445555566"
    );
    assert_eq!(file.extra()["new"], 1);
    let mut body = b"--verikit-0000000000000000\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"selfie.jpg\"\r\n\
        Content-Type: image/jpeg\r\n\r\n"
        .to_vec();
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--verikit-0000000000000000--\r\n");
    scripted.assert_called(
        &format!("POST {BASE}/v1/transactions/files"),
        &[(
            "content-type",
            "multipart/form-data; boundary=verikit-0000000000000000",
        )],
        &body,
    );
}

#[test]
fn it_is_sent_once() {
    for step in [
        Step::Fail(TransportErrorKind::Interrupted),
        Step::CutBody,
        Step::json(500, "{}"),
    ] {
        let scripted = Scripted::application([step.clone(), Step::json(200, ANSWER)]);
        let call = scripted.connect().upload_file("a.jpg", "image/jpeg", "x");
        let error = scripted.run(call).unwrap_err();
        assert_eq!(error.operation(), "connect_file.upload");
        assert_eq!(scripted.calls().len(), 1, "{step:?}: {error}");
    }
}

#[test]
fn an_answer_without_the_files_name_is_an_error_though_the_file_is_stored() {
    for body in [
        "",
        "{}",
        "[]",
        r#"{"data":null}"#,
        r#"{"data":["f1l3"]}"#,
        r#"{"data":"f1l3"}"#,
        r#"{"data":{}}"#,
        r#"{"data":{"filename":""}}"#,
        r#"{"data":{"filename":7}}"#,
        r#"{"filename":"f1l3"}"#,
        r#"[{"filename":"f1l3"},"r"]"#,
    ] {
        let scripted = Scripted::application([Step::json(200, body)]);
        let call = scripted.connect().upload_file("a.jpg", "image/jpeg", "x");
        let error = scripted.run(call).unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Decode, Delivery::CarriedOut),
            "{body}"
        );
        assert!(!format!("{error} {error:?}").contains("f1l3"));
    }
}

#[test]
fn what_would_change_the_form_is_refused_before_anything_is_sent() {
    let scripted = Scripted::application([]);
    for (name, media_type, content) in [
        ("", "image/jpeg", "x"),
        ("a\"; filename=\"b", "image/jpeg", "x"),
        ("a.jpg\r\nX-Evil: 1", "image/jpeg", "x"),
        ("../a.jpg", "image/jpeg", "x"),
        ("a.jpg", "image/jpeg\r\nX-Evil: 1", "x"),
        ("a.jpg", "jpeg", "x"),
        ("a.jpg", "image/jpeg", ""),
    ] {
        let call = scripted.connect().upload_file(name, media_type, content);
        assert!(call.prepare().is_err());
        let error = scripted.run(call).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!((error.provider(), error.delivery()), ("caf", Delivery::NotSent));
        assert!(!format!("{error:?}").contains("Evil"));
    }
    assert_eq!(scripted.transport.seen().len(), 0);
}

#[test]
fn neither_the_name_nor_the_content_is_shown() {
    let scripted = Scripted::application([Step::json(200, ANSWER)]);
    let call = || {
        scripted
            .connect()
            .upload_file("ana-teste.jpg", "image/jpeg", "p1ctur3")
    };
    let mut shown = format!(
        "{:?} {:?} {}",
        call(),
        call().prepare(),
        call().prepare().unwrap()
    );
    let file = scripted.run(call()).unwrap();
    shown += &format!("{file:?}");
    for private in ["ana-teste", "p1ctur3", "f1l3-9a8b"] {
        assert!(!shown.contains(private), "{shown}");
    }
}
