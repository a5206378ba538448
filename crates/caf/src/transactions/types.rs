//! What transactions are made of.

verikit_core::identifier! {
    /// Identifies a transaction. It looks like 24 hexadecimal digits, and is taken as an opaque text.
    pub struct TransactionId;
}

verikit_core::identifier! {
    /// Identifies a query template, which is made in Trust: it says which services a transaction runs.
    pub struct TemplateId;
}

verikit_core::identifier! {
    /// Identifies an onboarding.
    pub struct OnboardingId;
}

verikit_core::open_enum! {
    /// Where a transaction stands (contract caf, 4.5). An open set: a word that this version does not know is
    /// no approval.
    pub enum TransactionStatus {
        /// The services are running.
        Processing = "PROCESSING",
        /// Approved. **A manual review can change it afterwards** (**inferred**, contract caf, 4.5): read it
        /// again when you are notified.
        Approved = "APPROVED",
        /// Not approved. A manual review can change this as well.
        Reproved = "REPROVED",
        /// Waits for a person's review.
        Pending = "PENDING",
        /// Waits for the user's documents. Documented for profiles; **unconfirmed** for transactions
        /// (contract caf, 4.5).
        WaitingDocuments = "WAITING_DOCUMENTS",
    }
}

impl TransactionStatus {
    /// Whether it says `APPROVED`, to the letter. Of a transaction that was read, ask
    /// [`Transaction::is_approved`](super::Transaction::is_approved), which looks at `fraud` as well.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        *self == Self::Approved
    }

    /// Whether it says that something is still to come: `PROCESSING`, `PENDING` or `WAITING_DOCUMENTS`. A
    /// word that this version does not know says nothing of the kind.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        matches!(self, Self::Processing | Self::Pending | Self::WaitingDocuments)
    }
}

verikit_core::open_enum! {
    /// The kind of a document, as answers name it (contract caf, 4.7). Requests have
    /// [words of their own](crate::core_api::ForcedDocumentType).
    pub enum DocumentType {
        /// Registro Geral, the identity card.
        Rg = "rg",
        /// The identity card in its newer form.
        NewRg = "new_rg",
        /// Carteira de Identidade Nacional, the national identity card.
        Cin = "cin",
        /// Carteira Nacional de Habilitação, the driving licence.
        Cnh = "cnh",
        /// The driving licence in its newer form.
        NewCnh = "new_cnh",
        /// Certificado de Registro e Licenciamento de Veículo, the vehicle's papers.
        Crlv = "crlv",
        /// The vehicle's papers in their newer form.
        NewCrlv = "new_crlv",
        /// Registro Nacional de Estrangeiros, a foreigner's identity card.
        Rne = "rne",
        /// Registro Nacional Migratório, a migrant's identity card.
        Rnm = "rnm",
        /// Carteira de Trabalho e Previdência Social, the employment record.
        Ctps = "ctps",
        /// A passport.
        Passport = "passport",
        /// Another document.
        Other = "outros",
        /// Not a valid one.
        Invalid = "invalido",
    }
}
