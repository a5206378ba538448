//! `begin/`: a session's token for flags, steps, a configuration, a parent (contract identomat, 2.1, 3 and
//! 4).

use serde_json::{Map, Value};
use url::Url;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::session::Session;

#[derive(Clone, Copy)]
enum Kind {
    Boolean,
    Text,
    Texts,
}

/// The documented flags (contract identomat, 3.1). Others are let through: the list is open.
const FLAGS: [(&str, Kind); 28] = [
    ("return_url", Kind::Text),
    ("language", Kind::Text),
    ("liveness", Kind::Boolean),
    ("document_types", Kind::Texts),
    ("document_countries", Kind::Texts),
    ("general_document_types", Kind::Texts),
    ("allow_general_document_capture", Kind::Boolean),
    ("allow_general_document_upload", Kind::Boolean),
    ("skip_agreement", Kind::Boolean),
    ("skip_document", Kind::Boolean),
    ("skip_face", Kind::Boolean),
    ("allow_document_upload", Kind::Boolean),
    ("allow_face_upload", Kind::Boolean),
    ("allow_face_doc_upload", Kind::Boolean),
    ("require_face_document", Kind::Boolean),
    ("disable_document_capture", Kind::Boolean),
    ("skip_desktop", Kind::Boolean),
    ("capture_double_page_passport", Kind::Boolean),
    ("require_email", Kind::Boolean),
    ("require_email_check", Kind::Boolean),
    ("require_phone_number", Kind::Boolean),
    ("require_phone_number_check", Kind::Boolean),
    ("switch_device_url", Kind::Text),
    ("restrict_url_sharing", Kind::Boolean),
    ("optional_continue_on_another_device", Kind::Boolean),
    ("multiple_participants", Kind::Boolean),
    ("cascading_identity_verification", Kind::Boolean),
    ("requireHdMedia", Kind::Boolean),
];

/// The token's length in every documented example.
const TOKEN_LENGTH: usize = 40;

pub(super) fn begin(call: &Call<'_>) -> Result<Answer, Refusal> {
    let parameters = &call.parameters;
    parameters.only(&["flags", "steps", "config_id", "parent_session_id"])?;
    let flags = flags(parameters.structure("flags")?)?;
    let config_id = parameters.text("config_id")?.map(str::to_owned);
    let steps = steps(parameters.structure("steps")?, config_id.is_some())?;
    let parent = parameters.text("parent_session_id")?.map(str::to_owned);
    if let Some(parent) = &parent {
        call.check_session(parent)?;
    }
    let token = call.state.random().text(TOKEN_LENGTH);
    let began = call.state.clock.now();
    call.state.data().add(Session {
        number: 0,
        token: token.clone(),
        company_key: call.company.company_key.clone(),
        flags,
        steps,
        config_id,
        parent,
        began,
        is_opened: false,
        user_agent: String::new(),
        outcome: None,
        is_by_operator: false,
    });
    Ok(Answer::json(&Value::String(token)))
}

fn flags(given: Option<Value>) -> Result<Map<String, Value>, Refusal> {
    let flags = match given {
        None => return Ok(Map::new()),
        Some(Value::Object(flags)) => flags,
        Some(_) => return Err(Refusal::argument("flags is not an object")),
    };
    for (name, kind) in FLAGS {
        // Null is the documented default of some, and taken for all.
        let is_right = match (flags.get(name), kind) {
            (None | Some(Value::Null), _) => true,
            (Some(value), Kind::Boolean) => value.is_boolean(),
            (Some(value), Kind::Text) => value.is_string(),
            (Some(value), Kind::Texts) => is_texts(value),
        };
        if !is_right {
            return Err(Refusal::argument(format!("the flag {name} has another type")));
        }
    }
    check_countries(flags.get("document_countries"))?;
    check_address(flags.get("return_url"))?;
    Ok(flags)
}

fn is_texts(value: &Value) -> bool {
    value
        .as_array()
        .is_some_and(|values| values.iter().all(Value::is_string))
}

/// ISO 3166-1 alpha-3, by its form.
fn check_countries(countries: Option<&Value>) -> Result<(), Refusal> {
    let codes = countries.and_then(Value::as_array).into_iter().flatten();
    for code in codes.filter_map(Value::as_str) {
        if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(Refusal::argument("a document country is not an alpha-3 code"));
        }
    }
    Ok(())
}

/// An address that a browser can be sent to. Apps have schemes of their own; scripts are not addresses.
fn check_address(return_url: Option<&Value>) -> Result<(), Refusal> {
    let Some(text) = return_url.and_then(Value::as_str) else {
        return Ok(());
    };
    match Url::parse(text) {
        Ok(url) if !["javascript", "data", "vbscript"].contains(&url.scheme()) => Ok(()),
        _ => Err(Refusal::argument("return_url is not an absolute URL")),
    }
}

/// Every step has a type and a key. One that overrides a step of a configuration needs only one of them: how
/// the two are matched is not documented.
fn steps(given: Option<Value>, overrides: bool) -> Result<Vec<Map<String, Value>>, Refusal> {
    let steps = match given {
        None => return Ok(Vec::new()),
        Some(Value::Array(steps)) => steps,
        Some(_) => return Err(Refusal::argument("steps is not an array")),
    };
    let step = |step: Value| {
        let Value::Object(step) = step else {
            return Err(Refusal::argument("a step is not an object"));
        };
        let has = |member| match step.get(member) {
            None => Ok(false),
            Some(Value::String(text)) if !text.is_empty() => Ok(true),
            Some(_) => Err(Refusal::argument(format!("a step's {member} is not a text"))),
        };
        match (has("type")?, has("key")?, overrides) {
            (true, true, _) | (true, false, true) | (false, true, true) => Ok(step),
            _ => Err(Refusal::argument("a step has no type or no key")),
        }
    };
    steps.into_iter().map(step).collect()
}
