//! Multipart bodies, byte for byte (RFC 7578): what is signed are the values as they were received.

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// One part of a form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) is_file: bool,
    pub(crate) value: Bytes,
}

/// The boundary that the request's content type names.
pub(crate) fn boundary(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let boundary = parameter(value, "boundary")?;
    (1..=70).contains(&boundary.len()).then_some(boundary)
}

/// The parts in their order. `None` if the body is not put together as the RFC has it; text before the first
/// boundary is not read over.
pub(crate) fn parts(body: &Bytes, boundary: &str) -> Option<Vec<Part>> {
    let delimiter = format!("\r\n--{boundary}");
    let mut rest: &[u8] = body.strip_prefix(delimiter.trim_start().as_bytes())?;
    let mut parts = Vec::new();
    loop {
        if let Some(end) = rest.strip_prefix(b"--") {
            return matches!(end, b"" | b"\r\n").then_some(parts);
        }
        let (headers, after) = split_once(rest.strip_prefix(b"\r\n")?, b"\r\n\r\n")?;
        let (value, after) = split_once(after, delimiter.as_bytes())?;
        let (name, is_file) = disposition(headers)?;
        parts.push(Part {
            name,
            is_file,
            value: body.slice_ref(value),
        });
        rest = after;
    }
}

fn split_once<'a>(bytes: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes
        .windows(separator.len())
        .position(|window| window == separator)?;
    let (before, after) = bytes.split_at_checked(at)?;
    Some((before, after.strip_prefix(separator)?))
}

/// The part's name, and whether it is a file.
fn disposition(headers: &[u8]) -> Option<(String, bool)> {
    let headers = std::str::from_utf8(headers).ok()?;
    let mut dispositions = headers.split("\r\n").filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_disposition = name.eq_ignore_ascii_case("content-disposition");
        is_disposition.then_some(value.trim())
    });
    let value = dispositions.next()?;
    if dispositions.next().is_some() {
        return None;
    }
    let is_form_data = value.split(';').next()?.trim().eq_ignore_ascii_case("form-data");
    let name = parameter(value, "name").filter(|_| is_form_data)?;
    Some((name, parameter(value, "filename").is_some()))
}

/// A parameter of a header's value, quoted or not.
fn parameter(value: &str, wanted: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let (found, after) = match after.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => match after.split_once(';') {
                Some((found, after)) => (found.trim().to_owned(), after),
                None => (after.trim().to_owned(), ""),
            },
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(found);
        }
        rest = after.trim_start().strip_prefix(';').unwrap_or(after);
    }
}

/// The text up to the closing quote, and what follows.
fn unquoted(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => return Some((text, characters.as_str())),
            '\\' => text.push(characters.next()?),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<Vec<(String, bool, String)>> {
        let body = Bytes::copy_from_slice(body.replace('\n', "\r\n").as_bytes());
        let parts = parts(&body, "XX")?;
        Some(
            parts
                .into_iter()
                .map(|part| {
                    (
                        part.name,
                        part.is_file,
                        String::from_utf8_lossy(&part.value).into_owned(),
                    )
                })
                .collect(),
        )
    }

    #[test]
    fn parts_are_read_as_they_stand() {
        let body = "--XX\nContent-Disposition: form-data; name=\"a;\\\"b\"\n\n one\n--X\n\n--XX\n\
                    content-type: image/png\ncontent-disposition: form-data; filename=\"f; name=x\"; name=c\n\n\n\
                    --XX--\n";
        let expected = vec![
            ("a;\"b".to_owned(), false, " one\r\n--X\r\n".to_owned()),
            ("c".to_owned(), true, String::new()),
        ];
        assert_eq!(read(body), Some(expected));
        assert_eq!(read("--XX--"), Some(Vec::new()));
    }

    #[test]
    fn what_is_not_a_form_is_refused() {
        let part = "--XX\nContent-Disposition: form-data; name=\"a\"\n\n1\n";
        assert!(read(&format!("{part}--XX--")).is_some());
        for bad in [
            String::new(),
            part.to_owned(),
            format!("preamble\n{part}--XX--"),
            format!("{part}--XX--more"),
            format!("{part}--XXY--"),
            part.replace("form-data", "attachment") + "--XX--",
            part.replace("; name=\"a\"", "") + "--XX--",
            part.replace("name=\"a\"", "name=\"a") + "--XX--",
            part.replace("\n\n", "\nContent-Disposition: form-data; name=b\n\n") + "--XX--",
            "--XX\n\n1\n--XX--".to_owned(),
        ] {
            assert_eq!(read(&bad), None, "{bad}");
        }
    }

    #[test]
    fn the_boundary_comes_from_the_content_type() {
        let found = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, value.parse().unwrap());
            boundary(&headers)
        };
        assert_eq!(found("multipart/form-data; boundary=XX").as_deref(), Some("XX"));
        assert_eq!(
            found("multipart/form-data; a=\"b;\"; Boundary=\"X X\"").as_deref(),
            Some("X X")
        );
        assert_eq!(found("multipart/form-data"), None);
        assert_eq!(found("multipart/form-data; boundary="), None);
        assert_eq!(
            found(&format!("multipart/form-data; boundary={}", "x".repeat(71))),
            None
        );
    }
}
