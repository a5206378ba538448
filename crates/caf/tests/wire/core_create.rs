//! Creating transactions (contract caf, 4.2).

use caf::testing::Step;
use caf::transactions::{Attributes, CreateTransaction, FileType, TransactionFile};
use caf::{CalendarDate, Client, Cnpj, Cpf, Delivery, ErrorKind};

use crate::core_support::{BASE, CREATED, ID, template};
use crate::support::Scripted;

const JSON: &str = "application/json";

#[test]
fn the_least_that_can_be_asked() {
    let scripted = Scripted::core([Step::json(200, CREATED)]);
    let created = scripted.run(scripted.transactions().create(&template())).unwrap();
    scripted.assert_core_sent(
        &format!("POST {BASE}/transactions?origin=TRUST"),
        JSON,
        r#"{"templateId":"64b0c0ffee0000000000aaaa"}"#,
    );
    assert_eq!(created.id.as_str(), ID);
    let request_id = created.request_id.as_ref().unwrap().as_str();
    assert_eq!(request_id, "7d3b1f0a-1111-4222-8333-944445555566");
    assert!(created.extra().is_empty());
}

/// The made-up example of the contract.
#[test]
fn the_contracts_own_example() {
    let scripted = Scripted::core([Step::json(200, CREATED)]);
    let create = scripted
        .transactions()
        .create(&template())
        .file(TransactionFile::at_url(
            FileType::Selfie,
            "https://img.example.com/selfie.jpg",
        ))
        .attributes(
            Attributes::new()
                .cpf(Cpf::parse("123.456.789-09").unwrap())
                .name("Ana Teste")
                .birth_date(CalendarDate::new(1990, 2, 1).unwrap()),
        )
        .metadata("orderId", "A-17")
        .callback_url("https://hooks.example.com/caf/9f2c");
    scripted.run(create).unwrap();
    scripted.assert_core_sent(
        &format!("POST {BASE}/transactions?origin=TRUST"),
        JSON,
        concat!(
            r#"{"templateId":"64b0c0ffee0000000000aaaa","#,
            r#""files":[{"data":"https://img.example.com/selfie.jpg","type":"SELFIE"}],"#,
            r#""attributes":{"cpf":"12345678909","name":"Ana Teste","birthDate":"01/02/1990"},"#,
            r#""metadata":{"orderId":"A-17"},"_callbackUrl":"https://hooks.example.com/caf/9f2c"}"#
        ),
    );
}

#[test]
fn everything_that_can_be_asked() {
    let scripted = Scripted::core([Step::json(200, CREATED)]);
    let attributes = Attributes::new()
        .cpf("00000000191".parse().unwrap())
        .rg("12.345.678-9")
        .name("Ana Teste")
        .birth_date(CalendarDate::parse("1990-12-31").unwrap())
        .father_name("Jo\u{e3}o Teste")
        .mother_name("Maria Teste")
        .uf("SP")
        .cnpj(Cnpj::parse("12.abc.345/01de-35").unwrap())
        .cep("01310-100")
        .email("ana@example.com")
        .phone_number("+5511900000000")
        .plate("ABC1D23")
        .extra("nickname", "Aninha");
    let create = scripted
        .transactions()
        .create_with_services(["ocr_sync", "some_service"])
        .file(
            TransactionFile::at_url(FileType::Front, "https://img.example.com/f.png").mime_type("image/png"),
        )
        .file(TransactionFile::of_data(
            FileType::from("CNH_FULL"),
            "temporary-name-1",
        ))
        .attributes(attributes)
        .metadata("order", serde_json::json!({"id": [1, null]}))
        .metadata("channel", "app")
        .reference_token("eyJ.session.token")
        .callback_url("https://hooks.example.com/9f2c")
        .extra("newMember", true);
    scripted.run(create).unwrap();
    scripted.assert_core_sent(
        &format!("POST {BASE}/transactions?origin=TRUST"),
        JSON,
        concat!(
            r#"{"template":{"services":["ocr_sync","some_service"]},"#,
            r#""files":[{"data":"https://img.example.com/f.png","type":"FRONT","mimeType":"image/png"},"#,
            r#"{"data":"temporary-name-1","type":"CNH_FULL"}],"#,
            r#""attributes":{"cpf":"00000000191","rg":"12.345.678-9","name":"Ana Teste","birthDate":"31/12/1990","#,
            r#""fatherName":"João Teste","motherName":"Maria Teste","uf":"SP","cnpj":"12ABC34501DE35","#,
            r#""cep":"01310-100","email":"ana@example.com","phoneNumber":"+5511900000000","plate":"ABC1D23","#,
            r#""nickname":"Aninha"},"metadata":{"order":{"id":[1,null]},"channel":"app"},"#,
            r#""referenceToken":"eyJ.session.token","_callbackUrl":"https://hooks.example.com/9f2c","newMember":true}"#
        ),
    );
}

type Change = fn(CreateTransaction) -> CreateTransaction;

#[test]
fn what_makes_no_sense_is_not_sent() {
    let bad: &[(&str, Change)] = &[
        ("data", |create| {
            create.file(TransactionFile::at_url(FileType::Selfie, ""))
        }),
        ("image URL", |create| {
            create.file(TransactionFile::at_url(
                FileType::Selfie,
                "http://img.example.com/Needle.jpg",
            ))
        }),
        ("image URL", |create| {
            create.file(TransactionFile::at_url(FileType::Selfie, "Needle.jpg"))
        }),
        ("image URL", |create| {
            create.file(TransactionFile::at_url(
                FileType::Selfie,
                "data:image/jpeg;base64,Needle",
            ))
        }),
        ("image URL", |create| {
            create.file(TransactionFile::at_url(
                FileType::Selfie,
                "https://img.example.com/Nee dle",
            ))
        }),
        ("data", |create| {
            create.file(TransactionFile::of_data(FileType::Selfie, ""))
        }),
        ("type", |create| {
            create.file(TransactionFile::of_data(FileType::from(""), "Needle"))
        }),
        ("media type", |create| {
            create.file(TransactionFile::of_data(FileType::Front, "Needle").mime_type(""))
        }),
        ("empty", |create| create.attributes(Attributes::new().name(""))),
        ("empty", |create| create.attributes(Attributes::new().plate(""))),
        ("setter", |create| {
            create.attributes(Attributes::new().extra("cpf", "Needle"))
        }),
        ("setter", |create| {
            create.attributes(Attributes::new().extra("BirthDate", "Needle"))
        }),
        ("twice", |create| {
            create.attributes(Attributes::new().extra("a", "Needle").extra("a", "Needle"))
        }),
        ("twice", |create| create.metadata("a", "Needle").metadata("a", 2)),
        ("no name", |create| create.metadata("", "Needle")),
        ("reference token", |create| create.reference_token("")),
        ("callback", |create| {
            create.callback_url("http://hooks.example.com/Needle")
        }),
        ("callback", |create| create.callback_url("/Needle")),
        ("setter", |create| create.extra("templateId", "Needle")),
        ("setter", |create| create.extra("TEMPLATE", "Needle")),
        ("setter", |create| create.extra("_callbackurl", "Needle")),
        ("twice", |create| create.extra("a", "Needle").extra("a", "Needle")),
    ];
    for (place, (about, change)) in bad.iter().enumerate() {
        let scripted = Scripted::core([]);
        let error = scripted
            .run(change(scripted.transactions().create(&template())))
            .unwrap_err();
        scripted.assert_refused(&error);
        assert!(error.to_string().contains(about), "{place}: {error}");
        assert!(!format!("{error} {error:?}").contains("Needle"), "{error}");
    }
    for services in [vec![], vec![""], vec!["ocr_sync", ""]] {
        let scripted = Scripted::core([]);
        let create = scripted.transactions().create_with_services(services);
        scripted.assert_refused(&scripted.run(create).unwrap_err());
    }
}

/// Around a sandbox everything is on this machine and plain http.
#[test]
fn plain_http_is_for_a_sandbox() {
    let local = "http://127.0.0.1:9/selfie.jpg";
    let scripted = Scripted::core_with([Step::json(200, CREATED)], |config| {
        config
            .core_base_url("http://127.0.0.1:9")
            .dangerously_allow_plain_http(true)
    });
    let create = |scripted: &Scripted| {
        let create = scripted.transactions().create(&template());
        create
            .file(TransactionFile::at_url(FileType::Selfie, local))
            .callback_url("http://127.0.0.1:9/hook")
    };
    scripted.run(create(&scripted)).unwrap();
    let scripted = Scripted::core([]);
    scripted.assert_refused(&scripted.run(create(&scripted)).unwrap_err());
}

#[test]
fn a_create_is_sent_once() {
    let interrupted = caf::transport::TransportErrorKind::Interrupted;
    for step in [
        Step::Fail(interrupted),
        Step::json(500, "{}"),
        Step::json(503, "{}"),
        Step::Silence,
    ] {
        let scripted = Scripted::core([step, Step::json(200, CREATED)]);
        let error = scripted
            .run(scripted.transactions().create(&template()))
            .unwrap_err();
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert!(!error.is_safe_to_repeat());
        assert_eq!(scripted.transport.seen().len(), 1);
    }
}

#[test]
fn a_preview_shows_the_shape_and_no_value() {
    let scripted = Scripted::core([]);
    let create = scripted
        .transactions()
        .create(&template())
        .file(TransactionFile::at_url(
            FileType::Selfie,
            "https://img.example.com/Needle.jpg",
        ))
        .attributes(Attributes::new().name("Needle").extra("other", "Needle"))
        .reference_token("Needle")
        .metadata("orderId", "Needle")
        .callback_url("https://hooks.example.com/Needle");
    let preview = create.prepare().unwrap();
    let shown = format!("{preview}\n{preview:?}\n{create:?}\n{create:#?}");
    assert!(
        shown.contains("referenceToken") && shown.contains("[redacted]"),
        "{shown}"
    );
    assert!(!shown.contains("Needle") && !shown.contains("Bearer"), "{shown}");
    assert_eq!(scripted.transport.seen().len(), 0);
}

#[test]
fn an_answer_without_an_id_is_kept() {
    for body in [
        "{}",
        r#"{"requestId":"r-1"}"#,
        r#"{"id":7}"#,
        r#"{"id":""}"#,
        r#"{"id":".."}"#,
        r#"{"id":"a","id":"b"}"#,
        r#"["64b0c0ffee0000000000bbbb","r-1"]"#,
        "[]",
        "null",
        "",
        "<html>",
    ] {
        let scripted = Scripted::core([Step::json(200, body)]);
        let error = scripted
            .run(scripted.transactions().create(&template()))
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Decode, Delivery::CarriedOut)
        );
        assert_eq!(error.body(), body, "an id in it is not lost");
        assert_eq!(scripted.transport.seen().len(), 1);
    }
    // The request's name decides nothing.
    for request_id in ["null", "7", "\"\"", "[\"a\"]"] {
        let body = format!(r#"{{"requestId":{request_id},"id":"{ID}"}}"#);
        let scripted = Scripted::core([Step::json(200, body)]);
        let created = scripted.run(scripted.transactions().create(&template()));
        assert_eq!(created.unwrap().request_id, None, "{request_id}");
    }
}

/// A client needs the credentials of those families only that it calls.
#[test]
fn without_a_core_token_nothing_is_sent() {
    let scripted = Scripted::core([]);
    let client = Client::builder()
        .global_token("global-token")
        .transport(scripted.transport.shared())
        .clock(scripted.clock.shared())
        .build()
        .unwrap();
    let error = scripted
        .run(client.core().transactions().create(&template()))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    assert!(error.to_string().contains("core_token"), "{error}");
    assert_eq!(scripted.transport.seen().len(), 0);
}
