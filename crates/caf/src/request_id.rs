//! What CAF calls a request.

verikit_core::identifier! {
    /// CAF's own name of a request, which its support asks for. Every answer has one (contract caf, 1).
    /// Mostly like a UUID, and taken as an opaque text.
    pub struct RequestId;
}
