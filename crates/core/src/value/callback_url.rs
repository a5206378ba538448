//! URLs that a provider calls back.

use url::{Host, Url};

use crate::error::{Error, Result};

/// Checks a URL that a provider will call, as it will be sent: an absolute URL that begins with `https://`,
/// in lower case and without white space. `plain_http` is for the client of a sandbox: with it, `http://`
/// does too, for an address of this machine and no other.
///
/// ```
/// use verikit_core::value::check_callback_url;
///
/// assert!(check_callback_url("https://app.example.net/hook", false).is_ok());
/// assert!(check_callback_url("https:app.example.net/hook", false).is_err());
/// assert!(check_callback_url("http://127.0.0.1:3000/hook", true).is_ok());
/// assert!(check_callback_url("http://app.example.net/hook", true).is_err());
/// ```
///
/// # Errors
///
/// [`InvalidInput`](crate::ErrorKind::InvalidInput), which does not quote the URL.
pub fn check_callback_url(text: &str, plain_http: bool) -> Result<()> {
    let fits = Url::parse(text).is_ok_and(|url| {
        let allowed = match url.scheme() {
            "https" => true,
            "http" => plain_http && is_on_this_machine(&url),
            _ => false,
        };
        allowed && is_written_in_full(text, url.scheme())
    });
    if fits {
        Ok(())
    } else {
        Err(Error::invalid_input(
            "the callback URL must be an absolute URL that starts with https://",
        ))
    }
}

/// The parser fixes what it reads: it drops line breaks, adds slashes that are missing and turns others
/// round. What is sent is the text, and another parser may fix it in another way.
fn is_written_in_full(text: &str, scheme: &str) -> bool {
    let host = text
        .strip_prefix(scheme)
        .and_then(|rest| rest.strip_prefix("://"));
    host.is_some_and(|host| !host.starts_with('/'))
        && !text.contains(|letter: char| letter == '\\' || letter.is_control() || letter.is_whitespace())
}

/// Whether a URL leads to this machine and to no other.
pub(crate) fn is_on_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_in_full_or_plain_http_to_this_machine() {
        for (url, alone, with_plain_http) in [
            ("https://app.example.net/hook?a=b#c", true, true),
            ("https://user:word@app.example.net:8443/", true, true),
            ("https://d\u{f6}ner.example/", true, true),
            ("http://127.0.0.1:3000/hook", false, true),
            ("http://127.255.0.9/", false, true),
            ("http://localhost:3000/hook", false, true),
            ("http://[::1]:3000/hook", false, true),
            ("http://app.example.net/hook", false, false),
            ("http://127.0.0.1.example.net/", false, false),
            ("http://localhost.example.net/", false, false),
            ("http://127.0.0.1@app.example.net/", false, false),
            ("http:127.0.0.1/", false, false),
            ("HTTP://127.0.0.1/", false, false),
            ("http://127.0.0.1\n/", false, false),
            ("HTTPS://app.example.net/", false, false),
            ("https:app.example.net/", false, false),
            ("https:/app.example.net/", false, false),
            ("https:///app.example.net/", false, false),
            (r"https:\\app.example.net/", false, false),
            (r"https://\app.example.net/", false, false),
            (r"https://app.example.net\@evil.example/", false, false),
            (" https://app.example.net/", false, false),
            ("https://app.example.net/ ", false, false),
            ("ht\ntps://app.example.net/", false, false),
            ("https://app.example.net/a\tb", false, false),
            ("https://app.example.net/a\u{a0}b", false, false),
            ("https://", false, false),
            ("https://[", false, false),
            ("ftp://127.0.0.1/", false, false),
            ("javascript:alert(1)", false, false),
            ("/hook", false, false),
            ("", false, false),
        ] {
            assert_eq!(check_callback_url(url, false).is_ok(), alone, "{url:?}");
            assert_eq!(check_callback_url(url, true).is_ok(), with_plain_http, "{url:?}");
        }
        let error = check_callback_url("http://app.example.net/?key=q-1", false).unwrap_err();
        assert!(error.is_invalid_input());
        assert!(!format!("{error} {error:?}").contains("q-1"));
    }
}
