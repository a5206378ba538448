//! Documents, and what is read on them (contract caf, 4.7).

use serde_json::{Value, json};

use super::request::{CreateRequest, SentFile};

/// A type of document. Requests and answers have different names for some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::caf) struct DocumentType {
    asked_for: Option<&'static str>,
    found: &'static str,
}

const fn document(asked_for: &'static str, found: &'static str) -> DocumentType {
    DocumentType {
        asked_for: Some(asked_for),
        found,
    }
}

const ALL: [DocumentType; 13] = [
    document("rg", "rg"),
    document("rg_new", "new_rg"),
    document("cin", "cin"),
    document("cnh", "cnh"),
    document("cnh_new", "new_cnh"),
    document("crlv", "crlv"),
    document("crlv_new", "new_crlv"),
    document("rne", "rne"),
    document("rnm", "rnm"),
    document("ctps", "ctps"),
    document("passport", "passport"),
    DocumentType {
        asked_for: None,
        found: "outros",
    },
    DocumentType {
        asked_for: None,
        found: "invalido",
    },
];

impl DocumentType {
    /// What `forceDocType` names.
    pub(super) fn asked_for(name: &str) -> Option<Self> {
        ALL.into_iter().find(|kind| kind.asked_for == Some(name))
    }

    /// The document on the pictures: the one asked for, or else the one that a file's name begins with, up to
    /// the first hyphen and in the answers' words, such as `cnh.jpg` or `new_rg-2.jpg`; else an identity
    /// card.
    pub(in crate::caf) fn of(request: &CreateRequest) -> Option<Self> {
        let sides = || {
            request
                .files
                .iter()
                .filter(|file| file.is_front() || file.is_back())
        };
        let stems: Vec<String> = sides().map(SentFile::stem).collect();
        let called_after = || {
            ALL.into_iter().find(|kind| {
                stems
                    .iter()
                    .any(|stem| stem.split('-').next() == Some(kind.found))
            })
        };
        let card = || Self::asked_for("rg").filter(|_| !stems.is_empty());
        request.forced_document.or_else(called_after).or_else(card)
    }

    pub(in crate::caf) fn as_str(self) -> &'static str {
        self.found
    }

    /// What is read on it, in the names of our own: they vary, and no page lists them. What is missing is
    /// empty.
    pub(in crate::caf) fn data(self, request: &CreateRequest) -> Value {
        let given = |name: &str| request.attribute(name).unwrap_or_default().to_owned();
        let name = request.attribute("name").unwrap_or("ANA TESTE").to_owned();
        let birth_date = request.attribute("birthDate").unwrap_or("01/02/1990").to_owned();
        match self.found {
            "invalido" | "outros" => json!({}),
            "crlv" | "new_crlv" => json!({ "placa": given("plate"), "nome": name, "cpfCnpj": given("cpf") }),
            _ => json!({
                "nome": name,
                "cpf": given("cpf"),
                "dataNascimento": birth_date,
                "nomeMae": given("motherName"),
                "nomePai": given("fatherName"),
                "dataEmissao": "03/04/2021",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_answers_have_names_of_their_own() {
        let found = |name| DocumentType::asked_for(name).map(DocumentType::as_str);
        assert_eq!(found("rg_new"), Some("new_rg"));
        assert_eq!(found("cnh_new"), Some("new_cnh"));
        assert_eq!(found("crlv_new"), Some("new_crlv"));
        assert_eq!(found("cin"), Some("cin"));
        for unknown in ["new_rg", "outros", "invalido", "", "RG"] {
            assert_eq!(found(unknown), None, "{unknown}");
        }
    }
}
