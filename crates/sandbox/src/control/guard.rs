//! Keeps other web pages away from the control host.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, X_FRAME_OPTIONS};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, StatusCode};

const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";

/// Refuses what a page of another site could have sent.
///
/// - A `Host` that is a name other than `localhost`: a foreign name that was made to resolve to this
///   machine (DNS rebinding). An address in `Host` was typed or linked as such.
/// - A POST whose `Origin` is not this very host, or that the browser marks as cross-site. Browsers send
///   one or the other with every POST; programs without an `Origin` are let through.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !is_local_host(headers) {
        return refused("The Host header must be an address or localhost.");
    }
    if request.method() == Method::POST && !is_same_origin(headers) {
        return refused("The control host takes no requests from other sites.");
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

fn refused(why: &'static str) -> Response {
    (StatusCode::FORBIDDEN, why).into_response()
}

fn only<'a>(headers: &'a HeaderMap, name: &http::HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn is_local_host(headers: &HeaderMap) -> bool {
    let Some(authority) = only(headers, &HOST).and_then(|host| host.parse::<Authority>().ok()) else {
        return false;
    };
    let host = authority.host();
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || address.parse::<std::net::IpAddr>().is_ok()
}

fn is_same_origin(headers: &HeaderMap) -> bool {
    let is_marked = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "same-origin" && site != "none");
    if is_marked {
        return false;
    }
    if !headers.contains_key(ORIGIN) {
        return true;
    }
    match (only(headers, &ORIGIN), only(headers, &HOST)) {
        (Some(origin), Some(host)) => origin
            .strip_prefix("http://")
            .is_some_and(|authority| authority.eq_ignore_ascii_case(host)),
        _ => false,
    }
}
