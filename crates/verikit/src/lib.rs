#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

#[cfg(feature = "caf")]
#[doc(inline)]
pub use caf;

#[cfg(feature = "cm-identity")]
#[doc(inline)]
pub use cm_identity;

#[cfg(feature = "cm-idscan")]
#[doc(inline)]
pub use cm_idscan;

#[cfg(feature = "identomat")]
#[doc(inline)]
pub use identomat;

#[cfg(feature = "idlayr")]
#[doc(inline)]
pub use idlayr;

#[doc(inline)]
pub use verikit_core::{
    Answer, Attempt, Call, CallFuture, Clock, Delivery, Download, Environment, Error, ErrorKind,
    InvalidPhoneNumber, Items, KeyHash, Observer, Page, Personal, PhoneNumber, Preview, RateLimit, RawReply,
    Repeat, Reply, Request, Result, RetryPolicy, Secret, SystemClock, Timestamp, TokenIssued, clock,
    transport, value,
};

/// What is in signatures, of the version that they have.
#[doc(no_inline)]
pub use verikit_core::{bytes, http, serde_json, url};

/// Test doubles: closure transports, a manual clock, seeded jitter.
#[cfg(feature = "testing")]
#[doc(inline)]
pub use verikit_core::testing;

/// Tokens that several clients share.
#[cfg(feature = "token-store")]
#[doc(inline)]
pub use verikit_core::auth::store;

/// What most programs name: `use verikit::prelude::*;`.
pub mod prelude {
    #[doc(no_inline)]
    pub use crate::{Delivery, Error, ErrorKind, Personal, PhoneNumber, RetryPolicy, Secret};
}

/// Compiles the workspace's front page and documents. They lie outside of this package, and are looked for in
/// doctests alone.
#[cfg(doctest)]
mod documents {
    macro_rules! compiled {
        ($($name:ident = $file:literal,)+) => {
            $(#[doc = include_str!($file)] struct $name;)+ // a doctest of the workspace
        };
    }
    compiled! {
        Caf = "../../../docs/caf.md",
        CmIdentity = "../../../docs/cm-identity.md",
        FrontPage = "../../../README.md",
        CmIdscan = "../../../docs/cm-idscan.md",
        Configuration = "../../../docs/configuration.md",
        Errors = "../../../docs/errors.md",
        Identomat = "../../../docs/identomat.md",
        Idlayr = "../../../docs/idlayr.md",
        Sandbox = "../../../docs/sandbox.md",
        Testing = "../../../docs/testing.md",
    }
}
