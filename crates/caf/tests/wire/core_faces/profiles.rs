//! Profiles of people and of companies (contract caf, 4.9).

use caf::core_api::{CompanyProfile, PersonProfile, ProfileId, ProfileStatus};
use caf::testing::Step;
use caf::{Answer, Cnpj, Cpf};

use super::support::{CORE, CORE_TOKEN, CPF, NAME, NO_BOOLEANS, assert_undecodable};
use crate::support::Scripted;

const ID: &str = "64b0c0ffee0000000000cccc";

const PERSON: &str = r#"{"requestId":"7d3b1f0a-1111-4222-8333-944445555566","id":"64b0c0ffee0000000000cccc","status":"APPROVED","cpf":"12345678909","basicData":{"name":"Ana Needle Teste","fatherName":"Rui Needle","motherName":"Eva Needle","birthDate":"01/02/1990","rg":"n33dle-rg","gender":"F"},"executions":[{"executionId":"64b0c0ffee0000000000bbbb","executionOrigin":"API","lastUpdate":"2026-01-02T03:04:05.678Z","metadata":{"orderId":"n33dle-order"}}],"sources":{"pfBasicData":{"lastConsultation":{"date":"2026-01-02T03:04:05.678Z"},"data":{"name":"Ana Needle Teste"}},"odd":7}}"#;

const COMPANY: &str = r#"{"requestId":"7d3b1f0a-1111-4222-8333-944445555566","id":"64b0c0ffee0000000000cccc","status":"PENDING","cnpj":"12345678000195","basicData":{"openingDate":"01/02/1990","officialName":"Needle Ltda","fantasyName":"Needle","companySize":"ME","companyEmail":"n33dle@example.net","mainActivity":"6201-5/01","secondaryActivities":[{"code":"6202-3/00","description":"n33dle"}],"legalNature":"206-2","status":"ATIVA","jointStock":"1000","phoneNumber":"n33dle"},"onboarding":{"qsa":[{"status":"APPROVED","name":"Ana Needle","profileId":"64b0c0ffee0000000000cccd","transactionId":"64b0c0ffee0000000000bbbb"}]},"qsa":{"items":[{"name":"Ana Needle","functionCode":"49","function":"n33dle","isLegalRepresentative":true,"profileId":"64b0c0ffee0000000000cccd","status":"REPROVED","transactionId":"64b0c0ffee0000000000bbbb"}]},"sources":{}}"#;

fn id() -> ProfileId {
    ProfileId::new(ID).unwrap()
}

fn cnpj() -> Cnpj {
    Cnpj::parse("12.345.678/0001-95").unwrap()
}

#[test]
fn a_person_by_id_and_by_cpf() {
    let scripted = Scripted::answered(PERSON);
    let person = scripted.run(scripted.client.core().people().get(&id())).unwrap();
    scripted.assert_sent_with(&format!("GET {CORE}/v1/people/{ID}"), CORE_TOKEN, "");
    assert!(person.is_approved());
    assert_eq!(person.id.as_ref(), Some(&id()));
    let basic = person.basic_data.as_ref().unwrap();
    assert_eq!(basic.name.as_ref().unwrap().expose(), NAME);
    assert_eq!(basic.birth_date.as_ref().unwrap().expose(), "01/02/1990");
    let execution = &person.executions.as_ref().unwrap()[0];
    assert_eq!(execution.execution_origin.as_ref().unwrap().as_str(), "API");
    assert_eq!(
        execution.metadata.as_ref().unwrap().expose()["orderId"],
        "n33dle-order"
    );
    let source = person.source("pfBasicData").unwrap();
    assert_eq!(
        source
            .last_consultation
            .as_ref()
            .unwrap()
            .date
            .as_ref()
            .unwrap()
            .expose(),
        "2026-01-02T03:04:05.678Z"
    );
    assert_eq!(source.data.as_ref().unwrap().expose()["name"], NAME);
    // What cannot be read does not take the others with it.
    assert_eq!(person.source("odd"), None);
    assert_eq!(&person.raw()[..], PERSON.as_bytes());
    let shown = format!("{person:?} {person:#?}");
    for private in ["Needle", "n33dle", CPF, "pfBasicData"] {
        assert!(!shown.contains(private), "{shown}");
    }

    let scripted = Scripted::answered(PERSON.replace(CPF, "123.456.789-09"));
    let call = scripted
        .client
        .core()
        .people()
        .get_by_cpf(&Cpf::parse("123.456.789-09").unwrap());
    let preview = call.prepare().unwrap();
    assert!(!format!("{preview} {preview:?}").contains(CPF), "{preview}");
    scripted.run(call).unwrap();
    scripted.assert_sent_with(&format!("GET {CORE}/v1/people/{CPF}"), CORE_TOKEN, "");
}

#[test]
fn a_company_by_id_and_by_cnpj() {
    let scripted = Scripted::answered(COMPANY);
    let company = scripted
        .run(scripted.client.core().companies().get(&id()))
        .unwrap();
    scripted.assert_sent_with(&format!("GET {CORE}/v1/companies/{ID}"), CORE_TOKEN, "");
    assert!(!company.is_approved());
    assert_eq!(company.status, Some(ProfileStatus::Pending));
    let basic = company.basic_data.as_ref().unwrap();
    assert_eq!(basic.official_name.as_ref().unwrap().expose(), "Needle Ltda");
    assert_eq!(
        basic.secondary_activities.as_ref().unwrap()[0]
            .code
            .as_ref()
            .unwrap()
            .expose(),
        "6202-3/00"
    );
    let onboarded = &company.onboarding.as_ref().unwrap().qsa.as_ref().unwrap()[0];
    assert_eq!(onboarded.status, Some(ProfileStatus::Approved));
    let partner = &company.qsa.as_ref().unwrap().items.as_ref().unwrap()[0];
    assert_eq!(partner.is_legal_representative, Some(true));
    assert_eq!(partner.status, Some(ProfileStatus::Reproved));
    assert_eq!(
        partner.transaction_id.as_ref().unwrap().as_str(),
        "64b0c0ffee0000000000bbbb"
    );
    assert!(basic.extra().is_empty() && partner.extra().is_empty());
    let shown = format!("{company:?}");
    for private in ["Needle", "n33dle", "12345678000195", "ATIVA"] {
        assert!(!shown.contains(private), "{shown}");
    }

    for (include, query) in [
        (None, ""),
        (Some(true), "?_includeOnboardingQsa=true"),
        (Some(false), "?_includeOnboardingQsa=false"),
    ] {
        let scripted = Scripted::answered(COMPANY.replace("12345678000195", "12.345.678/0001-95"));
        let mut call = scripted.client.core().companies().get_by_cnpj(&cnpj());
        if let Some(include) = include {
            call = call.include_onboarding_qsa(include);
        }
        assert!(!format!("{call:?} {}", call.prepare().unwrap()).contains("12345678000195"));
        scripted.run(call).unwrap();
        let line = format!("GET {CORE}/v1/companies/12345678000195{query}");
        scripted.assert_sent_with(&line, CORE_TOKEN, "");
    }
}

#[test]
fn profiles_are_asked_for_again() {
    let scripted = Scripted::core_and_global([Step::json(503, "{}"), Step::CutBody, Step::json(200, PERSON)]);
    scripted.run(scripted.client.core().people().get(&id())).unwrap();
    assert_eq!(scripted.transport.seen().len(), 3);
    let scripted = Scripted::core_and_global([Step::json(503, "{}"), Step::json(200, COMPANY)]);
    scripted
        .run(scripted.client.core().companies().get(&id()))
        .unwrap();
    assert_eq!(scripted.transport.seen().len(), 2);
}

#[test]
fn somebody_elses_profile_does_not_count() {
    let other = "64b0c0ffee0000000000dddd";
    let people = |answer: String| Scripted::answered(answer);
    let scripted = people(PERSON.replace(ID, other));
    assert_undecodable(scripted.run(scripted.client.core().people().get(&id())));
    let scripted = people(PERSON.replace(CPF, "98765432100"));
    let cpf = Cpf::parse(CPF).unwrap();
    assert_undecodable(scripted.run(scripted.client.core().people().get_by_cpf(&cpf)));
    let scripted = people(COMPANY.replace(ID, other));
    assert_undecodable(scripted.run(scripted.client.core().companies().get(&id())));
    let scripted = people(COMPANY.replace("12345678000195", "98765432000110"));
    assert_undecodable(scripted.run(scripted.client.core().companies().get_by_cnpj(&cnpj())));
    // Any member may be missing.
    let scripted = people(String::from("{}"));
    let person = scripted
        .run(scripted.client.core().people().get_by_cpf(&cpf))
        .unwrap();
    assert!(!person.is_approved() && person.sources.expose().is_empty());
}

#[test]
fn only_the_exact_word_is_an_approval() {
    for status in [
        r#""approved""#,
        r#""Approved""#,
        r#""APPROVED ""#,
        r#"" APPROVED""#,
        r#""APPROVED\u0000""#,
        r#""\uff21PPROVED""#,
        r#""APPROVE""#,
        r#""NOT_APPROVED""#,
        r#""PROCESSING""#,
        r#""REPROVED""#,
        r#""PENDING""#,
        r#""WAITING_DOCUMENTS""#,
        r#""""#,
        "null",
    ] {
        let person = PERSON.replace(r#""status":"APPROVED""#, &format!(r#""status":{status}"#));
        assert!(
            !Answer::<PersonProfile>::from_json(person).unwrap().is_approved(),
            "{status}"
        );
        let company = COMPANY.replace(r#""status":"PENDING""#, &format!(r#""status":{status}"#));
        assert!(
            !Answer::<CompanyProfile>::from_json(company)
                .unwrap()
                .is_approved(),
            "{status}"
        );
    }
    for status in [
        "true",
        "1",
        "[]",
        "{}",
        r#"["APPROVED"]"#,
        r#"{"status":"APPROVED"}"#,
    ] {
        let person = PERSON.replace(r#""status":"APPROVED""#, &format!(r#""status":{status}"#));
        assert!(Answer::<PersonProfile>::from_json(person).is_err(), "{status}");
        for place in [
            r#""status":"PENDING""#,
            r#""status":"APPROVED""#,
            r#""status":"REPROVED""#,
        ] {
            let company = COMPANY.replace(place, &format!(r#""status":{status}"#));
            assert!(
                Answer::<CompanyProfile>::from_json(company).is_err(),
                "{place} {status}"
            );
        }
    }
    for json in [
        r#"{"status":"APPROVED","status":"APPROVED"}"#,
        r#"["r-1","64b0c0ffee0000000000cccc","APPROVED"]"#,
    ] {
        assert!(Answer::<PersonProfile>::from_json(json).is_err());
        assert!(Answer::<CompanyProfile>::from_json(json).is_err());
    }
    for json in [
        r#"{"Status":"APPROVED"}"#,
        r#"{"basicData":{"status":"APPROVED"}}"#,
        "{}",
    ] {
        assert!(!Answer::<PersonProfile>::from_json(json).unwrap().is_approved());
        assert!(!Answer::<CompanyProfile>::from_json(json).unwrap().is_approved());
    }
    let spelled = PERSON.replace("APPROVED", r"\u0041PPROVED");
    assert!(
        Answer::<PersonProfile>::from_json(spelled).unwrap().is_approved(),
        "the same word"
    );
}

#[test]
fn only_a_true_is_a_legal_representative() {
    for value in NO_BOOLEANS {
        let json = COMPANY.replace(
            r#""isLegalRepresentative":true"#,
            &format!(r#""isLegalRepresentative":{value}"#),
        );
        assert!(Answer::<CompanyProfile>::from_json(json).is_err(), "{value}");
    }
    for partners in ["[[null,null,null,true]]", "{}", "7", r#""n33dle""#] {
        let json = format!(r#"{{"qsa":{{"items":{partners}}}}}"#);
        assert!(Answer::<CompanyProfile>::from_json(json).is_err(), "{partners}");
    }
}

#[test]
fn what_decides_nothing_may_be_of_any_type() {
    let json = r#"{"requestId":7,"status":"APPROVED","basicData":"n33dle","executions":{"a":1},"sources":["n33dle"]}"#;
    let person = Answer::<PersonProfile>::from_json(json).unwrap();
    assert!(person.is_approved());
    assert_eq!((&person.basic_data, &person.executions), (&None, &None));
    assert!(person.sources.expose().is_empty());
    let company = Answer::<CompanyProfile>::from_json(json).unwrap();
    assert!(company.is_approved() && company.basic_data.is_none());
}
