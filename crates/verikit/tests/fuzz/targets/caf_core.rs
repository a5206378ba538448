//! What the Core API of CAF sends.
