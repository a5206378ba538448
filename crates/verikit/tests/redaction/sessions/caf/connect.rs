//! The Connect API: files, transactions, events right and wrong, a session behind a client certificate.

use std::time::Duration;

use caf::connect_api::{CommunicationChannel, ConnectEventSource, ConnectEventType, ConnectWebhookKeys};
use caf::transactions::{Attributes, FileType, TemplateId, TransactionFile, TransactionId};
use caf::transport::{BundledTransport, SharedTransport};
use caf::{Attempt, Client, Config, Cpf, RetryPolicy, Secret};
use http::{HeaderMap, HeaderValue, Method, Request};
use verikit_sandbox::{CafForgery, Sandbox};

use crate::capture::{Captured, Met};
use crate::needles::Needle;
use crate::tls::Tls;

const CPF: &str = "31415926590";
const NAME: &str = "Quit\u{e9}ria Needleman";
const FILE_NAME: &str = "quiteria-needleman.jpg";
const CONTENT: &str = "p1ctur3-0f-a-f4c3";
const STORED: &str = "st0r3d-f1l3.bin";
const PROFILE: &str = "pr0f1l3-77";
const EXTERNAL: &str = "ext3rn4l-88";
const ID: &str = "64b0c0ffee0000000000bbbb";
const TLS_SECRET: &str = "app-s3cr3t-0v3r-mtls";
const TLS_TOKEN: &str = "t0k3n.0v3r.mtls";

/// What this session must not show, besides what it meets on its way.
pub(crate) fn needles(sandbox: &Sandbox) -> Vec<Needle> {
    let caf = sandbox.caf();
    vec![
        Needle::new("application's id", caf.connect_client_id()),
        Needle::new("application's secret", caf.connect_client_secret()),
        Needle::new("application's secret over mTLS", TLS_SECRET),
        Needle::new("webhook's secret", caf.webhook_secret()),
        Needle::new("CPF", CPF),
        Needle::new("name", NAME),
        Needle::new("file's name", FILE_NAME),
        Needle::new("file", CONTENT),
        Needle::new("stored file's name", STORED),
        Needle::new("profile", PROFILE),
        Needle::new("message's id elsewhere", EXTERNAL),
    ]
}

fn config(captured: &Captured) -> Config {
    let observed = captured.clone();
    Client::builder()
        .observer(std::sync::Arc::new(move |attempt: &Attempt| {
            observed.show(attempt);
        }))
        .retry(RetryPolicy::default().base(Duration::from_millis(1)))
}

pub(crate) async fn over_plain_http(sandbox: &Sandbox, captured: &Captured) -> Met {
    let caf = sandbox.caf();
    let config = || {
        config(captured)
            .connect_application(caf.connect_client_id(), caf.connect_client_secret())
            .connect_base_url(caf.connect_url().as_str())
            .dangerously_allow_plain_http(true)
    };
    captured.show(&config());
    let client = config().build().unwrap();
    captured.show(&(&client, client.connect(), client.connect().transactions()));

    let mut met = files_and_transactions(&client, captured).await;
    captured.show(caf);
    captured.show(caf.account());
    captured.show(&caf.account().transactions());
    refusals(&config, captured).await;
    events(sandbox, captured);
    met.extend(behind_a_client_certificate(captured).await);
    met
}

async fn files_and_transactions(client: &Client, captured: &Captured) -> Met {
    let connect = client.connect();
    let upload = || connect.upload_file(FILE_NAME, "image/jpeg", CONTENT);
    captured.show(&upload());
    captured.add("Display", upload().prepare().unwrap());
    let file = upload().send_with_metadata().await.unwrap();
    captured.show(&file);
    captured.show(file.value());
    captured.show(&file.value().clone().into_inner());
    captured.show_failure(connect.upload_file("a\r\nb", "image/jpeg", CONTENT).await);
    captured.show_failure(connect.upload_file(FILE_NAME, CONTENT, CONTENT).await);

    let filename = file.value().filename.expose().clone();
    let create = || {
        connect
            .transactions()
            .create(&TemplateId::new("64b0c0ffee0000000000aaaa").unwrap())
            .file(TransactionFile::of_data(FileType::Selfie, filename.as_str()))
            .attributes(Attributes::new().cpf(Cpf::parse(CPF).unwrap()).name(NAME))
    };
    captured.show(&create());
    captured.add("Display", create().prepare().unwrap());
    let created = create().await.unwrap();
    captured.show(&created);
    captured.show(&connect.transactions().get(&created.id).await.unwrap());
    captured.show_failure(
        connect
            .transactions()
            .get(&TransactionId::new(CPF).unwrap())
            .await,
    );
    let other = connect.request(Method::GET, ["v1", CPF]).query("name", NAME);
    captured.show(&other);
    captured.show_failure(other.await);

    let token = connect.access_token().await.unwrap();
    captured.show(&token);
    let parts = token.expose().split('.').map(str::to_owned);
    let mut met: Met = parts.map(|part| ("part of an access token", part)).collect();
    met.push(("stored file's name", filename));
    met
}

async fn refusals(config: &impl Fn() -> Config, captured: &Captured) {
    let wrong = config().connect_application(CPF, CONTENT).build().unwrap();
    captured.show_failure(wrong.connect().access_token().await);
    let id = TransactionId::new(ID).unwrap();
    captured.show_failure(wrong.connect().transactions().get(&id).await);
    let none = config().connect_base_url("http://127.0.0.1:1").build().unwrap();
    captured.show_failure(none.connect().transactions().get(&id).await);
}

fn events(sandbox: &Sandbox, captured: &Captured) {
    let caf = sandbox.caf();
    let account = caf.account();
    let keys = ConnectWebhookKeys::new([Secret::new("the-next-secret"), Secret::new(caf.webhook_secret())]);
    let keys = keys.unwrap();
    captured.show(&keys);
    captured.show(&keys.sign_for_test(b"{}"));
    account.set_connect_webhook_url(Some("https://hooks.example.org/caf".parse().unwrap()));
    let members = serde_json::json!({
        "transactionId": ID, "status": "APPROVED", "isMatch": true, "profileId": PROFILE, "cpf": CPF,
        "channel": "sms", "externalId": EXTERNAL, "name": NAME,
    });
    let serde_json::Value::Object(members) = members else {
        panic!("an object");
    };
    let forgeries = [
        None,
        Some(CafForgery::WrongSecret),
        Some(CafForgery::ChangedBody),
        Some(CafForgery::NoSignature),
    ];
    for forgery in forgeries {
        captured.show(&forgery);
        if let Some(forgery) = forgery {
            account.forge_next_connect_event(forgery);
        }
        account.send_connect_event(CPF, NAME, members.clone());
        let sent = caf.webhooks().pop().unwrap();
        match keys.verify(sent.headers(), sent.body().clone()) {
            Ok(event) => {
                captured.show(&event);
                captured.show(&event.id);
                captured.show(&(&event.event_type, event.source.as_ref().unwrap()));
                captured.show(event.data.as_ref().unwrap());
                captured.show(&event.into_inner());
            }
            Err(error) => captured.show_error(&error),
        }
    }
    account.set_connect_webhook_url(None);
    for body in [CPF, NAME, "{\"id\":\"31415926590\",\"type\":7}"] {
        let signature = ConnectWebhookKeys::new([Secret::new(caf.webhook_secret())])
            .unwrap()
            .sign_for_test(body.as_bytes());
        captured.show_failure(keys.verify_value(&signature, body));
    }
    let mut headers = HeaderMap::new();
    headers.insert("x-caf-signature", HeaderValue::from_static(CPF));
    captured.show_failure(keys.verify(&headers, "{}"));
    captured.show(&(
        ConnectEventType::KNOWN,
        ConnectEventSource::Transaction,
        CommunicationChannel::Sms,
    ));
}

/// The client's key is in no log of rustls either, and neither is it when the server refuses its certificate.
async fn behind_a_client_certificate(captured: &Captured) -> Met {
    let made = rcgen::generate_simple_self_signed(vec!["client.example.net".to_owned()]).unwrap();
    let (key, certificate) = (made.signing_key.serialize_pem(), made.cert.pem());
    let tls = Tls::demanding(made.cert.der(), answer_over_tls).await;
    let bundled = || BundledTransport::builder().root_certificate_pem(tls.root_certificate.as_str());
    let client = |transport: BundledTransport| {
        config(captured)
            .connect_application("app-0v3r-mtls", TLS_SECRET)
            .connect_mtls()
            .connect_base_url(&tls.base_url)
            .transport(SharedTransport::new(transport))
            .build()
            .unwrap()
    };

    let presenting = bundled()
        .client_certificate_pem(key.as_str())
        .client_certificate_pem(certificate.as_str());
    captured.show(&presenting);
    let presenting = presenting.build().unwrap();
    captured.show(&presenting);
    let connect = client(presenting).connect();
    let file = connect
        .upload_file(FILE_NAME, "image/jpeg", CONTENT)
        .await
        .unwrap();
    assert_eq!(file.filename.expose(), STORED);
    captured.show(&file);
    captured.show_failure(connect.transactions().get(&TransactionId::new(ID).unwrap()).await);

    // Without the certificate, and with another one.
    let stranger = rcgen::generate_simple_self_signed(vec!["stranger.example.net".to_owned()]).unwrap();
    let other_key = stranger.signing_key.serialize_pem();
    let other = bundled()
        .client_certificate_pem(other_key.as_str())
        .client_certificate_pem(stranger.cert.pem());
    for transport in [bundled(), other] {
        let upload =
            client(transport.build().unwrap())
                .connect()
                .upload_file(FILE_NAME, "image/jpeg", CONTENT);
        let error = upload.await.unwrap_err();
        assert!(error.is_tls(), "{error:#}");
        assert_eq!(error.delivery(), caf::Delivery::NotSent);
        captured.show_error(&error);
    }
    let mixed = bundled()
        .client_certificate_pem(other_key.as_str())
        .client_certificate_pem(certificate)
        .build();
    captured.show_failure(mixed);

    let mut met: Met = [&key, &other_key]
        .into_iter()
        .flat_map(|pem| pem.lines())
        .filter(|line| !line.starts_with('-'))
        .map(|line| ("line of a client's key", line.to_owned()))
        .collect();
    met.push(("access token over mTLS", TLS_TOKEN.to_owned()));
    met
}

fn answer_over_tls(request: &Request<()>, body: &str) -> (u16, String) {
    match (request.method().as_str(), request.uri().path()) {
        ("POST", "/oauth2/token") => {
            assert!(body.contains(TLS_SECRET));
            (
                200,
                format!(r#"{{"access_token":"{TLS_TOKEN}","token_type":"Bearer","expires_in":3600}}"#),
            )
        }
        ("POST", "/v1/transactions/files") => {
            assert!(body.contains(CONTENT));
            (200, format!(r#"{{"data":{{"filename":"{STORED}"}}}}"#))
        }
        // Everything else is refused, and what should not be seen is in the refusal.
        _ => (
            400,
            format!(r#"{{"message":"{NAME} {CPF}","requestId":"{CPF}"}}"#),
        ),
    }
}
