//! The one place where paths and queries are encoded.

use std::borrow::Cow;

use url::form_urlencoded;

use crate::value::check_segment;

/// Fills a route template below `base`. A static part is copied; each `{...}` segment takes the next
/// argument.
///
/// The dot segments are refused before anything is encoded: no encoding defuses them, and `url` drops them
/// without a word, which would turn `/checks/{check_id}` into `/checks`.
pub(crate) fn fill(base: &str, route: &'static str, arguments: &[&str]) -> Result<Cow<'static, str>, String> {
    if base == "/" && arguments.is_empty() && route.starts_with('/') && !route.contains('{') {
        return Ok(Cow::Borrowed(route));
    }
    let mut path = String::with_capacity(base.len() + route.len() + 48);
    path.push_str(base.trim_end_matches('/'));
    let mut arguments = arguments.iter();
    for segment in route.split('/').skip(1) {
        path.push('/');
        match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            None => path.push_str(segment),
            Some(name) => {
                let Some(argument) = arguments.next() else {
                    return Err(format!("no value for {name}"));
                };
                check_segment(argument).map_err(|error| format!("{name}: {error}"))?;
                push_encoded(&mut path, argument);
            }
        }
    }
    if arguments.next().is_some() {
        return Err(String::from("more values than the route has places"));
    }
    if path.is_empty() {
        path.push('/');
    }
    Ok(Cow::Owned(path))
}

/// Appends one query parameter, encoded as a form.
pub(crate) fn push_query(path: &mut String, has_query: bool, name: &str, value: &str) {
    path.push(if has_query { '&' } else { '?' });
    path.extend(form_urlencoded::byte_serialize(name.as_bytes()));
    path.push('=');
    path.extend(form_urlencoded::byte_serialize(value.as_bytes()));
}

/// Leaves RFC 3986's unreserved characters and encodes everything else, so that nothing in an argument can
/// mean anything.
fn push_encoded(out: &mut String, segment: &str) {
    const HEX: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
    ];
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend(HEX.get(usize::from(byte >> 4)));
            out.extend(HEX.get(usize::from(byte & 15)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use url::Url;

    #[test]
    fn a_template_takes_its_arguments_in_order() {
        assert_eq!(fill("", "/a/{x}/b/{y}", &["1", "2"]).unwrap(), "/a/1/b/2");
        assert_eq!(fill("/base/", "/a", &[]).unwrap(), "/base/a");
        assert_eq!(fill("/", "/a/b", &[]).unwrap(), "/a/b");
        assert!(fill("/", "/a/{x}", &[]).is_err());
        assert_eq!(fill("", "", &[]).unwrap(), "/");
        assert!(fill("", "/a/{x}", &[]).unwrap_err().contains('x'));
        assert!(fill("", "/a", &["1"]).is_err());
    }

    #[test]
    fn hostile_arguments_are_refused() {
        for argument in ["", ".", "..", "a\r\nb", "\0"] {
            assert!(fill("", "/a/{id}", &[argument]).is_err(), "{argument:?}");
        }
    }

    proptest! {
        #[test]
        fn any_argument_stays_one_segment(argument in "\\PC{1,40}") {
            prop_assume!(argument != "." && argument != "..");
            let path = fill("/v1", "/checks/{id}/traces", &[&argument]).unwrap();
            let url = Url::parse(&format!("https://example.com{path}")).unwrap();
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 4);
            let decoded: Vec<u8> = percent_decode(segments[2]);
            prop_assert_eq!(decoded, argument.as_bytes());
            prop_assert_eq!(url.path(), path);
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }

        #[test]
        fn any_query_value_comes_back(value in "\\PC{0,40}") {
            let mut path = String::from("/checks");
            push_query(&mut path, false, "search", &value);
            push_query(&mut path, true, "page", "1");
            let url = Url::parse(&format!("https://example.com{path}")).unwrap();
            let pairs: Vec<_> = url.query_pairs().into_owned().collect();
            prop_assert_eq!(pairs, vec![("search".to_owned(), value), ("page".to_owned(), "1".to_owned())]);
            prop_assert!(url.fragment().is_none());
        }
    }

    /// Independent of the encoder: decodes as a server would.
    fn percent_decode(text: &str) -> Vec<u8> {
        let mut bytes = text.bytes();
        let mut out = Vec::new();
        while let Some(byte) = bytes.next() {
            if byte == b'%' {
                let pair = [bytes.next().unwrap(), bytes.next().unwrap()];
                out.push(u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap());
            } else {
                out.push(byte);
            }
        }
        out
    }
}
