//! The header `Authorization`, before anybody looks at what it says.

use http::HeaderMap;
use http::header::AUTHORIZATION;

/// The token of `Authorization: Bearer <token>`, or what is wrong with the header.
pub(crate) fn bearer_token(headers: &HeaderMap) -> Result<&str, &'static str> {
    only(headers)?
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim_matches(' '))
        .ok_or("the Authorization header is not a bearer token")
}

/// The one `Authorization` header.
pub(crate) fn only(headers: &HeaderMap) -> Result<&str, &'static str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or("no Authorization header")?;
    if values.next().is_some() {
        return Err("more than one Authorization header");
    }
    value.to_str().map_err(|_| "the Authorization header is not text")
}
