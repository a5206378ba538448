//! What the Global API of CAF sends.
