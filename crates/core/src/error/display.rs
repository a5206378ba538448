//! How an error reads. Snapshot-tested, and free of everything that a provider or a caller wrote.

use std::fmt;

use super::{Delivery, Error, ErrorKind};
use crate::operation::Repeat;

/// One line; `{:#}` adds what to do.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.inner();
        if !inner.operation.is_empty() {
            write!(f, "{} {}: ", inner.provider, inner.operation)?;
        } else if !inner.provider.is_empty() {
            write!(f, "{}: ", inner.provider)?;
        }
        if let Some(step) = inner.step {
            write!(f, "{step}: ")?;
        }
        match inner.status {
            Some(status) => {
                write!(f, "answered {}", status.as_u16())?;
                if let Some(reason) = status.canonical_reason() {
                    write!(f, " {reason}")?;
                }
                if let Some(code) = inner.known_code {
                    write!(f, " ({code})")?;
                }
                if inner.kind != ErrorKind::Provider {
                    write!(f, ", {}", inner.kind)?;
                }
            }
            None => write!(f, "{}", inner.kind)?,
        }
        if !inner.detail.is_empty() {
            write!(f, ": {}", inner.detail)?;
        }
        if !inner.operation.is_empty() {
            write!(f, "; {}", self.outcome())?;
        }
        if let Some(wait) = inner.retry_after {
            write!(f, "; wait {} s", wait.as_secs_f64().ceil())?;
        }
        if inner.attempts > 1 {
            write!(f, "; {} attempts", inner.attempts)?;
        }
        if !inner.route.is_empty() {
            write!(f, " [{} {}", inner.method, inner.route)?;
            if let Some(origin) = &inner.origin {
                write!(f, " at {origin}")?;
            }
            f.write_str("]")?;
        }
        if f.alternate() {
            write!(f, "\n  what to do: {}", self.advice())?;
        }
        Ok(())
    }
}

impl Error {
    /// For a call that only reads, "may have been carried out" would alarm for nothing.
    fn outcome(&self) -> &'static str {
        let inner = self.inner();
        match (inner.repeat, inner.delivery) {
            (_, Delivery::NotSent) => "nothing was sent",
            (Repeat::Safe, _) => "it can be repeated",
            (Repeat::Once, Delivery::Refused) => "it was not carried out",
            (Repeat::Once, Delivery::Unknown) => "it may have been carried out",
            (Repeat::Once, Delivery::CarriedOut) => "it was carried out",
        }
    }

    /// Whether it was found here, of a webhook or an attestation: no call was refused.
    fn is_of_what_was_handed_in(&self) -> bool {
        let inner = self.inner();
        inner.operation.is_empty() && inner.status.is_none() && inner.step.is_none()
    }

    fn advice(&self) -> &'static str {
        if !self.is_safe_to_repeat() {
            return "find out what became of the call before making it again: it may have been billed";
        }
        match self.kind() {
            ErrorKind::InvalidInput => "change the argument; nothing was sent",
            ErrorKind::Configuration => "fix the configuration; nothing was sent",
            ErrorKind::Connect => "check the base URL, name resolution and the firewall",
            ErrorKind::Tls => "check the machine's clock and root certificates",
            ErrorKind::Timeout => "repeat it, or give it a longer timeout",
            ErrorKind::Interrupted => "repeat it",
            ErrorKind::RateLimited => "wait, then repeat it",
            ErrorKind::Overloaded => "send less at once, or raise max_in_flight",
            ErrorKind::Auth | ErrorKind::Signature if self.is_of_what_was_handed_in() => {
                "refuse it, and do nothing that it asks for"
            }
            ErrorKind::Decode if self.is_of_what_was_handed_in() => {
                "do nothing that it asks for; keep the bytes that were handed in, and report it"
            }
            ErrorKind::Auth => "check the credential, its scopes, its environment and the clock",
            ErrorKind::Provider => "read code() and provider_message(); the latter may hold personal data",
            ErrorKind::Decode => "read body(), which may hold personal data, and report it",
            ErrorKind::TooLarge => "raise the limit if the size is legitimate",
            ErrorKind::Redirect => "check the base URL",
            ErrorKind::Untrusted => "fetch the address without this client's credentials, if you trust it",
            ErrorKind::Signature => "check the signing key; if it is right, somebody else may have answered",
        }
    }
}

/// The same facts as `Display`, as a structure. No body, no message, no source.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.inner();
        let mut out = f.debug_struct("Error");
        out.field("kind", &inner.kind).field("delivery", &inner.delivery);
        if !inner.operation.is_empty() {
            out.field("provider", &inner.provider)
                .field("operation", &inner.operation);
            out.field("route", &format_args!("{} {}", inner.method, inner.route));
        }
        if let Some(step) = inner.step {
            out.field("step", &step);
        }
        if let Some(status) = inner.status {
            out.field("status", &status.as_u16());
        }
        if let Some(code) = inner.known_code {
            out.field("code", &code);
        }
        if !inner.detail.is_empty() {
            out.field("detail", &inner.detail);
        }
        if let Some(wait) = inner.retry_after {
            out.field("retry_after", &wait);
        }
        out.field("attempts", &inner.attempts);
        if !inner.body.is_empty() {
            out.field("body", &format_args!("[{} bytes]", inner.body.len()));
        }
        out.finish()
    }
}
