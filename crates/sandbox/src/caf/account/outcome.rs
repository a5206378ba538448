//! What becomes of a transaction. What was sent decides, so that a test can choose (the whole table is ours).

use serde_json::{Map, Value};

use super::request::{CreateRequest, digits};

/// Whom a transaction is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::caf) enum Subject {
    /// A person, by the digits of the CPF.
    Person(String),
    /// A company, by its CNPJ without the mask.
    Company(String),
}

impl Subject {
    pub(in crate::caf) fn person(cpf: &str) -> Self {
        Self::Person(digits(cpf))
    }

    /// Letters count too: there will be such numbers.
    pub(in crate::caf) fn company(cnpj: &str) -> Self {
        Self::Company(cnpj.chars().filter(char::is_ascii_alphanumeric).collect())
    }

    pub(super) fn of(attributes: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| attributes.get(name).and_then(Value::as_str);
        let company = text("cnpj").map(Self::company);
        company.or_else(|| text("cpf").map(Self::person))
    }

    pub(in crate::caf) fn number(&self) -> &str {
        let (Self::Person(number) | Self::Company(number)) = self;
        number
    }
}

/// How the provider looks at a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Approved,
    /// A rule is not met.
    Invalid(&'static str),
    /// A person at the provider finds something: the code of a manual reproval.
    Reproved(&'static str),
    /// The document is forged.
    Fraud,
    /// The document is a colour copy.
    Photocopy,
    /// Waits for a manual review.
    Pending,
    WaitingDocuments,
    /// `PROCESSING` until somebody decides.
    Processing,
    /// The same, and the customer is told why.
    Documentscopy,
    /// A status that no page has: statuses are open.
    Unheard,
}

impl Outcome {
    pub(super) fn of(request: &CreateRequest) -> Self {
        if request.is_ocr() {
            return Self::Approved;
        }
        let by_number = request.subject().and_then(|subject| by_number(&subject));
        let by_files = || request.files.iter().find_map(|file| by_file(&file.stem()));
        by_number.or_else(by_files).unwrap_or(Self::Approved)
    }

    /// The status that it comes to by itself.
    pub(super) fn status(self) -> &'static str {
        match self {
            Self::Approved => "APPROVED",
            Self::Invalid(_) | Self::Reproved(_) | Self::Fraud | Self::Photocopy => "REPROVED",
            Self::Pending => "PENDING",
            Self::WaitingDocuments => "WAITING_DOCUMENTS",
            Self::Processing | Self::Documentscopy => "PROCESSING",
            Self::Unheard => "UNDER_LEGAL_REVIEW",
        }
    }

    /// The rule that is not met.
    pub(super) fn broken_rule(self) -> Option<&'static str> {
        match self {
            Self::Invalid(rule) => Some(rule),
            Self::Fraud | Self::Photocopy => Some("authentic_document"),
            _ => None,
        }
    }
}

fn by_number(subject: &Subject) -> Option<Outcome> {
    let prefix: String = subject.number().chars().take(3).collect();
    Some(match (prefix.as_str(), subject) {
        ("901", Subject::Person(_)) => Outcome::Invalid("cpf_has_not_dead"),
        ("901", Subject::Company(_)) => Outcome::Invalid("active_cnpj_number"),
        ("902", _) => Outcome::Pending,
        ("903", _) => Outcome::Processing,
        ("904", _) => Outcome::Documentscopy,
        ("905", _) => Outcome::WaitingDocuments,
        ("909", _) => Outcome::Unheard,
        _ => return None,
    })
}

/// A name that ends in what is wrong, as those of faces do: `cnh-unreadable.jpg`, `forged.png`.
fn by_file(stem: &str) -> Option<Outcome> {
    let outcomes = [
        ("unreadable", Outcome::Reproved("50")),
        ("another-person", Outcome::Reproved("91")),
        ("forged", Outcome::Fraud),
        ("photocopy", Outcome::Photocopy),
    ];
    let is_meant = |name: &str| {
        let before = stem.strip_suffix(name);
        before.is_some_and(|before| before.is_empty() || before.ends_with('-'))
    };
    outcomes
        .into_iter()
        .find_map(|(name, outcome)| is_meant(name).then_some(outcome))
}

/// The text of a manual reproval (contract caf, 4.9). Its codes are the documents', the Portuguese is ours.
pub(super) fn reproval_reason(code: &str) -> &'static str {
    match code {
        "50" => "Documento ilegível: foto de má qualidade",
        "51" => "Documento ilegível: foto cortada",
        "60" => "CPF enviado diferente do documento",
        "71" => "Documento inválido",
        "90" => "Menor de 18 anos",
        "91" => "Selfie não é semelhante à foto do documento",
        _ => "Reprovado na análise manual",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(attributes: &Value, file: &str) -> Outcome {
        let body = json!({
            "templateId": "t",
            "attributes": attributes,
            "files": [{ "data": format!("https://img.example.com/{file}"), "type": "FRONT" }],
        });
        Outcome::of(&CreateRequest::read(body).unwrap())
    }

    #[test]
    fn inputs_decide() {
        for (attributes, file, status) in [
            (json!({}), "a.jpg", "APPROVED"),
            (json!({ "cpf": "12345678909" }), "a.jpg", "APPROVED"),
            (json!({ "cpf": "901.000.000-00" }), "a.jpg", "REPROVED"),
            (json!({ "cnpj": "90.100.000/0001-00" }), "a.jpg", "REPROVED"),
            (json!({ "cpf": "90200000000" }), "a.jpg", "PENDING"),
            (json!({ "cpf": "90300000000" }), "unreadable.jpg", "PROCESSING"),
            (json!({ "cpf": "90400000000" }), "a.jpg", "PROCESSING"),
            (json!({ "cpf": "90500000000" }), "a.jpg", "WAITING_DOCUMENTS"),
            (json!({ "cpf": "90900000000" }), "a.jpg", "UNDER_LEGAL_REVIEW"),
            (json!({ "cpf": "12345678909" }), "Unreadable.png?v=1", "REPROVED"),
            (json!({}), "another-person.jpg", "REPROVED"),
            (json!({}), "forged", "REPROVED"),
            (json!({}), "photocopy.jpg", "REPROVED"),
            (json!({}), "cnh-unreadable.jpg", "REPROVED"),
            (json!({}), "reforged.jpg", "APPROVED"),
            (json!({}), "forged-no.jpg", "APPROVED"),
        ] {
            assert_eq!(outcome(&attributes, file).status(), status, "{attributes} {file}");
        }
        assert_eq!(
            outcome(&json!({ "cnpj": "90.100.000/0001-00" }), "a.jpg").broken_rule(),
            Some("active_cnpj_number")
        );
    }
}
