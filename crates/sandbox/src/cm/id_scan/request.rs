//! What a transaction may be asked for (contract cm-idscan, 4), read without mercy: a member that nobody
//! knows, or one of the wrong type, is a mistake of the caller.

use std::time::Duration;

use serde_json::{Map, Value};
use url::Url;

use super::attempt::Source;
use super::picture::Redacted;
use super::task::TaskKind;
use crate::members::{Members, Mistake};

/// `en-US` and `nl-NL` were seen; French and Italian are named, their codes inferred (contract cm-idscan,
/// 4.1).
const LOCALES: [&str; 4] = ["en-US", "nl-NL", "fr-FR", "it-IT"];
const SHORTEST: u64 = 3600;
const LONGEST: u64 = 86_400;
/// More days than any document is valid for.
const MOST_DAYS: i64 = 36_525;
const OLDEST: i64 = 150;

#[derive(Clone, Debug)]
pub(super) struct CreateRequest {
    pub(super) tasks: Vec<TaskKind>,
    /// As sent, for the echo.
    pub(super) settings: Value,
    pub(super) scan: ScanSettings,
    pub(super) locale: &'static str,
    pub(super) mobile_only: bool,
    pub(super) expires_in: Duration,
    /// Our name for a member whose name no page gives.
    pub(super) return_url: Option<Url>,
    /// Likewise.
    pub(super) mobile_return_url: Option<Url>,
}

/// `settings.documentScan` (contract cm-idscan, 4.3).
#[derive(Clone, Debug, Default)]
pub(super) struct ScanSettings {
    pub(super) redact_fields: Vec<String>,
    sources: Option<Vec<Source>>,
    pub(super) level: Option<String>,
    minimum_age: Option<u64>,
    maximum_age: Option<u64>,
    validate_fields: Vec<String>,
    /// `None`: everything.
    extract_fields: Option<Vec<String>>,
}

impl CreateRequest {
    pub(super) fn read(body: Value) -> Result<Self, Mistake> {
        let mut members = Members::of_body(body)?;
        let tasks = tasks(members.required("tasks")?)?;
        let settings = members
            .take("settings")
            .unwrap_or_else(|| Value::Object(Map::new()));
        let mut parts = Members::of(settings.clone(), "settings")?;
        let scan = ScanSettings::read(parts.take("documentScan").as_ref())?;
        parts.refuse_others()?;
        let request = Self {
            tasks,
            settings,
            scan,
            locale: match members.text("locale")? {
                None => LOCALES[0],
                Some(text) => LOCALES
                    .into_iter()
                    .find(|locale| *locale == text)
                    .ok_or_else(|| format!("locale must be one of {}.", LOCALES.join(", ")))?,
            },
            mobile_only: members.boolean("mobileOnly")?.unwrap_or(false),
            expires_in: Duration::from_secs(match members.take("expiresIn") {
                None => SHORTEST,
                Some(value) => value
                    .as_u64()
                    .filter(|seconds| (SHORTEST..=LONGEST).contains(seconds))
                    .ok_or_else(|| {
                        format!("expiresIn must be a whole number of seconds from {SHORTEST} to {LONGEST}.")
                    })?,
            }),
            return_url: return_url(&mut members, "returnUrl")?,
            mobile_return_url: return_url(&mut members, "mobileReturnUrl")?,
        };
        members.refuse_others()?;
        Ok(request)
    }
}

fn tasks(value: Value) -> Result<Vec<TaskKind>, Mistake> {
    let wrong = "tasks must be document_scan, or document_scan and face_liveness, or document_scan, face_liveness \
                 and face_match, in this order.";
    let Value::Array(names) = value else {
        return Err(wrong.to_owned());
    };
    let tasks: Vec<TaskKind> = TaskKind::IN_ORDER.into_iter().take(names.len()).collect();
    let is_combination = !names.is_empty() && names.iter().eq(tasks.iter().map(|task| task.as_str()));
    if is_combination {
        Ok(tasks)
    } else {
        Err(wrong.to_owned())
    }
}

/// May be null (contract cm-idscan, 4.1). That it must be http or https is ours.
fn return_url(members: &mut Members, name: &'static str) -> Result<Option<Url>, Mistake> {
    match members.take(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value
            .as_str()
            .and_then(|text| Url::parse(text).ok())
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .map(Some)
            .ok_or_else(|| format!("{name} must be an http or https URL, or null.")),
    }
}

impl ScanSettings {
    pub(super) fn read(value: Option<&Value>) -> Result<Self, Mistake> {
        let Some(value) = value else {
            return Ok(Self::default());
        };
        let mut members = Members::of(value.clone(), "settings.documentScan")?;
        // What it would decide is decided on the page, by whoever plays the user.
        members.integer("allowedExpiration", -MOST_DAYS..=MOST_DAYS)?;
        let age = |members: &mut Members, name| -> Result<Option<u64>, Mistake> {
            Ok(members
                .integer(name, 0..=OLDEST)?
                .and_then(|age| u64::try_from(age).ok()))
        };
        let settings = Self {
            redact_fields: members.texts("redactFields")?.unwrap_or_default(),
            sources: members
                .texts("captureSources")?
                .map(|names| sources(&names))
                .transpose()?,
            level: members.text("level")?,
            minimum_age: age(&mut members, "minimumAge")?,
            maximum_age: age(&mut members, "maximumAge")?,
            validate_fields: members.texts("validateFields")?.unwrap_or_default(),
            extract_fields: members.texts("extractFields")?,
        };
        members.refuse_others()?;
        if let (Some(minimum), Some(maximum)) = (settings.minimum_age, settings.maximum_age)
            && minimum > maximum
        {
            return Err("settings.documentScan.minimumAge must not be above maximumAge.".to_owned());
        }
        Ok(settings)
    }

    /// Where the user may take the document from; never empty.
    pub(super) fn sources(&self) -> &[Source] {
        self.sources.as_deref().unwrap_or(&Source::ALL)
    }

    pub(super) fn redacted(&self) -> Redacted {
        let names = |name: &str| self.redact_fields.iter().any(|field| field == name);
        Redacted {
            personal_number: names("personal_number"),
            signature: names("signature"),
        }
    }

    pub(super) fn validates(&self, field: &str) -> bool {
        self.validate_fields.iter().any(|name| name == field)
    }

    /// Whether a field is part of the result. The same for `document_image` and `portrait`, which are no
    /// fields but switch files on.
    pub(super) fn extracts(&self, field: &str) -> bool {
        self.extract_fields
            .as_ref()
            .is_none_or(|fields| fields.iter().any(|name| name == field))
    }

    pub(super) fn age_within_limits(&self, age: u64) -> u64 {
        age.min(self.maximum_age.unwrap_or(age))
            .max(self.minimum_age.unwrap_or(0))
    }
}

/// The two values that were seen. Others could not be played.
fn sources(names: &[String]) -> Result<Vec<Source>, Mistake> {
    let sources: Option<Vec<Source>> = names.iter().map(|name| Source::of(name)).collect();
    sources
        .filter(|sources| !sources.is_empty())
        .ok_or_else(|| "settings.documentScan.captureSources must be camera, file or both.".to_owned())
}

#[cfg(test)]
mod tests;
