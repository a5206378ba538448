//! What a failure of reqwest says about the request.

use std::error::Error as StdError;

use rustls::AlertDescription;

use super::{TransportError, TransportErrorKind};

/// Only a failure to connect proves that nothing was sent. The other classes look the same before and after
/// the server has acted, so they are one class here.
pub(super) fn classify(error: reqwest::Error) -> TransportError {
    let kind = if error.is_builder() {
        TransportErrorKind::Request
    } else if is_certificate(&error) {
        TransportErrorKind::Certificate
    } else if error.is_connect() {
        TransportErrorKind::Connect
    } else {
        TransportErrorKind::Interrupted
    };
    TransportError::new(kind).with_source(error.without_url())
}

fn is_certificate(error: &reqwest::Error) -> bool {
    use AlertDescription as Alert;

    match find_tls_error(error) {
        // With TLS 1.3 a client may speak before it hears what became of its own certificate. A server that
        // does not take it ends the handshake there, and reads nothing of what was said (RFC 8446, 4.4.2.4):
        // the alert proves it, though the connection seemed to be made.
        Some(rustls::Error::AlertReceived(
            Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::CertificateRequired
            | Alert::UnknownCA,
        )) => true,
        Some(
            rustls::Error::InvalidCertificate(_)
            | rustls::Error::NoCertificatesPresented
            | rustls::Error::UnsupportedNameType
            | rustls::Error::InvalidCertRevocationList(_)
            | rustls::Error::PeerIncompatible(_)
            | rustls::Error::AlertReceived(Alert::AccessDenied),
        ) => error.is_connect(),
        _ => false,
    }
}

/// Whether a client could not be built because of a client certificate whose key does not fit.
pub(super) fn is_of_another_key(error: &reqwest::Error) -> bool {
    matches!(find_tls_error(error), Some(rustls::Error::InconsistentKeys(_)))
}

/// A handshake that was merely cut off has none: it is an `io::Error` of its own kind.
fn find_tls_error(error: &reqwest::Error) -> Option<&rustls::Error> {
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(tls) = tls_error(cause) {
            return Some(tls);
        }
        source = cause.source();
    }
    None
}

/// rustls travels inside an `io::Error`, or one inside another, which hide it from `source()`.
fn tls_error<'a>(mut cause: &'a (dyn StdError + 'static)) -> Option<&'a rustls::Error> {
    loop {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        cause = cause.downcast_ref::<std::io::Error>()?.get_ref()?;
    }
}
