//! Services that answer at once (contract caf, 4.7).

use caf::global_api::{
    BasicData, CompanyRecord, CpfRecord, QueryCpfSync, QuerySanctions, Sanctions, ServiceAnswer, ServiceName,
};
use caf::testing::Step;
use caf::{Answer, Cpf, Delivery};
use serde_json::json;

use crate::core_faces::support::{
    CPF, CPF_SYNC, GLOBAL, GLOBAL_TOKEN, NAME, NO_BOOLEANS, assert_undecodable,
};
use crate::support::Scripted;

fn cpf() -> Cpf {
    Cpf::parse(CPF).unwrap()
}

/// An answer of a service, with this result as it stands.
fn answer(service: &str, found: &str) -> String {
    format!(
        r#"{{"requestId":"7d3b1f0a-1111-4222-8333-944445555566","message":"OK","data":{{"service":"{service}","serviceData":{found},"metadata":{{"orderId":"n33dle"}},"idempotencyKey":"n33dle-key"}}}}"#
    )
}

const BASIC: &str = r#"{"taxIdNumber":"12345678909","taxIdCountry":"Brazil","alternativeIdNumbers":{"rg":"n33dle"},"name":"Ana Needle Teste","socialName":"Needle","gender":"F","birthDate":"1990-02-01T00:00:00Z","age":36,"birthCountry":"n33dle","motherName":"Eva Needle","fatherName":"Rui Needle","taxIdStatus":"REGULAR","taxIdOrigin":"n33dle","hasObitIndication":false,"obitIndicationOrigin":"","obitIndicationYear":0,"taxIdStatusDate":"2026-01-01","creationDate":"2020-01-01","lastUpdateDate":"2026-01-01"}"#;

#[test]
fn basic_data() {
    let scripted = Scripted::answered(answer("pf_basic_data", BASIC));
    let call = scripted.client.global().services().basic_data(&cpf());
    assert!(!format!("{call:?} {}", call.prepare().unwrap()).contains(CPF));
    let found = scripted.run(call).unwrap();
    scripted.assert_sent_with(
        &format!("POST {GLOBAL}/services"),
        GLOBAL_TOKEN,
        r#"{"service":"pf_basic_data","parameters":{"cpf":"12345678909"}}"#,
    );
    let data = found.service_data().unwrap();
    assert_eq!(data.name.as_ref().unwrap().expose(), NAME);
    assert_eq!(data.age.as_ref().unwrap().expose(), &36);
    assert_eq!(data.has_obit_indication, Some(false));
    assert!(data.extra().is_empty() && found.extra().is_empty());
    let result = found.data.as_ref().unwrap();
    assert!(result.extra().is_empty());
    assert_eq!(result.service, Some(ServiceName::PfBasicData));
    assert_eq!(result.metadata.as_ref().unwrap().expose()["orderId"], "n33dle");
    assert_eq!(result.idempotency_key.as_ref().unwrap().expose(), "n33dle-key");
    assert_eq!(
        found.request_id.as_ref().unwrap().as_str(),
        "7d3b1f0a-1111-4222-8333-944445555566"
    );
    let shown = format!("{found:?} {found:#?}");
    for private in ["n33dle", "Needle", CPF, "REGULAR", "36", "1990"] {
        assert!(!shown.contains(private), "{shown}");
    }
}

#[test]
fn an_indication_of_death_is_a_boolean_or_unknown() {
    for value in NO_BOOLEANS {
        let found = BASIC.replace(
            r#""hasObitIndication":false"#,
            &format!(r#""hasObitIndication":{value}"#),
        );
        let scripted = Scripted::answered(answer("pf_basic_data", &found));
        assert_undecodable(scripted.run(scripted.client.global().services().basic_data(&cpf())));
    }
    for (value, expected) in [("true", Some(true)), ("false", Some(false)), ("null", None)] {
        let found = format!(r#"{{"hasObitIndication":{value},"age":"n33dle","name":7}}"#);
        let read =
            Answer::<ServiceAnswer<Answer<BasicData>>>::from_json(answer("pf_basic_data", &found)).unwrap();
        assert_eq!(read.service_data().unwrap().has_obit_indication, expected);
    }
}

const RECORD: &str = r#"{"taxIdNumber":"123.456.789-09","name":"Ana Needle Teste","socialName":"","taxIdStatus":"REGULAR","birthDate":"1990-02-01","fallback":false}"#;

fn cpf_sync(scripted: &Scripted) -> QueryCpfSync {
    scripted.client.global().services().cpf_sync(&cpf())
}

#[test]
fn cpf_sync_has_its_own_host() {
    let scripted = Scripted::answered(answer("cpf_sync", RECORD));
    let found = scripted.run(cpf_sync(&scripted)).unwrap();
    scripted.assert_sent_with(
        &format!("POST {CPF_SYNC}/services"),
        GLOBAL_TOKEN,
        r#"{"service":"cpf_sync","parameters":{"cpf":"12345678909"}}"#,
    );
    let record = found.record().unwrap();
    assert_eq!(record.name.as_ref().unwrap().expose(), NAME);
    assert_eq!(record.fallback, Some(false));
    assert!(!format!("{found:?}").contains("Needle"));

    let with_mother = RECORD.replace(r#""fallback""#, r#""motherName":"Eva Needle","fallback""#);
    let scripted = Scripted::answered(answer("cpf_sync", &with_mother));
    let found = scripted.run(cpf_sync(&scripted).with_mother_name(true)).unwrap();
    scripted.assert_sent_with(
        &format!("POST {CPF_SYNC}/services?origin=2"),
        GLOBAL_TOKEN,
        r#"{"service":"cpf_sync","parameters":{"cpf":"12345678909"}}"#,
    );
    let mother = &found.record().unwrap().mother_name;
    assert_eq!(mother.as_ref().unwrap().expose(), "Eva Needle");

    // Another address of its own, whatever that of the others.
    let scripted = Scripted::with([Step::json(200, answer("cpf_sync", RECORD))], |config| {
        config
            .global_token(GLOBAL_TOKEN)
            .global_base_url("https://one.example.com/v1")
            .cpf_sync_base_url("https://two.example.com")
    });
    scripted.run(cpf_sync(&scripted)).unwrap();
    assert_eq!(
        scripted.transport.seen()[0].uri,
        "https://two.example.com/services"
    );
}

#[test]
fn a_message_alone_is_no_record() {
    for body in [
        String::from(r#"{"message":"CPF n33dle"}"#),
        String::from(r#"{"requestId":"r-1","message":"CPF n33dle"}"#),
        String::from(r#"{"requestId":"r-1","message":"CPF n33dle","data":null}"#),
        answer("cpf_sync", r#"{"message":"CPF n33dle"}"#),
        answer("cpf_sync", r#"{"taxIdNumber":"","message":"CPF n33dle"}"#),
        answer("cpf_sync", r#"{"name":"Ana Needle Teste"}"#),
        answer("cpf_sync", "{}"),
        answer("cpf_sync", "null"),
        String::from("{}"),
    ] {
        let scripted = Scripted::answered(body.clone());
        let found = scripted.run(cpf_sync(&scripted)).unwrap();
        assert_eq!(found.record(), None, "{body}");
        let alone = found.service_data().and_then(|record| record.message.as_ref());
        if body.contains("CPF n33dle") {
            let message = alone.or(found.message.as_ref()).unwrap();
            assert_eq!(message.expose(), "CPF n33dle");
        }
        assert!(!format!("{found:?}").contains("n33dle"));
    }
}

#[test]
fn another_persons_data_do_not_count() {
    for number in ["98765432100", "987.654.321-00"] {
        let record = RECORD.replace("123.456.789-09", number);
        let scripted = Scripted::answered(answer("cpf_sync", &record));
        assert_undecodable(scripted.run(cpf_sync(&scripted)));
        let basic = BASIC.replace(CPF, number);
        let scripted = Scripted::answered(answer("pf_basic_data", &basic));
        assert_undecodable(scripted.run(scripted.client.global().services().basic_data(&cpf())));
    }
    // The number is what tells: it is not overlooked when it is of another type.
    let scripted = Scripted::answered(answer("cpf_sync", r#"{"taxIdNumber":98765432100}"#));
    assert_undecodable(scripted.run(cpf_sync(&scripted)));
    // A mask of the provider's own hides which number it is.
    let masked = RECORD.replace("123.456.789-09", "***.456.789-**");
    let scripted = Scripted::answered(answer("cpf_sync", &masked));
    assert!(scripted.run(cpf_sync(&scripted)).unwrap().record().is_some());
}

#[test]
fn another_services_answer_does_not_count() {
    for service in ["sanctions", "", "n33dle"] {
        let scripted = Scripted::answered(answer(service, RECORD));
        assert_undecodable(scripted.run(cpf_sync(&scripted)));
    }
    for data in [
        "[]",
        "7",
        r#""n33dle""#,
        r#"[{"service":"cpf_sync"}]"#,
        r#"{"service":7}"#,
    ] {
        let scripted = Scripted::answered(format!(r#"{{"data":{data}}}"#));
        assert_undecodable(scripted.run(cpf_sync(&scripted)));
    }
}

const CLEAR: &str = r#"{"name":"Ana Needle Teste","isSanctioned":false,"totalMatches":0,"sanctionsList":[]}"#;
const SANCTIONED: &str = r#"{"name":"Ana Needle Teste","isSanctioned":true,"totalMatches":1,"sanctionsList":[{"matchStatus":"n33dle","matchTypes":["name_exact"],"matchTypesDetails":[{"a":"n33dle"}],"entityTypess":["person"],"sources":["n33dle"],"sourceNotes":{"a":{"b":"n33dle"}},"shareUrl":"https://lists.example.com/n33dle","riskLevel":"high","sanctionType":"n33dle"}]}"#;

fn sanctions(scripted: &Scripted) -> QuerySanctions {
    scripted.client.global().services().sanctions(NAME)
}

fn read_sanctions(found: &str) -> caf::Result<Answer<ServiceAnswer<Answer<Sanctions>>>> {
    Answer::from_json(answer("sanctions", found))
}

#[test]
fn sanctions_of_a_name() {
    let scripted = Scripted::answered(answer("sanctions", CLEAR));
    let found = scripted.run(sanctions(&scripted)).unwrap();
    scripted.assert_sent_with(
        &format!("POST {GLOBAL}/services"),
        GLOBAL_TOKEN,
        r#"{"service":"sanctions","parameters":{"name":"Ana Needle Teste"}}"#,
    );
    assert!(found.service_data().unwrap().is_clear());

    let scripted = Scripted::answered(answer("sanctions", SANCTIONED));
    let call = sanctions(&scripted)
        .fuzziness("0.8")
        .birth_year(1990)
        .parameter("new", 1)
        .metadata("orderId", "A-17")
        .extra("trace", true);
    assert!(!format!("{call:?} {}", call.prepare().unwrap()).contains("Needle"));
    let found = scripted.run(call).unwrap();
    scripted.assert_sent_with(
        &format!("POST {GLOBAL}/services"),
        GLOBAL_TOKEN,
        r#"{"service":"sanctions","parameters":{"birthYear":"1990","fuzziness":"0.8","name":"Ana Needle Teste","new":1},"metadata":{"orderId":"A-17"},"trace":true}"#,
    );
    let data = found.service_data().unwrap();
    assert!(!data.is_clear());
    assert_eq!(data.is_sanctioned, Some(true));
    let entry = &data.sanctions_list.as_ref().unwrap()[0];
    assert_eq!(entry.risk_level.as_ref().unwrap().expose(), "high");
    assert_eq!(entry.entity_types.as_ref().unwrap().expose(), &json!(["person"]));
    assert_eq!(entry.match_types.as_ref().unwrap()[0].expose(), "name_exact");
    assert!(entry.extra().is_empty() && data.extra().is_empty());
    let shown = format!("{found:?}");
    for private in ["n33dle", "Needle", "high"] {
        assert!(!shown.contains(private), "{shown}");
    }
}

#[test]
fn only_a_clear_no_is_clear() {
    for (from, to) in [
        (r#""isSanctioned":false"#, r#""isSanctioned":true"#),
        (r#""isSanctioned":false"#, r#""isSanctioned":null"#),
        (r#""isSanctioned":false,"#, ""),
        (r#""isSanctioned":false"#, r#""issanctioned":false"#),
        (r#""totalMatches":0"#, r#""totalMatches":1"#),
        (r#""totalMatches":0"#, r#""totalMatches":18446744073709551615"#),
        (r#""totalMatches":0"#, r#""totalMatches":null"#),
        (r#""totalMatches":0,"#, ""),
        (r#""sanctionsList":[]"#, r#""sanctionsList":[{}]"#),
        (r#""sanctionsList":[]"#, r#""sanctionsList":[{"matchStatus":7}]"#),
    ] {
        let found = CLEAR.replace(from, to);
        assert_ne!(found, CLEAR);
        let read = read_sanctions(&found).unwrap();
        assert!(!read.service_data().unwrap().is_clear(), "{found}");
    }
    for value in NO_BOOLEANS {
        let found = CLEAR.replace(r#""isSanctioned":false"#, &format!(r#""isSanctioned":{value}"#));
        assert!(read_sanctions(&found).is_err(), "{value}");
    }
    for (from, to) in [
        (r#""totalMatches":0"#, r#""totalMatches":"0""#),
        (r#""totalMatches":0"#, r#""totalMatches":-1"#),
        (r#""totalMatches":0"#, r#""totalMatches":0.5"#),
        (r#""totalMatches":0"#, r#""totalMatches":false"#),
        (r#""totalMatches":0"#, r#""totalMatches":[]"#),
        (r#""sanctionsList":[]"#, r#""sanctionsList":{}"#),
        (r#""sanctionsList":[]"#, r#""sanctionsList":"n33dle""#),
        (r#""sanctionsList":[]"#, r#""sanctionsList":[["n33dle"]]"#),
        (r#""sanctionsList":[]"#, r#""sanctionsList":["n33dle"]"#),
        (
            r#""isSanctioned":false"#,
            r#""isSanctioned":true,"isSanctioned":false"#,
        ),
    ] {
        let found = CLEAR.replace(from, to);
        assert_ne!(found, CLEAR);
        assert!(read_sanctions(&found).is_err(), "{found}");
    }
    // A struct could be read from an array, member by position.
    assert!(read_sanctions(r#"["Ana",false,0,[]]"#).is_err());
    for nothing in ["null", "{}"] {
        let read = read_sanctions(nothing).unwrap();
        assert!(
            !read.service_data().is_some_and(|found| found.is_clear()),
            "{nothing}"
        );
    }
    let none = CLEAR.replace(r#","sanctionsList":[]"#, "");
    assert!(read_sanctions(&none).unwrap().service_data().unwrap().is_clear());
}

#[test]
fn a_company_record() {
    const FOUND: &str = r#"{"id":"rec-1","label":"Needle Ltda","publicationDate":"2026-01-01","acquisitionDate":"2026-01-02","sourceUrl":"https://registry.example.com/n33dle","sourceId":"n33dle","documentUrls":["https://registry.example.com/n33dle.pdf"],"entities":{"count":1,"data":[{"name":"Ana Needle"}]},"more":1}"#;
    let scripted = Scripted::answered(answer("kybCompanyRecord", FOUND));
    let call = scripted.client.global().services().company_record("rec-1");
    let found = scripted.run(call).unwrap();
    scripted.assert_sent_with(
        &format!("POST {GLOBAL}/services"),
        GLOBAL_TOKEN,
        r#"{"service":"kybCompanyRecord","parameters":{"recordId":"rec-1"}}"#,
    );
    let record: &Answer<CompanyRecord> = found.service_data().unwrap();
    assert_eq!(record.label.as_ref().unwrap().expose(), "Needle Ltda");
    assert_eq!(record.document_urls.as_ref().unwrap().len(), 1);
    let entities = record.entities.as_ref().unwrap();
    assert_eq!(entities.count.as_ref().unwrap().expose(), &1);
    assert_eq!(entities.data.as_ref().unwrap()[0].expose()["name"], "Ana Needle");
    assert_eq!(record.extra()["more"], 1);
    let shown = format!("{found:?}");
    assert!(!shown.contains("n33dle") && !shown.contains("Needle"), "{shown}");
}

#[test]
fn any_other_service() {
    let scripted = Scripted::answered(answer("someService", "[1,2]"));
    let services = scripted.client.global().services();
    let call = services
        .query("someService")
        .parameter("b", json!({"c": NAME}))
        .parameter("a", 1);
    assert!(!format!("{call:?} {}", call.prepare().unwrap()).contains("Needle"));
    let found = scripted.run(call).unwrap();
    scripted.assert_sent_with(
        &format!("POST {GLOBAL}/services"),
        GLOBAL_TOKEN,
        r#"{"service":"someService","parameters":{"b":{"c":"Ana Needle Teste"},"a":1}}"#,
    );
    assert_eq!(found.service_data().unwrap().expose(), &json!([1, 2]));

    let scripted = Scripted::answered("{}");
    let found = scripted.run(scripted.client.global().services().query(ServiceName::Sanctions));
    assert_eq!(found.unwrap().service_data(), None);
    scripted.assert_sent_with(
        &format!("POST {GLOBAL}/services"),
        GLOBAL_TOKEN,
        r#"{"service":"sanctions","parameters":{}}"#,
    );
}

#[test]
fn what_makes_no_sense_is_refused() {
    let scripted = Scripted::core_and_global([]);
    let services = scripted.client.global().services();
    for call in [
        services.query(""),
        services.query(" "),
        services.query("s").parameter("", 1),
        services.query("s").parameter("a", NAME).parameter("a", 2),
        services.query("s").metadata("a", NAME).metadata("a", 2),
        services.query("s").extra("service", NAME),
        services.query("s").extra("Parameters", NAME),
    ] {
        scripted.assert_refuses(call);
    }
    for call in [
        services.sanctions(""),
        services.sanctions("  "),
        sanctions(&scripted).fuzziness(""),
        sanctions(&scripted).fuzziness("high"),
        sanctions(&scripted).fuzziness("-0.1"),
        sanctions(&scripted).fuzziness(".5"),
        sanctions(&scripted).fuzziness("1."),
        sanctions(&scripted).fuzziness("0,5"),
        sanctions(&scripted).fuzziness("1e3"),
        sanctions(&scripted).birth_year(90),
        sanctions(&scripted).birth_year(19900),
        sanctions(&scripted).parameter("name", "Needle"),
        sanctions(&scripted).parameter("NAME", "Needle"),
    ] {
        scripted.assert_refuses(call);
    }
    scripted.assert_refuses(services.company_record(""));
    scripted.assert_refuses(services.basic_data(&cpf()).parameter("cpf", "98765432100"));
    scripted.assert_refuses(cpf_sync(&scripted).parameter("CPF", "98765432100"));
}

#[test]
fn a_query_is_sent_once() {
    for step in [Step::json(500, "{}"), Step::json(503, "{}"), Step::CutBody] {
        let scripted = Scripted::core_and_global([step.clone(), Step::json(200, answer("cpf_sync", RECORD))]);
        let error = scripted.run(cpf_sync(&scripted)).unwrap_err();
        assert_ne!(error.delivery(), Delivery::NotSent);
        assert_eq!(
            (error.operation(), scripted.transport.seen().len()),
            ("global_service.cpf_sync", 1)
        );
        let scripted = Scripted::core_and_global([step, Step::json(200, answer("sanctions", CLEAR))]);
        let error = scripted.run(sanctions(&scripted)).unwrap_err();
        assert_eq!(
            (error.operation(), scripted.transport.seen().len()),
            ("global_service.query", 1)
        );
    }
    let stored: Answer<ServiceAnswer<Answer<CpfRecord>>> =
        Answer::from_json(answer("cpf_sync", RECORD)).unwrap();
    assert!(stored.record().is_some());
}
