//! The Core API's onboarding links, profiles and faces.

mod errors;
mod faces;
mod onboardings;
mod profiles;
pub(crate) mod support;
