//! Values that several providers share.

mod amount;
mod callback_url;
mod extra;
mod http_date;
mod id;
mod lenient;
mod open_enum;
mod phone;
mod text;
mod timestamp;

pub use amount::Amount;
pub(crate) use callback_url::is_on_this_machine;
pub use id::InvalidIdentifier;
pub(crate) use id::check_segment;
pub use open_enum::UnknownValue;
pub use phone::{InvalidPhoneNumber, PhoneNumber};
pub use timestamp::{InvalidTimestamp, Timestamp};

pub(crate) use text::NO_TEXT;
pub(crate) use timestamp::seconds_ahead;
#[cfg(feature = "signing")]
pub(crate) use timestamp::unix_seconds;
/// For provider crates: what reads and checks their members. No promise is made about it.
#[doc(hidden)]
pub use {
    callback_url::check_callback_url,
    extra::ExtraMembers,
    http_date::parse_http_date,
    id::Identifier,
    lenient::lenient,
    text::{read_personal_text, read_text},
};
