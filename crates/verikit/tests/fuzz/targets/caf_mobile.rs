//! What the Mobile API of CAF sends.
