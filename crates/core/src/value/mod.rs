//! Values that several providers share.

mod amount;
mod id;
mod lenient;
mod open_enum;
mod phone;
mod text;
mod timestamp;

pub use amount::Amount;
pub(crate) use id::check_segment;
pub use id::{Identifier, InvalidIdentifier};
pub use lenient::lenient;
pub use open_enum::UnknownValue;
pub use phone::{InvalidPhoneNumber, PhoneNumber};
pub use text::read_text;
#[cfg(feature = "signing")]
pub(crate) use timestamp::unix_seconds;
pub use timestamp::{InvalidTimestamp, Timestamp};
pub(crate) use timestamp::{parse_http_date, seconds_ahead};
