//! What a failure of reqwest says about the request.

use std::error::Error as StdError;
use std::io;

use rustls::AlertDescription;

use super::{TransportError, TransportErrorKind};

/// A failure to connect proves that nothing was sent, and HTTP/2 has words for a request that was not
/// processed. The other classes look the same before and after the server has acted, so they are one class
/// here.
pub(super) fn classify(error: reqwest::Error) -> TransportError {
    let kind = if error.is_builder() {
        TransportErrorKind::Request
    } else if is_certificate(&error) {
        TransportErrorKind::Certificate
    } else if error.is_connect() {
        TransportErrorKind::Connect
    } else if causes(&error).any(is_unprocessed) {
        TransportErrorKind::Unprocessed
    } else {
        TransportErrorKind::Interrupted
    };
    TransportError::new(kind).with_source(error.without_url())
}

/// RFC 9113, 8.7: a stream that the server refused, or one above the last that it took before it said
/// goodbye, was not processed and may be sent again, whatever it asks for.
fn is_unprocessed(cause: &(dyn StdError + 'static)) -> bool {
    let Some(error) = cause
        .downcast_ref::<h2::Error>()
        .filter(|error| error.is_remote())
    else {
        return false;
    };
    match error.reason() {
        Some(h2::Reason::REFUSED_STREAM) => error.is_reset(),
        Some(h2::Reason::NO_ERROR) => error.is_go_away(),
        _ => false,
    }
}

fn is_certificate(error: &reqwest::Error) -> bool {
    match causes(error).find_map(tls_error) {
        Some(rustls::Error::AlertReceived(alert)) => {
            REFUSALS.contains(alert) || (*alert == AlertDescription::AccessDenied && error.is_connect())
        }
        Some(
            rustls::Error::InvalidCertificate(_)
            | rustls::Error::NoCertificatesPresented
            | rustls::Error::UnsupportedNameType
            | rustls::Error::InvalidCertRevocationList(_)
            | rustls::Error::PeerIncompatible(_),
        ) => error.is_connect(),
        Some(_) => false,
        // A handshake that was merely cut off has no such error: it is an `io::Error` of its own kind.
        None => causes(error).any(is_refusal_over_http_2),
    }
}

/// How a server says that it does not take the client's certificate.
///
/// With TLS 1.3 a client may speak before it hears of this, on a connection that seemed to be made. The
/// server ends the handshake there, and reads nothing of what was said (RFC 8446, 4.4.2.4 and 6.2): the alert
/// proves that nothing was carried out. It cannot come later, since no client of this transport lets itself
/// be asked again.
const REFUSALS: [AlertDescription; 8] = [
    AlertDescription::BadCertificate,
    AlertDescription::UnsupportedCertificate,
    AlertDescription::CertificateRevoked,
    AlertDescription::CertificateExpired,
    AlertDescription::CertificateUnknown,
    AlertDescription::CertificateRequired,
    AlertDescription::UnknownCA,
    // A signature of the handshake does not fit, such as that below a certificate.
    AlertDescription::DecryptError,
];

/// h2 gives the text of the error alone to those who wait on its connection.
fn is_refusal_over_http_2(cause: &(dyn StdError + 'static)) -> bool {
    let Some(text) = cause
        .downcast_ref::<io::Error>()
        .filter(|error| error.kind() == io::ErrorKind::InvalidData)
        .and_then(io::Error::get_ref)
        .map(ToString::to_string)
    else {
        return false;
    };
    let of = |alert: &AlertDescription| rustls::Error::AlertReceived(*alert).to_string();
    REFUSALS.iter().any(|alert| of(alert) == text)
}

/// Whether a client could not be built because of a client certificate whose key does not fit.
pub(super) fn is_of_another_key(error: &reqwest::Error) -> bool {
    let tls = causes(error).find_map(tls_error);
    matches!(tls, Some(rustls::Error::InconsistentKeys(_)))
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}

/// rustls travels inside an `io::Error`, or one inside another, which hide it from `source()`.
fn tls_error<'a>(mut cause: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    loop {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        cause = cause.downcast_ref::<io::Error>()?.get_ref()?;
    }
}
