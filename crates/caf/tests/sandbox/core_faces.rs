//! The Core API's onboarding links, profiles and faces.

use std::time::Duration;

use caf::core_api::{CoreFaceAttemptId, OnboardingType, PersonId, ProfileStatus};
use caf::transactions::Attributes;
use caf::{Client, Cnpj, Cpf, ErrorKind};
use verikit_sandbox::{CafOnboardingOutcome, Sandbox};

use crate::support::{sandbox, settings, template};

const CPF: &str = "31415926590";

fn client(sandbox: &Sandbox, token: &str) -> Client {
    settings(sandbox).core_token(token).build().unwrap()
}

#[tokio::test]
async fn from_a_link_to_a_profile() {
    let sandbox = sandbox().await;
    let core = client(&sandbox, sandbox.caf().core_token()).core();
    let cpf = Cpf::parse(CPF).unwrap();
    let link = core
        .onboardings()
        .create(OnboardingType::Person, &template())
        .attributes(Attributes::new().cpf(cpf).name("Ana Teste"))
        .email("ana@example.net")
        .metadata("orderId", "A-17")
        .await
        .unwrap();
    let account = sandbox.caf().account();
    let [emulated] = &account.onboardings()[..] else {
        panic!("one link")
    };
    assert_eq!(link.id.as_ref().unwrap().as_str(), emulated.id());
    assert_eq!(link.url.as_ref().unwrap().expose(), emulated.url().as_str());
    // Nobody has gone through it yet.
    let nobody = core.people().get_by_cpf(&cpf).await.unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::Provider);
    assert!(nobody.provider_message().is_some() && nobody.request_id().is_some());

    account
        .finish_onboarding(emulated.token(), CafOnboardingOutcome::Approved)
        .unwrap();
    let person = core.people().get_by_cpf(&cpf).await.unwrap();
    assert!(person.is_approved(), "{person:?}");
    assert_eq!(person.cpf.as_ref().unwrap().expose(), CPF);
    let name = &person.basic_data.as_ref().unwrap().name;
    assert_eq!(name.as_ref().unwrap().expose(), "Ana Teste");
    let by_id = core.people().get(person.id.as_ref().unwrap()).await.unwrap();
    assert_eq!(
        (by_id.id.as_ref(), by_id.is_approved()),
        (person.id.as_ref(), true)
    );
    assert!(
        person
            .executions
            .as_ref()
            .is_some_and(|executions| !executions.is_empty())
    );
    assert!(!person.sources.expose().is_empty());
}

#[tokio::test]
async fn outcomes_of_an_onboarding() {
    for (outcome, status) in [
        (CafOnboardingOutcome::Reproved, ProfileStatus::Reproved),
        (CafOnboardingOutcome::Pending, ProfileStatus::Pending),
        (CafOnboardingOutcome::Processing, ProfileStatus::Processing),
    ] {
        let sandbox = sandbox().await;
        let core = client(&sandbox, sandbox.caf().core_token()).core();
        let cpf = Cpf::parse(CPF).unwrap();
        let create = core.onboardings().create(OnboardingType::Person, &template());
        create.attributes(Attributes::new().cpf(cpf)).await.unwrap();
        let account = sandbox.caf().account();
        let token = account.onboardings()[0].token().to_owned();
        account.finish_onboarding(&token, outcome).unwrap();
        let person = core.people().get_by_cpf(&cpf).await.unwrap();
        assert_eq!(
            (person.status.as_ref(), person.is_approved()),
            (Some(&status), false)
        );
    }
}

#[tokio::test]
async fn a_company_and_its_partners() {
    let sandbox = sandbox().await;
    let core = client(&sandbox, sandbox.caf().core_token()).core();
    let cnpj = Cnpj::parse("12.345.678/0001-95").unwrap();
    let create = core.onboardings().create(OnboardingType::Company, &template());
    let attributes = Attributes::new().cnpj(cnpj).name("Needle Ltda");
    create.attributes(attributes).await.unwrap();
    let account = sandbox.caf().account();
    let token = account.onboardings()[0].token().to_owned();
    account
        .finish_onboarding(&token, CafOnboardingOutcome::Approved)
        .unwrap();

    let company = core.companies().get_by_cnpj(&cnpj).await.unwrap();
    assert!(company.is_approved() && company.onboarding.is_none());
    let with_partners = core.companies().get(company.id.as_ref().unwrap());
    let company = with_partners.include_onboarding_qsa(true).await.unwrap();
    assert!(company.onboarding.as_ref().unwrap().qsa.is_some());
    assert!(company.qsa.as_ref().unwrap().items.is_some());
}

#[tokio::test]
async fn a_face_and_attempts_with_it() {
    let sandbox = sandbox().await;
    let faces = client(&sandbox, sandbox.caf().core_token()).core().faces();
    let person = PersonId::new("314.159.265-90").unwrap();
    let face = faces
        .register(&person, "https://img.example.com/ana.jpg")
        .await
        .unwrap();
    assert_eq!(face.person_id.expose(), CPF);
    let emulated = sandbox.caf().core_faces();
    // It takes its time: the answer is no more than a beginning.
    assert!(!emulated.is_registered(CPF));
    sandbox.clock().advance(Duration::from_secs(5));
    assert!(emulated.is_registered(CPF));

    for (picture, is_match) in [
        ("ana-2.jpg", true),
        ("bruno.jpg", false),
        ("ana-spoof.jpg", false),
    ] {
        let url = format!("https://img.example.com/{picture}");
        let attempt_id = CoreFaceAttemptId::new(emulated.attempt(CPF, &url).unwrap()).unwrap();
        let attempt = faces.attempt(&attempt_id).await.unwrap();
        assert_eq!(attempt.is_match(), is_match, "{picture}");
        assert_eq!(attempt.is_match_of(&person), is_match);
        assert!(!attempt.is_match_of(&PersonId::new("27182818205").unwrap()));
    }
    let unknown = CoreFaceAttemptId::new("01ARYZ6S410000000000000000").unwrap();
    let error = faces.attempt(&unknown).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
    let error = faces
        .register(&person, "https://img.example.com/ana.gif")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Provider);
}

#[tokio::test]
async fn another_familys_token_opens_nothing() {
    let sandbox = sandbox().await;
    let caf = sandbox.caf();
    for (token, status) in [
        ("n33dle", 401),
        (caf.global_token(), 403),
        (caf.token_without_permissions(), 403),
    ] {
        let core = client(&sandbox, token).core();
        let cpf = Cpf::parse(CPF).unwrap();
        let error = core.people().get_by_cpf(&cpf).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status().unwrap().as_u16()),
            (ErrorKind::Auth, status)
        );
    }
}
