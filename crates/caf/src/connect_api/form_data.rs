//! A form with one file in it (RFC 7578).

use bytes::Bytes;
use http::HeaderValue;
use verikit_core::{Error, Result};

/// The body and its content type.
pub(super) fn file(
    field: &str,
    file_name: &str,
    media_type: &str,
    content: &[u8],
) -> Result<(Bytes, HeaderValue)> {
    check(file_name, media_type, content)?;
    let boundary = boundary_for(content);
    let head = format!(
        "--{boundary}\r\n\
         Content-Disposition: form-data; name=\"{field}\"; filename=\"{file_name}\"\r\n\
         Content-Type: {media_type}\r\n\
         \r\n"
    );
    let end = format!("\r\n--{boundary}--\r\n");
    let body = [head.as_bytes(), content, end.as_bytes()].concat();
    let content_type = HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}"))
        .map_err(|_| Error::invalid_input("the form has no boundary that can stand in a header"))?;
    Ok((body.into(), content_type))
}

fn check(file_name: &str, media_type: &str, content: &[u8]) -> Result<()> {
    // What would end the name, or be read as a path or an escape by whoever stores it.
    let unfit = |character: char| character.is_control() || matches!(character, '"' | '/' | '\\');
    if file_name.is_empty() || file_name.contains(unfit) {
        return Err(Error::invalid_input(
            "a file needs a name without a path, quotation marks and control characters",
        ));
    }
    let is_token = |text: &str| {
        let of_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
        !text.is_empty() && text.bytes().all(of_token)
    };
    if !media_type
        .split_once('/')
        .is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
    {
        return Err(Error::invalid_input(
            "a file needs a media type, such as image/jpeg, without parameters",
        ));
    }
    if content.is_empty() {
        return Err(Error::invalid_input("the file is empty"));
    }
    Ok(())
}

/// A boundary that is nowhere in the content, wherever a reader may look for it: the content may be of somebody
/// who knows how boundaries are made here.
fn boundary_for(content: &[u8]) -> String {
    let mut number: u64 = 0;
    loop {
        let boundary = format!("verikit-{number:016x}");
        if !contains(content, boundary.as_bytes()) {
            return boundary;
        }
        number += 1;
    }
}

fn contains(content: &[u8], text: &[u8]) -> bool {
    let mut rest = content;
    while let Some(at) = rest.iter().position(|byte| text.first() == Some(byte)) {
        let from = rest.get(at..).unwrap_or_default();
        if from.starts_with(text) {
            return true;
        }
        rest = from.get(1..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_byte_for_byte() {
        let (body, content_type) =
            file("file", "foto d\u{f6}ner.jpg", "image/jpeg", b"\xff\xd8\r\n--").unwrap();
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
}
