//! What Core and Connect have in common: the customer's account on the Trust platform, with its transactions,
//! links and profiles, and the webhooks that tell of them.

mod api;
mod change;
mod connect_webhook;
mod control;
mod core_webhook;
mod details;
mod document;
mod handle;
mod onboarding;
mod outcome;
mod profile;
mod query;
mod request;
mod review;
mod state;
mod transaction;

pub(in crate::caf) use api::{answer, create, read};
pub use connect_webhook::CafForgery;
pub(in crate::caf) use control::control_router;
pub use handle::{CafAccount, CafOnboarding, CafTransaction};
pub use onboarding::CafOnboardingOutcome;
pub(in crate::caf) use onboarding::{Link, OnboardingRequest};
pub(in crate::caf) use outcome::Subject;
pub(in crate::caf) use query::Query;
pub(in crate::caf) use request::digits;
pub use review::CafReview;
pub(in crate::caf) use state::Account;
pub(in crate::caf) use transaction::Transaction;
