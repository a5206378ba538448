//! CM.com ID Scan: a whole scan, refusals that repeat what was read, hostile answers, bad input.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cm_idscan::transport::{BundledTransport, SharedTransport, Transport as _};
use cm_idscan::{
    AllowedExpiration, Attempt, BrowserReturn, CaptureSource, Client, Comparison, Config,
    DocumentScanSettings, DownloadUrl, EventType, Field, FileCategory, FileKind, FileType, Level, Locale,
    Repeat, ResultId, RetryPolicy, ScanCode, Secret, TaskState, TaskType, Tasks, TransactionId,
    TransactionState, TransactionUrl, Validity, ValueSource, WebhookSecrets,
};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use verikit_sandbox::{
    CmIdScanOutcome, CmIdScanPlayError, CmIdScanTask, CmNumberVerify, CmNumberVerifyOutcome, CmRateLimit,
    DeliveryAttempt, DeliveryState, Sandbox, ScriptedAnswer,
};

use crate::capture::{Captured, Met};
use crate::needles::Needle;

const SURNAME: &str = "Eriksson";
const GIVEN_NAMES: &str = "Anna Maria";
const DOCUMENT_NUMBER: &str = "L898902C3";
const PERSONAL_NUMBER: &str = "ZE184226B";
const BIRTH: &str = "1974-08-12";
const RETURN_URL: &str = "https://app.example.net/scanned?session=s3ss10n-77";
const WEBHOOK: &str = "https://hooks.example.org/idscan?key=h00k-k3y-1";
const WEBHOOK_HEADER: &str = "x-webhook-secret";
const WEBHOOK_SECRET: &str = "w3bh00k-s3cr3t-0123";
const ID: &str = "0a0a0a0a-1111-4222-8333-444444444444";

/// What this session must not show, besides what it meets on its way.
pub(crate) fn needles(sandbox: &Sandbox) -> Vec<Needle> {
    vec![
        Needle::new("key id", sandbox.cm().key_id()),
        Needle::new("key's secret", sandbox.cm().secret()),
        Needle::new("surname", SURNAME),
        Needle::new("given names", GIVEN_NAMES),
        Needle::new("document number", DOCUMENT_NUMBER),
        Needle::new("personal number", PERSONAL_NUMBER),
        Needle::new("date of birth", BIRTH),
        Needle::new("return URL's query", "s3ss10n-77"),
        Needle::new("webhook's host", "hooks.example.org"),
        Needle::new("webhook's query", "h00k-k3y-1"),
        Needle::new("webhook's secret", WEBHOOK_SECRET),
    ]
}

/// The bundled transport, with the tokens that the client signed noted down.
fn listening(tokens: &Arc<Mutex<Vec<String>>>) -> SharedTransport {
    let bundled = BundledTransport::builder()
        .dangerously_allow_plain_http(true)
        .build()
        .unwrap();
    let tokens = Arc::clone(tokens);
    SharedTransport::new(move |request: http::Request<bytes::Bytes>| {
        let bundled = bundled.clone();
        if let Some(value) = request.headers().get(AUTHORIZATION) {
            let token = value.to_str().unwrap().trim_start_matches("Bearer ").to_owned();
            tokens.lock().unwrap().push(token);
        }
        async move { bundled.send(request).await }
    })
}

fn last_segment(url: &str) -> String {
    url.rsplit('/').next().unwrap().to_owned()
}

pub(crate) async fn over_plain_http(sandbox: &Sandbox, captured: &Captured) -> Met {
    let tokens = Arc::new(Mutex::new(Vec::new()));
    let cm = sandbox.cm();
    let config = || -> Config {
        let observed = captured.clone();
        Client::builder(cm.key_id(), cm.secret())
            .base_url(cm.id_scan_url().as_str())
            .dangerously_allow_plain_http(true)
            .observer(Arc::new(move |attempt: &Attempt| observed.show(attempt)))
            .retry(RetryPolicy::default().base(Duration::from_millis(1)))
    };
    captured.show(&config());
    // Over the transport that a client makes for itself too.
    let own = config().build().unwrap();
    captured.show_failure(own.transactions().get(&TransactionId::new(ID).unwrap()).await);
    let client = config().transport(listening(&tokens)).build().unwrap();
    captured.show(&(
        &client,
        client.transactions(),
        client.downloads(),
        client.webhooks(),
    ));

    let mut met = scan(sandbox, &client, captured).await;
    refusals(sandbox, &client, captured).await;
    hostile_answers(sandbox, &client, captured).await;
    bad_input(&client, captured).await;
    browser_and_notifications(captured);
    words(captured);
    emulated(sandbox, captured).await;

    let mut tokens = tokens.lock().unwrap().clone();
    tokens.dedup();
    assert!(!tokens.is_empty());
    for token in tokens {
        // The header is the same text for everybody with this key.
        for part in token.split('.').skip(1) {
            met.push(("part of a signed token", part.to_owned()));
        }
    }
    met
}

/// A scan, as it should go, with a failed attempt first.
async fn scan(sandbox: &Sandbox, client: &Client, captured: &Captured) -> Met {
    let mut met = Met::new();
    let add = || {
        client
            .webhooks()
            .create(WEBHOOK)
            .events([EventType::TransactionStateUpdated])
            .header(WEBHOOK_HEADER, WEBHOOK_SECRET)
    };
    captured.show(&add());
    captured.add("Display", add().prepare().unwrap());
    let added = add().send_with_metadata().await.unwrap();
    captured.show(&added);
    captured.show(added.value());

    let settings = || {
        DocumentScanSettings::new()
            .allowed_expiration(AllowedExpiration::expired_for_at_most_days(30))
            .extra("x-private", SURNAME)
    };
    captured.show(&settings());
    let create = || {
        client
            .transactions()
            .create(Tasks::DocumentScanFaceLivenessAndFaceMatch)
            .document_scan(DocumentScanSettings::new().minimum_age(18))
            .locale(Locale::NlNl)
    };
    captured.show(&create().extra("returnUrl", RETURN_URL));
    captured.add(
        "Display",
        create().extra("returnUrl", RETURN_URL).prepare().unwrap(),
    );
    let reply = create().send_with_metadata().await.unwrap();
    captured.show(&reply);
    let transaction = reply.into_value();
    captured.show(&transaction);
    captured.show(&transaction.clone().into_inner());
    captured.show(&TransactionUrl::new(transaction.url.expose()).unwrap());
    met.push(("transaction URL", last_segment(transaction.url.expose())));

    let user = sandbox.cm().id_scan();
    user.play(transaction.url.expose(), CmIdScanOutcome::Blurred)
        .unwrap();
    let pending = client.transactions().get(&transaction.id);
    captured.show(&pending);
    captured.add("Display", pending.prepare().unwrap());
    let pending = pending.send_with_metadata().await.unwrap();
    captured.show(&pending);
    captured.show(pending.value());
    let task = pending.value().task(&TaskType::DocumentScan).unwrap().clone();
    captured.show(&task.document_scans);
    captured.show(&task.into_inner());
    user.play_to_the_end(transaction.url.expose()).unwrap();
    let wait = client.transactions().until_final(&transaction);
    captured.show(&wait);
    captured.show(&wait.await.unwrap());

    let deliveries = user.deliveries();
    let last = deliveries.last().unwrap();
    let secrets = WebhookSecrets::new(WEBHOOK_HEADER, [Secret::new(WEBHOOK_SECRET)]).unwrap();
    let notification = secrets.read(last.headers(), last.body().clone()).unwrap();
    captured.show(&notification);
    let about = notification.transaction.as_ref().unwrap();
    let result_id = about.result_id.clone().unwrap();
    captured.show(&(about, &result_id, &notification.id, &added.value().id));
    let result = client.transactions().result(&about.id, &result_id);
    captured.show(&result);
    let result = result.send_with_metadata().await.unwrap();
    captured.show(&result);
    let result = result.into_value();
    captured.show(&result);
    captured.show(&result.concerns(Tasks::DocumentScanFaceLivenessAndFaceMatch, 0.99));
    captured.show(&result.document_scan().unwrap().clone().into_inner());
    for entry in &result.document_scan().unwrap().result {
        captured.show(entry);
        captured.show(&entry.values);
        captured.add("Display", entry.value().unwrap());
    }
    // What was read is what is looked for: otherwise the needles would be found nowhere by nature.
    let read = result.value(&Field::Surname).unwrap().expose();
    assert!(read.eq_ignore_ascii_case(SURNAME), "the sandbox's person changed");
    let number = result.value(&Field::DocumentNumber).unwrap().expose();
    assert_eq!(number, DOCUMENT_NUMBER);

    for file in &result.document_scan().unwrap().files {
        captured.show(file);
        let Some(url) = &file.url else { continue };
        met.push(("download token", last_segment(url.expose())));
        let call = client.downloads().bytes(url);
        captured.show(&call);
        captured.add("Display", call.prepare().unwrap());
        captured.show(&call.send_with_metadata().await.unwrap());
        let stream = client.downloads().stream(url).await.unwrap();
        captured.show(&stream);
        stream.bytes().await.unwrap();
    }
    met
}

/// A provider repeats what it was sent, and what it read, in every place of a refusal.
async fn refusals(sandbox: &Sandbox, client: &Client, captured: &Captured) {
    let cm = sandbox.cm();
    let id = TransactionId::new(ID).unwrap();
    for status in [302, 400, 401, 403, 404, 422, 500, 503] {
        let body = format!(
            r#"{{"status":{status},"message":"{SURNAME} {BIRTH}","code":"{DOCUMENT_NUMBER}","error":"{PERSONAL_NUMBER}"}}"#
        );
        let echo = ScriptedAnswer::new(StatusCode::from_u16(status).unwrap())
            .body(HeaderValue::from_static("application/json"), body)
            .header(
                http::header::LOCATION,
                HeaderValue::from_static("/x?name=Eriksson"),
            )
            .header(
                http::HeaderName::from_static("x-request-id"),
                HeaderValue::from_static("L898902C3"),
            )
            .for_path_prefix("/id-scan");
        cm.answer_next(echo.clone());
        captured.show_failure(
            client
                .transactions()
                .create(Tasks::DocumentScan)
                .extra("r", RETURN_URL)
                .await,
        );
        cm.answer_next(echo.clone());
        let request = client
            .request(Method::GET, ["people", SURNAME, DOCUMENT_NUMBER])
            .query("born", BIRTH);
        captured.show(&request);
        captured.add("Display", request.prepare().unwrap());
        captured.show_failure(request.await);
        cm.answer_next(echo.clone());
        captured.show_failure(
            client
                .webhooks()
                .create(WEBHOOK)
                .header("x", WEBHOOK_SECRET)
                .await,
        );
        assert_eq!(cm.waiting_answers(), 0, "{status}");
    }
    cm.answer_next(ScriptedAnswer::drop_connection().for_path_prefix("/id-scan"));
    captured.show_failure(
        client
            .request(Method::GET, ["transactions", SURNAME])
            .repeat(Repeat::Once)
            .await,
    );
    captured.show_failure(client.transactions().get(&id).await);
}

/// Answers that were read, or not, with private texts where they do not belong.
async fn hostile_answers(sandbox: &Sandbox, client: &Client, captured: &Captured) {
    let cm = sandbox.cm();
    let (id, result_id) = (TransactionId::new(ID).unwrap(), ResultId::new(ID).unwrap());
    let scripted = |body: String| {
        cm.answer_next(
            ScriptedAnswer::new(StatusCode::OK)
                .body(HeaderValue::from_static("application/json"), body)
                .for_path_prefix("/id-scan"),
        );
    };
    for body in [
        format!(r#"{{"id":"{SURNAME}","state":"pending","url":"https://e.example/{SURNAME}"}}"#),
        format!(
            r#"{{"id":"{ID}","state":"{SURNAME}","tasks":["{SURNAME}"],"url":"https://e.example/{SURNAME}?b={BIRTH}","settings":{{"{SURNAME}":"{BIRTH}"}},"locale":"{SURNAME}","expires":"{BIRTH}"}}"#
        ),
        format!(r#"{{"id":"{ID}","state":"pending","url":"{SURNAME}"}}"#),
    ] {
        scripted(body);
        match client
            .transactions()
            .create(Tasks::DocumentScan)
            .send_with_metadata()
            .await
        {
            Ok(reply) => captured.show(reply.value()),
            Err(error) => captured.show_error(&error),
        }
    }
    for body in [
        format!(r#"{{"id":"{DOCUMENT_NUMBER}","state":"pending","tasks":[]}}"#),
        format!(
            r#"{{"id":"{ID}","state":"{SURNAME}","created":"{BIRTH}","tasks":[{{"type":"{SURNAME}","state":"{SURNAME}","level":"{SURNAME}","x":"{SURNAME}","documentScans":[{{"code":"{DOCUMENT_NUMBER}","source":"{SURNAME}","created":"{BIRTH}","files":[{{"category":"{SURNAME}","type":"{SURNAME}","name":"{SURNAME}","url":"https://e.example/{SURNAME}"}}]}}]}}]}}"#
        ),
        format!(
            r#"{{"id":"{ID}","state":"pending","tasks":[{{"type":"{SURNAME}","attempts":"{SURNAME}"}}]}}"#
        ),
    ] {
        scripted(body);
        match client.transactions().get(&id).send_with_metadata().await {
            Ok(reply) => {
                captured.show(&reply);
                captured.show(reply.value());
                let url = reply.value().tasks[0].document_scans.as_ref().unwrap()[0].files[0]
                    .url
                    .clone();
                captured.show_failure(client.downloads().bytes(&url.unwrap()).await);
            }
            Err(error) => captured.show_error(&error),
        }
    }
    for body in [
        format!(
            r#"{{"id":"{SURNAME}","state":"{SURNAME}","tasks":[{{"type":"document_scan","state":"{SURNAME}","result":[{{"field":"{SURNAME}","validity":"{SURNAME}","comparison":"{SURNAME}","locale":"{SURNAME}","values":[{{"source":"{SURNAME}","value":"{BIRTH}"}}]}}]}}]}}"#
        ),
        format!(
            r#"{{"state":"completed","tasks":[{{"type":"document_scan","state":"completed","result":[{{"field":"age","values":[{{"source":"mrz","value":["{SURNAME}"]}}]}}]}}]}}"#
        ),
    ] {
        scripted(body);
        match client
            .transactions()
            .result(&id, &result_id)
            .send_with_metadata()
            .await
        {
            Ok(reply) => {
                captured.show(&reply);
                captured.show(reply.value());
                captured.show(&reply.value().concerns(Tasks::DocumentScan, 0.5));
            }
            Err(error) => captured.show_error(&error),
        }
    }
    assert_eq!(cm.waiting_answers(), 0);
}

async fn bad_input(client: &Client, captured: &Captured) {
    // Somebody passes a document number where an identifier belongs.
    let id = TransactionId::new(DOCUMENT_NUMBER).unwrap();
    captured.show(&id);
    captured.show_failure(client.transactions().get(&id).await);
    captured.show(&TransactionId::new(format!("{SURNAME}\n")).unwrap_err());
    captured.show_failure(TransactionUrl::new(SURNAME));
    captured.show_failure(Tasks::from_types([TaskType::from(SURNAME)]));
    let create = || client.transactions().create(Tasks::DocumentScan);
    captured.show_failure(create().extra("tasks", SURNAME).await);
    captured.show_failure(create().extra("a", SURNAME).extra("a", BIRTH).await);
    let settings = DocumentScanSettings::new().extra("level", SURNAME);
    captured.show_failure(create().document_scan(settings).await);
    captured.show_failure(
        client
            .webhooks()
            .create(format!("http://{SURNAME}:{BIRTH}"))
            .await,
    );
    captured.show_failure(client.webhooks().create(WEBHOOK).header(SURNAME, "\u{0}").await);
    captured.show_failure(
        client
            .webhooks()
            .create(WEBHOOK)
            .header("x", format!("{WEBHOOK_SECRET}\r\n"))
            .await,
    );
    captured.show_failure(client.request(Method::POST, [SURNAME, ".."]).await);
    for url in [
        "https://e.example/L898902C3",
        "//e.example/L898902C3",
        "L898902C3:",
    ] {
        let url = DownloadUrl::new(url);
        captured.show(&url);
        captured.show_failure(client.downloads().bytes(&url).await);
        captured.show_failure(client.downloads().stream(&url).await);
    }
    captured.show_failure(
        Client::builder(SURNAME, Secret::new(WEBHOOK_SECRET))
            .base_url(format!("https://{SURNAME}:{BIRTH}@api.example.net/"))
            .build(),
    );
}

/// What comes through the user's hands, and from whoever finds the webhook's address.
fn browser_and_notifications(captured: &Captured) {
    let query = format!("trxid={ID}&state={SURNAME}&resultid={DOCUMENT_NUMBER}");
    captured.show(&BrowserReturn::from_query(&query).unwrap());
    captured.show_failure(BrowserReturn::from_query(&format!("{query}&trxid={SURNAME}")));
    captured.show_failure(BrowserReturn::from_url(&format!(
        "https://app.example.net/{SURNAME}"
    )));
    let secrets = WebhookSecrets::new(WEBHOOK_HEADER, [Secret::new(WEBHOOK_SECRET)]).unwrap();
    captured.show(&secrets);
    captured.show_failure(WebhookSecrets::new(
        &format!("{SURNAME} "),
        [Secret::new(WEBHOOK_SECRET)],
    ));
    let mut headers = HeaderMap::new();
    headers.insert(WEBHOOK_HEADER, HeaderValue::from_static("L898902C3"));
    captured.show_failure(secrets.read(&headers, SURNAME));
    headers.insert(WEBHOOK_HEADER, HeaderValue::from_static(WEBHOOK_SECRET));
    captured.show_failure(secrets.read(&headers, SURNAME));
    captured.show_failure(secrets.read(&headers, format!(r#"{{"id":["{SURNAME}"],"type":"x"}}"#)));
    let odd = format!(
        r#"{{"id":"{DOCUMENT_NUMBER}","type":"{SURNAME}","created":"{BIRTH}","transaction":{{"id":"{DOCUMENT_NUMBER}","state":"{SURNAME}","resultId":"{DOCUMENT_NUMBER}"}},"task":{{"{SURNAME}":"{BIRTH}"}}}}"#
    );
    captured.show(&secrets.read(&headers, odd).unwrap());
}

/// Words that somebody put something private in the place of.
fn words(captured: &Captured) {
    captured.show(&(
        TransactionState::from(SURNAME),
        TaskState::from(SURNAME),
        TaskType::from(SURNAME),
    ));
    captured.show(&(
        Locale::from(SURNAME),
        Level::from(SURNAME),
        CaptureSource::from(SURNAME),
    ));
    captured.show(&(
        Field::from(SURNAME),
        ScanCode::from(DOCUMENT_NUMBER),
        EventType::from(SURNAME),
    ));
    captured.show(&(
        Validity::from(SURNAME),
        Comparison::from(SURNAME),
        ValueSource::from(SURNAME),
    ));
    captured.show(&(FileCategory::from(SURNAME), FileKind::from(SURNAME)));
    captured.show(&serde_json::from_str::<FileType>(&format!("\"{SURNAME}\"")).unwrap());
    captured.show(&(
        AllowedExpiration::valid_for_at_least_days(30),
        Tasks::DocumentScan,
    ));
}

/// What the sandbox shows of the same scan to whoever tests with it.
async fn emulated(sandbox: &Sandbox, captured: &Captured) {
    let cm = sandbox.cm();
    captured.show(&cm);
    captured.show(cm.id_scan());
    let transactions = cm.id_scan().transactions();
    captured.show(&transactions);
    let tasks = transactions.first().unwrap().tasks().to_vec();
    captured.show::<Vec<CmIdScanTask>>(&tasks);
    let nowhere = cm.id_scan().play("https://e.example/", CmIdScanOutcome::Blurred);
    captured.show::<CmIdScanPlayError>(&nowhere.unwrap_err());
    captured.show(&(
        CmIdScanOutcome::Blurred,
        SURNAME.parse::<CmIdScanOutcome>().unwrap_err(),
    ));
    let deliveries = cm.id_scan().deliveries();
    let first = deliveries.first().unwrap();
    let state: DeliveryState = first.state();
    captured.show(&(&deliveries, state));
    captured.show::<&[DeliveryAttempt]>(&first.attempts());

    // The same host has Mobile Identity, with the same key; any route will do to reach it.
    let beside = Client::builder(cm.key_id(), cm.secret())
        .base_url(cm.mobile_identity_url().as_str())
        .dangerously_allow_plain_http(true)
        .build()
        .unwrap();
    let number = serde_json::json!({"phoneNumber": "+447700900176", "callbackUrl": WEBHOOK});
    let create = beside.request(Method::POST, ["number-verify"]).json(&number);
    captured.show(&create.await.unwrap());
    captured.show(cm.mobile_identity());
    captured.show::<Vec<CmNumberVerify>>(&cm.mobile_identity().number_verifies());
    captured.show(&(CmNumberVerifyOutcome::Match, CmRateLimit::Off));
}
