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
pub use callback_url::check_callback_url;
pub(crate) use callback_url::is_on_this_machine;
pub use extra::ExtraMembers;
pub use http_date::parse_http_date;
pub(crate) use id::check_segment;
pub use id::{Identifier, InvalidIdentifier};
pub use lenient::lenient;
pub use open_enum::UnknownValue;
pub use phone::{InvalidPhoneNumber, PhoneNumber};
pub use text::read_text;
pub(crate) use timestamp::seconds_ahead;
#[cfg(feature = "signing")]
pub(crate) use timestamp::unix_seconds;
pub use timestamp::{InvalidTimestamp, Timestamp};
