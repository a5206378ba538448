//! The form, byte for byte, and what must not get into it.

use super::*;

#[test]
fn the_form_byte_for_byte() {
    let (body, content_type) = file("file", "foto d\u{f6}ner.jpg", "image/jpeg", b"\xff\xd8\r\n--").unwrap();
    assert_eq!(
        content_type,
        "multipart/form-data; boundary=verikit-0000000000000000"
    );
    let expected: &[u8] = b"--verikit-0000000000000000\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"foto d\xc3\xb6ner.jpg\"\r\n\
        Content-Type: image/jpeg\r\n\r\n\
        \xff\xd8\r\n--\r\n--verikit-0000000000000000--\r\n";
    assert_eq!(&body[..], expected);
}

#[test]
fn no_content_ends_the_form() {
    let mut content = Vec::new();
    for number in 0_u64..40 {
        content.extend_from_slice(format!("vverikit-{number:016x}--\r\n").as_bytes());
        let (body, content_type) = file("file", "a.bin", "application/octet-stream", &content).unwrap();
        let boundary = format!("verikit-{:016x}", number + 1);
        assert_eq!(content_type, format!("multipart/form-data; boundary={boundary}"));
        let found = |text: &[u8]| body.windows(text.len()).filter(|window| *window == text).count();
        assert_eq!(found(boundary.as_bytes()), 2);
    }
}

#[test]
fn what_would_change_the_form_is_refused() {
    for name in ["", "a\"b", "a/b", "..\\b", "a\r\nb", "a\nb", "\0", "a\u{85}"] {
        let error = file("file", name, "image/jpeg", b"x").unwrap_err();
        assert!(error.to_string().contains("needs a name"), "{name:?}: {error}");
    }
    for media_type in [
        "",
        "image",
        "/jpeg",
        "image/",
        "image/jpeg; a=b",
        "image/jp\r\neg",
        "a/b/c",
        "im age/x",
    ] {
        let error = file("file", "a.jpg", media_type, b"x").unwrap_err();
        assert!(
            error.to_string().contains("needs a media type"),
            "{media_type:?}: {error}"
        );
    }
    assert!(file("file", "a.jpg", "image/jpeg", b"").is_err());
}
