//! The made-up person on every document: what a result says of them (contract cm-idscan, 6).

use serde_json::{Value, json};

use super::file::Document;
use super::request::ScanSettings;

/// Their age unless the transaction's limits leave no room for it.
const AGE: u64 = 45;

/// A field: its name, its text in the machine-readable zone and as printed, and whether it has a check digit.
struct Field {
    name: &'static str,
    mrz: Option<&'static str>,
    visual: Option<&'static str>,
    is_checked: bool,
}

const FIELDS: [Field; 5] = [
    Field {
        name: "document_number",
        mrz: Some("L898902C3"),
        visual: Some("L898902C3"),
        is_checked: true,
    },
    Field {
        name: "given_names",
        mrz: Some("ANNA MARIA"),
        visual: Some("ANNA MARIA"),
        is_checked: false,
    },
    Field {
        name: "surname",
        mrz: Some("ERIKSSON"),
        visual: Some("ERIKSSON"),
        is_checked: false,
    },
    Field {
        name: "nationality",
        mrz: Some("UTO"),
        visual: Some("UTO"),
        is_checked: false,
    },
    Field {
        name: "personal_number",
        mrz: Some("ZE184226B"),
        visual: Some("ZE184226B"),
        is_checked: true,
    },
];

/// The fields of a result, those only that were asked for. `has_invalid_number` makes the document number
/// `invalid`.
pub(super) fn fields(document: Document, settings: &ScanSettings, has_invalid_number: bool) -> Vec<Value> {
    let mut fields: Vec<Value> = Vec::new();
    for field in FIELDS.iter().filter(|field| settings.extracts(field.name)) {
        let mrz = field.mrz.filter(|_| document == Document::Passport);
        let validity = match (field.name, field.is_checked) {
            ("document_number", _) if has_invalid_number => "invalid",
            (name, is_checked) if is_checked || settings.validates(name) => "valid",
            _ => "not_checked",
        };
        fields.push(entry(field.name, validity, None, mrz, field.visual));
        // The same field once more in another writing: a map by name alone would lose one of them.
        if field.name == "surname" {
            fields.push(entry(
                field.name,
                "not_checked",
                Some("nl-NL"),
                None,
                Some("Eriksson"),
            ));
        }
    }
    if settings.extracts("age") {
        let age = settings.age_within_limits(AGE).to_string();
        fields.push(entry("age", "not_checked", None, None, Some(&age)));
    }
    fields
}

fn entry(name: &str, validity: &str, locale: Option<&str>, mrz: Option<&str>, visual: Option<&str>) -> Value {
    let values: Vec<Value> = [("mrz", mrz), ("visual", visual)]
        .into_iter()
        .filter_map(|(source, value)| Some(json!({ "source": source, "value": value? })))
        .collect();
    // One source has nothing to be compared with.
    let comparison = if values.len() > 1 {
        "match"
    } else {
        "not_performed"
    };
    json!({
        "field": name,
        "validity": validity,
        "comparison": comparison,
        "locale": locale,
        "values": values,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(value: &Value) -> ScanSettings {
        ScanSettings::read(Some(value)).unwrap()
    }

    fn names(fields: &[Value]) -> Vec<&str> {
        fields
            .iter()
            .map(|field| field["field"].as_str().unwrap())
            .collect()
    }

    #[test]
    fn a_passport_has_two_sources_and_one_field_twice() {
        let fields = fields(Document::Passport, &ScanSettings::default(), false);
        assert_eq!(
            names(&fields),
            [
                "document_number",
                "given_names",
                "surname",
                "surname",
                "nationality",
                "personal_number",
                "age"
            ]
        );
        assert_eq!(
            fields[2],
            json!({ "field": "surname", "validity": "not_checked", "comparison": "match", "locale": null, "values": [
                { "source": "mrz", "value": "ERIKSSON" }, { "source": "visual", "value": "ERIKSSON" }
            ] })
        );
        assert_eq!(
            fields[3],
            json!({ "field": "surname", "validity": "not_checked", "comparison": "not_performed", "locale": "nl-NL",
                "values": [{ "source": "visual", "value": "Eriksson" }] })
        );
        assert_eq!(
            fields[6]["values"],
            json!([{ "source": "visual", "value": "45" }])
        );
    }

    #[test]
    fn a_driving_licence_has_no_machine_readable_zone() {
        for field in fields(Document::DrivingLicense, &ScanSettings::default(), false) {
            assert_eq!(field["comparison"], "not_performed");
            assert_eq!(field["values"][0]["source"], "visual");
        }
    }

    #[test]
    fn only_what_was_asked_for_is_extracted() {
        let settings = settings(&json!({ "extractFields": ["age", "surname", "portrait", "blood_type"] }));
        let fields = fields(Document::Passport, &settings, false);
        assert_eq!(names(&fields), ["surname", "surname", "age"]);
    }

    #[test]
    fn the_age_fits_the_limits() {
        for (limits, age) in [
            (json!({ "minimumAge": 60 }), "60"),
            (json!({ "maximumAge": 17 }), "17"),
            (json!({ "minimumAge": 16, "maximumAge": 80 }), "45"),
        ] {
            let fields = fields(Document::Passport, &settings(&limits), false);
            assert_eq!(fields[6]["values"][0]["value"], age);
        }
    }

    #[test]
    fn validity_says_what_was_checked() {
        let validated = settings(&json!({ "validateFields": ["nationality"] }));
        let of = |fields: &[Value], name: &str| {
            let field = fields.iter().find(|field| field["field"] == name).unwrap();
            field["validity"].as_str().unwrap().to_owned()
        };
        let good = fields(Document::Passport, &validated, false);
        assert_eq!(of(&good, "document_number"), "valid");
        assert_eq!(of(&good, "nationality"), "valid");
        assert_eq!(of(&good, "given_names"), "not_checked");
        let bad = fields(Document::Passport, &validated, true);
        assert_eq!(of(&bad, "document_number"), "invalid");
    }
}
