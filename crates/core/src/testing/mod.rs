//! Test doubles: a clock that waits for nobody, transports that answer as told, a driver that needs no
//! runtime.
//!
//! With the feature `testing`. They are published because your tests need them as much as ours do.

mod clock;
mod transport;

pub use clock::{ManualClock, drive};
pub use transport::{ScriptedTransport, Seen, Step};
