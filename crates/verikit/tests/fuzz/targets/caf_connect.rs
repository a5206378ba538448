//! What the Connect API of CAF sends.
