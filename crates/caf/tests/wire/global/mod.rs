//! The Global API: services, orchestrations and their webhooks.

mod errors;
mod notifications;
mod services;
mod transactions;
