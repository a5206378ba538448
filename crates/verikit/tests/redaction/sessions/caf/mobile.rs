//! The Mobile API and SDK session tokens: successes and failures, signed answers, attestations, bad input.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use caf::mobile_api::{
    Attestation, AttestationRefusal, Attestations, IdentityAttemptId, LivenessMessage, Mobile, MobileAttempt,
    MobileAttemptData, MobileAttemptFaceMatch, MobileAttemptId, MobileAttemptLiveness, MobileAuthentication,
    MobileDevice, MobileLiveness, MobilePerson, MobileRefusal, MobileRegistration, MobileToken,
    SdkAuthorization, SdkSession, SignedResponses, Verified,
};
use caf::{
    Answer, Attempt, Client, Config, Cpf, InvalidCpf, Observer, RequestId, RetryPolicy, Secret, TokenIssued,
};
use http::{HeaderValue, Method, StatusCode};
use verikit_core::auth::jwt::{Claims, Hs256};
use verikit_sandbox::{
    CafMobileKey, CafMobileProduct, CafSdkSession, CafSpoiledResponse, Sandbox, ScriptedAnswer,
};

use crate::capture::Captured;
use crate::needles::Needle;

const CPF: &str = "87654321082";
const MASKED: &str = "876.543.210-82";
const NAME: &str = "Zenaide Quaresma";
const WRONG_SECRET: &str = "wr0ng-caf-s3cr3t";
const IDENTITY_SECRET: &str = "1dent1ty-caf-s3cr3t";
const IMAGE: &str = "https://img-host-caf.example.com/zenaide.jpg";
const FINGERPRINT: &str = "f1ngerpr1nt-caf";
const HOSTILE: &str = "h0stile-caf-answer";

fn cpf() -> Cpf {
    Cpf::parse(MASKED).unwrap()
}

pub(crate) fn needles(sandbox: &Sandbox) -> Vec<Needle> {
    let caf = sandbox.caf();
    vec![
        Needle::new("CAF client id", caf.mobile_client_id()),
        Needle::new("CAF client secret", caf.mobile_client_secret()),
        Needle::new("CAF wrong secret", WRONG_SECRET),
        Needle::new("CAF identity secret", IDENTITY_SECRET),
        Needle::new("CPF", CPF),
        Needle::new("CPF, masked", MASKED),
        Needle::new("name at CAF", NAME),
        Needle::new("picture's host at CAF", "img-host-caf"),
        Needle::new("device at CAF", FINGERPRINT),
        Needle::new("what a hostile answer of CAF says", HOSTILE),
    ]
}

/// Shows what it hears of.
struct Observed(Captured, Mutex<usize>);

impl Observer for Observed {
    fn attempt(&self, attempt: &Attempt) {
        self.0.show(attempt);
    }

    fn token_issued(&self, issued: &TokenIssued) {
        self.0.show(issued);
        self.0.show(&issued.key);
        self.0.add("Display", issued.key);
        *self.1.lock().unwrap() += 1;
    }
}

pub(crate) async fn over_plain_http(sandbox: &Sandbox, captured: &Captured) -> Vec<(&'static str, String)> {
    let caf = sandbox.caf();
    let observed = Arc::new(Observed(captured.clone(), Mutex::new(0)));
    let config = |secret: &str| -> Config {
        Client::builder()
            .mobile_key(caf.mobile_client_id(), secret)
            .mobile_base_url(caf.mobile_url().as_str())
            .sdk_base_url(caf.sdk_url().as_str())
            .dangerously_allow_plain_http(true)
            .observer(Arc::clone(&observed) as Arc<dyn Observer>)
            .retry(RetryPolicy::default().base(Duration::from_millis(1)))
    };
    captured.show(&config(caf.mobile_client_secret()));
    let client = config(caf.mobile_client_secret()).build().unwrap();
    let mobile: Mobile = client.mobile();
    captured.show(&(
        &client,
        &mobile,
        mobile.tokens(),
        mobile.sdk_sessions(),
        mobile.faces(),
    ));
    captured.show(&(
        cpf(),
        SdkAuthorization::Bearer,
        mobile.signed_responses().unwrap(),
    ));
    captured.add("Display", cpf());
    let invalid: InvalidCpf = Cpf::parse(HOSTILE).unwrap_err();
    captured.show(&invalid);
    captured.add("Display", &invalid);

    let issue = mobile.tokens().for_person(&cpf());
    captured.show(&issue);
    let token: MobileToken = issue.issue().unwrap();
    captured.show(&token);
    captured.show_failure(issue.lifetime(Duration::from_secs(3600)).issue());
    assert_eq!(*observed.1.lock().unwrap(), 1);
    let create = mobile.sdk_sessions().create().for_person(&cpf());
    captured.show(&create);
    captured.add("Display", create.prepare().unwrap());
    let reply = create.send_with_metadata().await.unwrap();
    captured.show(&reply);
    let session: SdkSession = reply.into_value().into_inner();
    captured.show(&session);
    let sessions: Vec<CafSdkSession> = caf.sdk_sessions();
    captured.show(&(sessions[0].clone(), CafMobileProduct::FaceLiveness));
    captured.show(&CafMobileKey::new(caf.mobile_client_id(), WRONG_SECRET));
    let met = vec![
        ("CAF token", token.token.expose().to_owned()),
        ("CAF session token", session.session_token.expose().to_owned()),
    ];

    faces(sandbox, &client, captured).await;
    failures(sandbox, &client, captured).await;
    attestations(captured);
    let wrong = config(WRONG_SECRET).build().unwrap();
    captured.show_failure(wrong.mobile().faces().register(&cpf(), IMAGE).await);
    captured.show_failure(wrong.mobile().sdk_sessions().create().await);
    met
}

async fn faces(sandbox: &Sandbox, client: &Client, captured: &Captured) {
    let faces = client.mobile().faces();
    let liveness = || {
        faces
            .liveness(IMAGE)
            .person(&cpf())
            .person_name(NAME)
            .extra("name", NAME)
    };
    captured.show(&liveness());
    captured.add("Display", liveness().prepare().unwrap());
    let reply = liveness().send_with_metadata().await.unwrap();
    captured.show(&reply);
    let person: Option<Answer<MobilePerson>> = reply.value().person.clone();
    captured.show(&(person, LivenessMessage::from(HOSTILE)));
    captured.show(&liveness().signed());
    let signed: Verified<MobileLiveness> = liveness().signed().await.unwrap();
    captured.show(&signed);

    let register = faces.register(&cpf(), IMAGE).extra("name", NAME);
    captured.show(&register);
    captured.add("Display", register.prepare().unwrap());
    let registered: Answer<MobileRegistration> = register.await.unwrap();
    captured.show(&registered);

    let device = MobileDevice::new()
        .operating_system("Android 14")
        .fingerprint(FINGERPRINT);
    captured.show(&device);
    let authenticate = || faces.authenticate(&cpf(), IMAGE).device(device.clone());
    captured.show(&authenticate());
    captured.add("Display", authenticate().signed().prepare().unwrap());
    let matched: Answer<MobileAuthentication> = authenticate().await.unwrap();
    captured.show(&(&matched, authenticate().signed()));
    captured.show(&authenticate().signed().await.unwrap());
    sandbox
        .caf()
        .mobile()
        .spoil_next_signed_response(CafSpoiledResponse::Tampered);
    captured.show_failure(authenticate().signed().await);

    let attempts = sandbox.caf().mobile().attempts();
    captured.show(&(
        sandbox.caf(),
        sandbox.caf().mobile(),
        &attempts,
        CafSpoiledResponse::Unsigned,
    ));
    let id = MobileAttemptId::new(attempts[0].id()).unwrap();
    captured.show(&id);
    let get = || faces.attempt(&id).for_person(&cpf());
    captured.show(&get());
    captured.add("Display", get().prepare().unwrap());
    let attempt: Answer<MobileAttempt> = get().await.unwrap();
    captured.show(&attempt);
    let data: &MobileAttemptData = &attempt.data;
    let (face_match, liveness): (
        &Option<Answer<MobileAttemptFaceMatch>>,
        &Option<Answer<MobileAttemptLiveness>>,
    ) = (&data.face_match, &data.liveness);
    captured.show(&(data, face_match, liveness));

    let raw = client
        .mobile()
        .request_about(&cpf(), Method::POST, ["faces", CPF])
        .json(&serde_json::json!({ "peopleId": CPF, "name": NAME }));
    captured.show(&raw);
    captured.add("Display", raw.prepare().unwrap());
    captured.show_failure(raw.await);
}

async fn failures(sandbox: &Sandbox, client: &Client, captured: &Captured) {
    let faces = client.mobile().faces();
    let json = HeaderValue::from_static("application/json");
    for (status, body) in [
        (
            400,
            format!(r#"{{"requestId":"r-1","message":"{NAME} {CPF} {HOSTILE}"}}"#),
        ),
        (500, format!(r#"{{"error":"{HOSTILE}","errors":"{MASKED}"}}"#)),
        (
            200,
            format!(r#"{{"requestId":"{HOSTILE}","isMatch":"{CPF}","isAlive":"{CPF}"}}"#),
        ),
        (200, format!("<html>{HOSTILE}</html>")),
    ] {
        let answer = ScriptedAnswer::new(StatusCode::from_u16(status).unwrap()).body(json.clone(), body);
        sandbox.caf().answer_next(answer.clone());
        captured.show_failure(faces.authenticate(&cpf(), IMAGE).await);
        sandbox.caf().answer_next(answer);
        captured.show_failure(faces.liveness(IMAGE).signed().await);
    }
    let unknown = MobileAttemptId::new("64b0c0ffee0000000000000f").unwrap();
    let error = faces.attempt(&unknown).await.unwrap_err();
    captured.show(&MobileRefusal::of(&error));
    captured.show_failure(Err::<(), _>(error));
    captured.show_failure(
        faces
            .liveness(format!("http://img-host-caf.example.com/{HOSTILE}"))
            .await,
    );
    captured.show_failure(faces.register(&cpf(), IMAGE).extra("peopleId", CPF).await);
    let odd = format!(
        r#"{{"requestId":"{HOSTILE}","isAlive":true,"attemptId":"{HOSTILE}","message":"{HOSTILE}","person":{{"cpf":"{CPF}","name":"{NAME}","x":"{HOSTILE}"}}}}"#
    );
    let odd = Answer::<MobileLiveness>::from_json(odd).unwrap();
    let request_id: &RequestId = &odd.request_id;
    captured.show(&(&odd, request_id, &odd.attempt_id));
    let odd = format!(
        r#"{{"requestId":"{HOSTILE}","data":{{"id":"{HOSTILE}","peopleId":"{MASKED}","sourceIp":"{HOSTILE}","executionOriginId":"{HOSTILE}","registeredImageUrl":"{HOSTILE}","receivedImageUrl":"{HOSTILE}","x":"{HOSTILE}"}}}}"#
    );
    let odd = Answer::<MobileAttempt>::from_json(odd).unwrap();
    captured.show(&(&odd, &odd.data.execution_origin_id));
}

fn attestations(captured: &Captured) {
    let attestations = Attestations::new(IDENTITY_SECRET).unwrap();
    let responses = SignedResponses::new(IDENTITY_SECRET).unwrap();
    captured.show(&(&attestations, &responses));
    let signer = Hs256::new(&Secret::new(IDENTITY_SECRET), None).unwrap();
    let claims = Claims::new()
        .text("attemptId", "a-1")
        .text("peopleId", CPF)
        .text("policyId", "p-1");
    let token = signer.sign(&claims.seconds("exp", 4_102_444_800));
    captured.show_failure(attestations.verify(token.expose().as_bytes(), &cpf(), "p-1"));
    captured.show_failure(responses.liveness(token.expose().as_bytes()));
    captured.show_failure(attestations.verify(HOSTILE.as_bytes(), &cpf(), "p-1"));
    let attested = jwt_of_identity();
    let attestation: Attestation = attestations.verify(attested.as_bytes(), &cpf(), "p-1").unwrap();
    captured.show(&attestation);
    let attempt_id: &IdentityAttemptId = &attestation.attempt_id;
    captured.show(attempt_id);
    let other = Cpf::parse("00000000191").unwrap();
    let error = attestations
        .verify(attested.as_bytes(), &other, "p-1")
        .unwrap_err();
    let refusal: AttestationRefusal = AttestationRefusal::of(&error).unwrap();
    captured.show(&refusal);
    captured.add("Display", refusal);
    captured.show_failure(Err::<(), _>(error));
}

/// An attestation, signed by hand: the maker of JWTs knows texts and times, and this has a boolean.
fn jwt_of_identity() -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use verikit_core::auth::hmac::HmacSha256;

    let payload = format!(
        r#"{{"attemptId":"{HOSTILE}","peopleId":"{CPF}","policyId":"p-1","isAuthorized":true,"isNewContext":false,"iat":1,"exp":4102444800}}"#
    );
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let message = format!(
        "{}.{}",
        encode(r#"{"alg":"HS256","typ":"JWT"}"#),
        encode(&payload)
    );
    let key = HmacSha256::new(&Secret::new(IDENTITY_SECRET)).unwrap();
    format!(
        "{message}.{}",
        URL_SAFE_NO_PAD.encode(key.sign(&[message.as_bytes()]))
    )
}
