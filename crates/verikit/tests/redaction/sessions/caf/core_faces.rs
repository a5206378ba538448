//! The Core API's onboarding links, profiles and faces: successes and failures, hostile answers, bad input.

use std::sync::Arc;
use std::time::Duration;

use caf::core_api::{
    CompanyActivity, CompanyProfile, CoreFaceAttempt, CoreFaceAttemptId, CreatedOnboarding, ExecutionOrigin,
    OnboardingTemplateId, OnboardingToken, OnboardingType, OnboardingUrl, PersonId, PersonProfile, ProfileId,
    ProfileStatus, RegisteredCoreFace,
};
use caf::transactions::{Attributes, TemplateId};
use caf::{Answer, Attempt, Client, Cnpj, Cpf, RequestId, RetryPolicy};
use verikit_sandbox::{CafOnboardingOutcome, Sandbox};

use crate::capture::{Captured, Met};
use crate::needles::Needle;

const CPF: &str = "27182818205";
const CNPJ: &str = "98765432000198";
const NAME: &str = "Perpetua Nadelmann";
const EMAIL: &str = "perpetua.nadelmann@example.net";
const PHONE: &str = "+5511987650178";
const CALLBACK: &str = "https://hooks.example.com/caf/c4llb4ck-c0r3";
const PICTURE: &str = "https://img.example.com/p1ctur3-c0r3.jpg";
const HOSTILE: &str = "h0stile-c0r3-answer";
const WRONG: &str = "wr0ng-c0r3-t0ken";

/// What this session must not show, besides what it meets on its way.
pub(crate) fn needles(sandbox: &Sandbox) -> Vec<Needle> {
    vec![
        Needle::new("Core token", sandbox.caf().core_token()),
        Needle::new("wrong Core token", WRONG),
        Needle::new("CPF of a profile", CPF),
        Needle::new("masked CPF of a profile", "271.828.182-05"),
        Needle::new("CNPJ of a profile", CNPJ),
        Needle::new("name of a profile", NAME),
        Needle::new("e-mail of an onboarding", EMAIL),
        Needle::new("phone of an onboarding", PHONE),
        Needle::new("onboarding's callback", "c4llb4ck-c0r3"),
        Needle::new("picture of a face", "p1ctur3-c0r3"),
        Needle::new("what a hostile Core answer says", HOSTILE),
    ]
}

pub(crate) async fn over_plain_http(sandbox: &Sandbox, captured: &Captured) -> Met {
    let client = |token: &str| -> Client {
        let observed = captured.clone();
        Client::builder()
            .core_token(token)
            .core_base_url(sandbox.caf().core_url().as_str())
            .dangerously_allow_plain_http(true)
            .observer(Arc::new(move |attempt: &Attempt| observed.show(attempt)))
            .retry(RetryPolicy::default().base(Duration::from_millis(1)))
            .build()
            .unwrap()
    };
    let core = client(sandbox.caf().core_token()).core();
    captured.show(&(
        &core,
        core.onboardings(),
        core.people(),
        core.companies(),
        core.faces(),
    ));
    let met = onboarding(sandbox, &core, captured).await;
    faces(sandbox, &core, captured).await;
    hostile_answers(captured);
    bad_input(&core, captured).await;
    let wrong = client(WRONG).core();
    let cpf = Cpf::parse(CPF).unwrap();
    captured.show_failure(wrong.people().get_by_cpf(&cpf).await);
    captured.show_failure(wrong.companies().get_by_cnpj(&Cnpj::parse(CNPJ).unwrap()).await);
    met
}

async fn onboarding(sandbox: &Sandbox, core: &caf::core_api::Core, captured: &Captured) -> Met {
    let template = TemplateId::new("64b0c0ffee0000000000aaaa").unwrap();
    let screens = OnboardingTemplateId::new(NAME).unwrap();
    captured.show(&screens);
    let cpf = Cpf::parse(CPF).unwrap();
    let create = || {
        core.onboardings()
            .create(OnboardingType::Person, &template)
            .template_id(&OnboardingTemplateId::new("screens-1").unwrap())
            .attributes(Attributes::new().cpf(cpf).name(NAME))
            .email(EMAIL)
            .sms_phone_number(PHONE)
            .callback_url(CALLBACK)
            .variable("name", NAME)
            .metadata("name", NAME)
    };
    captured.show(&create());
    captured.add("Display", create().prepare().unwrap());
    let link = create().send_with_metadata().await.unwrap();
    captured.show(&link);
    captured.show::<Answer<CreatedOnboarding>>(link.value());
    captured.show::<Option<RequestId>>(&link.value().request_id);
    let url: &OnboardingUrl = link.value().url.as_ref().unwrap();
    captured.show(url);

    let account = sandbox.caf().account();
    let token = account.onboardings().last().unwrap().token().to_owned();
    account.finish_onboarding(&token, CafOnboardingOutcome::Approved);
    let call = core.people().get_by_cpf(&cpf);
    captured.show(&call);
    captured.add("Display", call.prepare().unwrap());
    let person = call.send_with_metadata().await.unwrap();
    captured.show(&person);
    let person: &Answer<PersonProfile> = person.value();
    captured.show(&(&person.basic_data, &person.executions, &person.sources));
    let id: &ProfileId = person.id.as_ref().unwrap();
    captured.show(id);
    captured.show(&core.people().get(id).await.unwrap());

    let create = core.onboardings().create(OnboardingType::Company, &template);
    create
        .attributes(Attributes::new().cnpj(Cnpj::parse(CNPJ).unwrap()).name(NAME))
        .await
        .unwrap();
    let company = account.onboardings().last().unwrap().token().to_owned();
    account.finish_onboarding(&company, CafOnboardingOutcome::Pending);
    let cnpj = Cnpj::parse(CNPJ).unwrap();
    captured.show(&cnpj);
    captured.add("Display", cnpj);
    let get = || core.companies().get_by_cnpj(&cnpj).include_onboarding_qsa(true);
    captured.show(&get());
    captured.add("Display", get().prepare().unwrap());
    captured.show(&get().await.unwrap());
    captured.show_failure(core.people().get(&ProfileId::new(CPF).unwrap()).await);
    vec![
        ("token of an onboarding link", token),
        ("token of another link", company),
    ]
}

async fn faces(sandbox: &Sandbox, core: &caf::core_api::Core, captured: &Captured) {
    let person = PersonId::new(EMAIL).unwrap();
    captured.show(&person);
    captured.add("Display", &person);
    let register = || core.faces().register(&person, PICTURE);
    captured.show(&register());
    captured.add("Display", register().prepare().unwrap());
    let face = register().send_with_metadata().await.unwrap();
    captured.show(&face);
    captured.show::<Answer<RegisteredCoreFace>>(face.value());
    sandbox.clock().advance(Duration::from_secs(5));
    let attempt = sandbox.caf().core_faces().attempt(EMAIL, PICTURE).unwrap();
    let attempt_id = CoreFaceAttemptId::new(attempt).unwrap();
    captured.show(&attempt_id);
    let attempt = core.faces().attempt(&attempt_id).await.unwrap();
    captured.show(&attempt);
    captured.show(&(&attempt.data, &attempt.data.face_match, &attempt.data.liveness));
    let unknown = CoreFaceAttemptId::new(CPF).unwrap();
    captured.show_failure(core.faces().attempt(&unknown).await);
}

/// Something private in every place that a text can stand in.
fn hostile_answers(captured: &Captured) {
    let source = format!(
        r#"{{"{HOSTILE}":{{"lastConsultation":{{"date":"{HOSTILE}"}},"data":{{"a":"{HOSTILE}"}}}}}}"#
    );
    let person = format!(
        r#"{{"requestId":"{HOSTILE}","id":"{HOSTILE}","status":"{HOSTILE}","cpf":"{CPF}","basicData":{{"name":"{NAME}"}},"executions":[{{"executionId":"{HOSTILE}","executionOrigin":"{HOSTILE}","lastUpdate":"{HOSTILE}"}}],"sources":{source},"x":"{HOSTILE}"}}"#
    );
    let read = Answer::<PersonProfile>::from_json(person).unwrap();
    let source = read.source(HOSTILE).unwrap();
    captured.show(&(&read, source, &source.last_consultation));
    captured.show(&read.executions.as_ref().unwrap()[0]);
    let company = format!(
        r#"{{"id":"{HOSTILE}","status":"{HOSTILE}","cnpj":"{CNPJ}","basicData":{{"officialName":"{NAME}","secondaryActivities":[{{"code":"{HOSTILE}","description":"{HOSTILE}"}}]}},"onboarding":{{"qsa":[{{"status":"{HOSTILE}","name":"{NAME}","profileId":"{HOSTILE}","transactionId":"{HOSTILE}"}}]}},"qsa":{{"items":[{{"name":"{NAME}","function":"{HOSTILE}","status":"{HOSTILE}"}}]}}}}"#
    );
    let read = Answer::<CompanyProfile>::from_json(company).unwrap();
    let basic = read.basic_data.as_ref().unwrap();
    let activity: &CompanyActivity = &basic.secondary_activities.as_ref().unwrap()[0];
    captured.show(&(&read, basic, activity));
    let onboarding = read.onboarding.as_ref().unwrap();
    let qsa = read.qsa.as_ref().unwrap();
    captured.show(&(onboarding, &onboarding.qsa.as_ref().unwrap()[0]));
    captured.show(&(qsa, &qsa.items.as_ref().unwrap()[0]));
    let attempt = format!(
        r#"{{"requestId":"{HOSTILE}","data":{{"id":"{HOSTILE}","personId":"{CPF}","sourceIp":"{HOSTILE}","executionOriginId":"{HOSTILE}","receivedImageUrl":"{HOSTILE}","registeredImageUrl":"{HOSTILE}","faceMatch":{{"x":"{HOSTILE}"}},"liveness":{{}}}}}}"#
    );
    captured.show(&Answer::<CoreFaceAttempt>::from_json(attempt).unwrap());
    captured.show_failure(Answer::<CoreFaceAttempt>::from_json(format!(
        r#"{{"data":{{"id":"{HOSTILE}","isMatch":"{HOSTILE}"}}}}"#
    )));
    let link = format!(r#"{{"id":"{HOSTILE}","url":"https://a.example/{HOSTILE}","token":"{HOSTILE}"}}"#);
    let link = Answer::<CreatedOnboarding>::from_json(link).unwrap();
    captured.show(&link);
    captured.show::<Option<OnboardingToken>>(&link.token);
    captured.show_failure(OnboardingUrl::new(HOSTILE));
    captured.show(&(ProfileStatus::from(HOSTILE), ExecutionOrigin::from(HOSTILE)));
    captured.show(&OnboardingType::from(HOSTILE));
}

async fn bad_input(core: &caf::core_api::Core, captured: &Captured) {
    let template = TemplateId::new("64b0c0ffee0000000000aaaa").unwrap();
    let create = || core.onboardings().create(OnboardingType::Person, &template);
    captured.show_failure(
        create()
            .callback_url("http://hooks.example.com/c4llb4ck-c0r3")
            .await,
    );
    captured.show_failure(create().variable(NAME, 1).variable(NAME, 2).await);
    let person = PersonId::new(CPF).unwrap();
    captured.show_failure(
        core.faces()
            .register(&person, "http://img.example.com/p1ctur3-c0r3.jpg")
            .await,
    );
    let refused = PersonId::new(NAME).unwrap_err();
    captured.show(&refused);
    captured.add("Display", refused);
    let refused = Cnpj::parse(NAME).unwrap_err();
    captured.show(&refused);
    captured.add("Display", refused);
}
