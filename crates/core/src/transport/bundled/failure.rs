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
    if !error.is_connect() {
        return false;
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(tls) = tls_error(cause) {
            // A handshake that was merely cut off never gets here: it is an `io::Error` of its own kind.
            return matches!(
                tls,
                rustls::Error::InvalidCertificate(_)
                    | rustls::Error::NoCertificatesPresented
                    | rustls::Error::UnsupportedNameType
                    | rustls::Error::InvalidCertRevocationList(_)
                    | rustls::Error::PeerIncompatible(_)
                    | rustls::Error::AlertReceived(
                        AlertDescription::BadCertificate
                            | AlertDescription::UnsupportedCertificate
                            | AlertDescription::CertificateRevoked
                            | AlertDescription::CertificateExpired
                            | AlertDescription::CertificateUnknown
                            | AlertDescription::CertificateRequired
                            | AlertDescription::UnknownCA
                            | AlertDescription::AccessDenied
                    )
            );
        }
        source = cause.source();
    }
    false
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
