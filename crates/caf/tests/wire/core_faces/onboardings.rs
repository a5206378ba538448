//! Onboarding links (contract caf, 4.6).

use caf::core_api::{OnboardingTemplateId, OnboardingType};
use caf::testing::Step;
use caf::transactions::{Attributes, TemplateId};
use caf::{Cpf, Delivery, ErrorKind};

use super::support::{CORE, CORE_TOKEN, CPF, NAME, assert_undecodable};
use crate::support::Scripted;

const LINK: &str = r#"{"requestId":"7d3b1f0a-1111-4222-8333-944445555566","id":"64b0c0ffee0000000000eeee","url":"https://cadastro.example.com/?token=n33dle","token":"n33dle"}"#;

fn template() -> TemplateId {
    TemplateId::new("64b0c0ffee0000000000aaaa").unwrap()
}

#[test]
fn a_link_with_nothing_else() {
    let scripted = Scripted::answered(LINK);
    let onboardings = scripted.client.core().onboardings();
    let link = scripted
        .run(onboardings.create(OnboardingType::Person, &template()))
        .unwrap();
    scripted.assert_sent_with(
        &format!("POST {CORE}/v1/onboardings?origin=TRUST"),
        CORE_TOKEN,
        r#"{"type":"PF","transactionTemplateId":"64b0c0ffee0000000000aaaa"}"#,
    );
    assert_eq!(link.id.as_ref().unwrap().as_str(), "64b0c0ffee0000000000eeee");
    assert_eq!(
        link.url.as_ref().unwrap().expose(),
        "https://cadastro.example.com/?token=n33dle"
    );
    assert_eq!(link.token.as_ref().unwrap().expose(), "n33dle");
    assert_eq!(
        link.request_id.as_ref().unwrap().as_str(),
        "7d3b1f0a-1111-4222-8333-944445555566"
    );
    assert_eq!(&link.raw()[..], LINK.as_bytes());
    let shown = format!("{link:?} {link:#?}");
    assert!(!shown.contains("n33dle"), "{shown}");
}

#[test]
fn every_member() {
    let scripted = Scripted::answered("{}");
    let create = scripted
        .client
        .core()
        .onboardings()
        .create(OnboardingType::PersonWithPersons, &template())
        .template_id(&OnboardingTemplateId::new("screens-1").unwrap())
        .transaction_pf_template_id(&TemplateId::new("pf-1").unwrap())
        .transaction_qsa_template_id(&TemplateId::new("qsa-1").unwrap())
        .email("ana@example.net")
        .sms_phone_number("+5511900000000")
        .no_expire(true)
        .no_notification(false)
        .attributes(Attributes::new().cpf(Cpf::parse(CPF).unwrap()).name(NAME))
        .variable("a", 1)
        .metadata("orderId", "A-17")
        .callback_url("https://hooks.example.com/caf/9f2c")
        .extra("new", true);
    let shown = format!("{create:?} {}", create.prepare().unwrap());
    for private in [CPF, "Needle", "ana@", "5511900000000", "9f2c", "A-17"] {
        assert!(!shown.contains(private), "{private}: {shown}");
    }
    scripted.run(create).unwrap();
    scripted.assert_sent_with(
        &format!("POST {CORE}/v1/onboardings?origin=TRUST"),
        CORE_TOKEN,
        r#"{"type":"PF_PF","transactionTemplateId":"64b0c0ffee0000000000aaaa","templateId":"screens-1","transactionPFTemplateId":"pf-1","transactionQsaTemplateId":"qsa-1","email":"ana@example.net","smsPhoneNumber":"+5511900000000","noExpire":true,"noNotification":false,"attributes":{"cpf":"12345678909","name":"Ana Needle Teste"},"variables":{"a":1},"metadata":{"orderId":"A-17"},"_callbackUrl":"https://hooks.example.com/caf/9f2c","new":true}"#,
    );
}

#[test]
fn other_types() {
    for (onboarding_type, word) in [
        (OnboardingType::Company, "PJ"),
        (OnboardingType::from("PJ_PF"), "PJ_PF"),
    ] {
        let scripted = Scripted::answered("{}");
        let onboardings = scripted.client.core().onboardings();
        scripted
            .run(onboardings.create(onboarding_type, &template()))
            .unwrap();
        let body = format!(r#"{{"type":"{word}","transactionTemplateId":"64b0c0ffee0000000000aaaa"}}"#);
        scripted.assert_sent_with(
            &format!("POST {CORE}/v1/onboardings?origin=TRUST"),
            CORE_TOKEN,
            &body,
        );
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let scripted = Scripted::core_and_global([]);
    let onboardings = scripted.client.core().onboardings();
    let create = || onboardings.create(OnboardingType::Person, &template());
    let pf = TemplateId::new("pf-1").unwrap();
    for call in [
        onboardings.create(OnboardingType::from(""), &template()),
        onboardings.create(OnboardingType::PersonWithPersons, &template()),
        create().transaction_pf_template_id(&pf),
        onboardings
            .create(OnboardingType::Company, &template())
            .transaction_pf_template_id(&pf),
        create().email(""),
        create().email(" "),
        create().sms_phone_number(""),
        create().callback_url("http://hooks.example.com/n33dle"),
        create().callback_url("/n33dle"),
        create().callback_url(""),
        create().variable("a", 1).variable("a", 2),
        create().variable("", 1),
        create().metadata("a", NAME).metadata("a", 2),
        create().attributes(Attributes::new().name("")),
        create().attributes(Attributes::new().name(NAME).extra("name", NAME)),
        create().extra("type", "PJ"),
        create().extra("TransactionTemplateId", "x"),
        create().extra("_callbackUrl", "https://evil.example/"),
        create().extra("a", NAME).extra("a", 2),
    ] {
        scripted.assert_refuses(call);
    }
}

#[test]
fn a_link_is_made_once() {
    for step in [
        Step::json(500, "{}"),
        Step::json(503, "{}"),
        Step::answer(502, "<html>n33dle</html>"),
        Step::CutBody,
    ] {
        let scripted = Scripted::core_and_global([step, Step::json(200, LINK)]);
        let onboardings = scripted.client.core().onboardings();
        let error = scripted
            .run(onboardings.create(OnboardingType::Person, &template()))
            .unwrap_err();
        assert_ne!(error.delivery(), Delivery::NotSent);
        assert_eq!(error.operation(), "core_onboarding.create");
        assert_eq!(scripted.transport.seen().len(), 1, "a second link");
    }
}

#[test]
fn a_page_that_is_not_one_is_not_handed_on() {
    let answer = |url: &str| format!(r#"{{"id":"64b0c0ffee0000000000eeee","url":{url}}}"#);
    for url in [
        r#""javascript:alert('n33dle')""#,
        r#""/n33dle""#,
        r#""""#,
        "7",
        "{}",
        r#"["https://a.example/n33dle"]"#,
    ] {
        let scripted = Scripted::answered(answer(url));
        let onboardings = scripted.client.core().onboardings();
        assert_undecodable(scripted.run(onboardings.create(OnboardingType::Person, &template())));
    }
    let scripted = Scripted::answered(answer(r#""http://cadastro.example.com/n33dle""#));
    let onboardings = scripted.client.core().onboardings();
    let error = scripted
        .run(onboardings.create(OnboardingType::Person, &template()))
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Untrusted);
    assert_eq!(error.delivery(), Delivery::CarriedOut);

    // A sandbox's own page.
    let scripted = Scripted::with(
        [Step::json(200, answer(r#""http://127.0.0.1:3000/onboarding/1""#))],
        |config| {
            config
                .core_token(CORE_TOKEN)
                .core_base_url("http://127.0.0.1:3000")
                .dangerously_allow_plain_http(true)
        },
    );
    let create = scripted
        .client
        .core()
        .onboardings()
        .create(OnboardingType::Person, &template())
        .callback_url("http://127.0.0.1:4000/hook");
    assert!(scripted.run(create).unwrap().url.is_some());
    // No link at all is what the third parties' clients do not promise against.
    let scripted = Scripted::answered(r#"{"requestId":7,"id":null,"token":[]}"#);
    let onboardings = scripted.client.core().onboardings();
    let link = scripted
        .run(onboardings.create(OnboardingType::Person, &template()))
        .unwrap();
    assert_eq!((&link.request_id, &link.id, &link.url), (&None, &None, &None));
}
