//! What the customer's server is told of.

/// Something that has happened to a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::caf) enum Change {
    /// The end user of an onboarding link has sent everything.
    ProcessStarted,
    /// A person at the provider is to look at the document.
    DocumentscopyRequested,
    StatusUpdated,
}

impl Change {
    /// The `type` of a Core webhook (contract caf, 5).
    pub(in crate::caf) fn core_type(self) -> &'static str {
        match self {
            Self::ProcessStarted => "process_started",
            Self::DocumentscopyRequested => "documentscopy_requested",
            Self::StatusUpdated => "status_updated",
        }
    }

    /// The `type` of a Connect event (contract caf, 6.4): one of them has no `EVENT` at its end.
    pub(in crate::caf) fn connect_type(self) -> &'static str {
        match self {
            Self::ProcessStarted => "TRANSACTIONPROCESSSTARTEDEVENT",
            Self::DocumentscopyRequested => "TRANSACTIONDOCUMENTSCOPYREQUESTEDEVENT",
            Self::StatusUpdated => "TRANSACTIONSTATUSUPDATED",
        }
    }
}
