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

/// A boundary that is nowhere in the content, wherever a reader may look for it: the content may be of
/// somebody who knows how boundaries are made here.
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
mod tests;
