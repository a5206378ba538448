//! What a transaction is created with (contract caf, 4.2 and 4.7). Members that no page names are let through
//! unread, as the list of the documents is not complete (contract caf, 10); the known ones are read strictly.

use serde_json::{Map, Value};
use url::Url;

use super::document::DocumentType;
use super::outcome::Subject;
use crate::members::{Members, Mistake};

/// The service that answers at once.
const OCR_SYNC: &str = "ocr_sync";

/// What is to be looked into.
#[derive(Clone, Debug)]
pub(in crate::caf) enum Template {
    /// A query template of Trust, by its id.
    Id(String),
    /// Services for this one time.
    Services(Vec<String>),
}

/// A picture that was sent along.
#[derive(Clone)]
pub(in crate::caf) struct SentFile {
    /// An address, or the name of an uploaded file.
    pub(in crate::caf) data: String,
    /// Open: `SELFIE`, `FRONT`, ...
    pub(in crate::caf) kind: String,
}

impl SentFile {
    /// The file's name without its ending, in lower case: outcomes go by it.
    pub(super) fn stem(&self) -> String {
        let path = self.data.split(['?', '#']).next().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        stem.to_ascii_lowercase()
    }

    pub(super) fn is_selfie(&self) -> bool {
        self.kind == "SELFIE"
    }

    pub(super) fn is_back(&self) -> bool {
        self.kind.ends_with("BACK")
    }

    /// A side of a document.
    pub(super) fn is_front(&self) -> bool {
        !self.is_selfie() && !self.is_back() && self.kind != "OTHERS"
    }
}

#[derive(Clone)]
pub(in crate::caf) struct CreateRequest {
    pub(in crate::caf) template: Template,
    pub(in crate::caf) files: Vec<SentFile>,
    pub(in crate::caf) attributes: Map<String, Value>,
    pub(in crate::caf) variables: Map<String, Value>,
    pub(in crate::caf) metadata: Option<Value>,
    pub(in crate::caf) reference_token: Option<String>,
    pub(in crate::caf) callback_url: Option<Url>,
    pub(in crate::caf) forced_document: Option<DocumentType>,
    pub(in crate::caf) returns_selected_images: bool,
}

impl CreateRequest {
    pub(in crate::caf) fn read(body: Value) -> Result<Self, Mistake> {
        let mut members = Members::of_body(body)?;
        let template = template(&mut members)?;
        if members.take("parameters").is_some() {
            // An older name that only third parties' code has.
            return Err("parameters is no member of a transaction: send attributes.".to_owned());
        }
        let files = match members.take("files") {
            None => Vec::new(),
            Some(Value::Array(files)) => files.into_iter().map(file).collect::<Result<_, _>>()?,
            Some(_) => return Err(members.wrong("files", "a list")),
        };
        let request = Self {
            template,
            files,
            attributes: attributes(&mut members)?,
            variables: Map::new(),
            metadata: members.object("metadata")?.map(Value::Object),
            reference_token: members.text("referenceToken")?,
            callback_url: callback_url(&mut members)?,
            forced_document: members
                .text("forceDocType")?
                .map(|name| DocumentType::asked_for(&name).ok_or("forceDocType is no document type."))
                .transpose()?,
            returns_selected_images: members.boolean("returnSelectedImages")?.unwrap_or_default(),
        };
        if request.is_ocr() && request.files.is_empty() {
            return Err("files is missing.".to_owned());
        }
        Ok(request)
    }

    /// Whether it is the synchronous OCR.
    pub(in crate::caf) fn is_ocr(&self) -> bool {
        matches!(&self.template, Template::Services(services) if services.iter().any(|name| name == OCR_SYNC))
    }

    pub(in crate::caf) fn template_id(&self) -> Option<&str> {
        match &self.template {
            Template::Id(id) => Some(id),
            Template::Services(_) => None,
        }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name)?.as_str()
    }

    pub(super) fn subject(&self) -> Option<Subject> {
        Subject::of(&self.attributes)
    }
}

/// Either an id or services; both, or none, are a mistake (ours).
fn template(members: &mut Members) -> Result<Template, Mistake> {
    let id = members.text("templateId")?;
    let services = match members.take("template") {
        None => None,
        Some(template) => {
            let mut template = Members::of(template, "template")?;
            let services = template
                .texts("services")?
                .ok_or("template.services is missing.")?;
            Some(services)
        }
    };
    match (id, services) {
        (Some(id), None) => Ok(Template::Id(id)),
        (None, Some(services)) if !services.is_empty() => Ok(Template::Services(services)),
        _ => Err("Exactly one of templateId and template.services is needed.".to_owned()),
    }
}

fn file(value: Value) -> Result<SentFile, Mistake> {
    let mut members = Members::of(value, "files[]")?;
    let data = members.text("data")?.ok_or("files[].data is missing.")?;
    let kind = members.text("type")?.ok_or("files[].type is missing.")?;
    members.text("mimeType")?;
    Ok(SentFile { data, kind })
}

/// All of them are texts, also those that no page names.
pub(super) fn attributes(members: &mut Members) -> Result<Map<String, Value>, Mistake> {
    let attributes = members.object("attributes")?.unwrap_or_default();
    if let Some((name, _)) = attributes.iter().find(|(_, value)| !value.is_string()) {
        return Err(format!("attributes.{name} must be a text."));
    }
    let cpf = attributes.get("cpf").and_then(Value::as_str);
    if cpf.is_some_and(|cpf| digits(cpf).len() != 11) {
        return Err("attributes.cpf must have 11 digits.".to_owned());
    }
    Ok(attributes)
}

pub(super) fn callback_url(members: &mut Members) -> Result<Option<Url>, Mistake> {
    let parsed = |text: String| {
        let url = Url::parse(&text).ok();
        url.filter(|url| matches!(url.scheme(), "http" | "https"))
    };
    match members.text("_callbackUrl")? {
        None => Ok(None),
        Some(text) => match parsed(text) {
            Some(url) => Ok(Some(url)),
            None => Err(members.wrong("_callbackUrl", "a URL")),
        },
    }
}

/// A document number without its mask.
pub(in crate::caf) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &Value) -> Result<CreateRequest, Mistake> {
        CreateRequest::read(body.clone())
    }

    #[test]
    fn the_documented_request_is_read() {
        let request = read(&json!({
            "templateId": "64b0c0ffee0000000000aaaa",
            "files": [{ "data": "https://img.example.com/a/Selfie.JPG?x=/y.z", "type": "SELFIE" }],
            "attributes": { "cpf": "123.456.789-09", "name": "Ana Teste", "birthDate": "01/02/1990" },
            "metadata": { "orderId": "A-17" },
            "referenceToken": "t",
            "_callbackUrl": "https://hooks.example.com/caf/9f2c",
            "somethingNew": [1],
        }))
        .unwrap();
        assert_eq!(request.template_id(), Some("64b0c0ffee0000000000aaaa"));
        assert_eq!(request.files[0].stem(), "selfie");
        assert!(request.files[0].is_selfie() && !request.is_ocr());
        assert_eq!(request.reference_token.as_deref(), Some("t"));
        assert_eq!(request.subject(), Some(Subject::person("12345678909")));
    }

    #[test]
    fn mistakes_are_refused_without_repeating_values() {
        let file = json!([{ "data": "https://img.example.com/s3cret", "type": "FRONT" }]);
        for body in [
            json!([]),
            json!({}),
            json!({ "templateId": "" }),
            json!({ "templateId": null }),
            json!({ "templateId": 1 }),
            json!({ "templateId": "t", "template": { "services": ["ocr_sync"] }, "files": file }),
            json!({ "template": { "services": [] } }),
            json!({ "template": { "services": ["ocr_sync"] } }),
            json!({ "template": "s3cret" }),
            json!({ "templateId": "t", "parameters": { "cpf": "s3cret" } }),
            json!({ "templateId": "t", "files": "s3cret" }),
            json!({ "templateId": "t", "files": [{ "value": "s3cret", "type": "FRONT" }] }),
            json!({ "templateId": "t", "files": [{ "data": "s3cret" }] }),
            json!({ "templateId": "t", "attributes": { "cpf": 12_345_678_909_u64 } }),
            json!({ "templateId": "t", "attributes": { "cpf": "s3cret" } }),
            json!({ "templateId": "t", "attributes": null }),
            json!({ "templateId": "t", "metadata": "s3cret" }),
            json!({ "templateId": "t", "_callbackUrl": "s3cret" }),
            json!({ "templateId": "t", "_callbackUrl": "ftp://s3cret" }),
            json!({ "template": { "services": ["ocr_sync"] }, "files": file, "forceDocType": "s3cret" }),
            json!({ "template": { "services": ["ocr_sync"] }, "files": file, "returnSelectedImages": "true" }),
        ] {
            let mistake = read(&body).err().unwrap_or_else(|| panic!("{body}"));
            assert!(!mistake.contains("s3cret"), "{mistake}");
        }
    }
}
