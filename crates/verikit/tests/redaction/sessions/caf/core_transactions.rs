//! The Core API's transactions and document reading.

use std::sync::Arc;
use std::time::Duration;

use caf::core_api::{
    CoreNotification, CoreNotificationType, ForcedDocumentType, ListOrder, NotificationSubject,
};
use caf::transactions::{
    Attributes, Confidence, DocumentLivenessIndicatorId, DocumentType, FileType, ManualReprovalCode,
    OnboardingId, ReasonCategory, RuleStatus, StatusChangeType, TemplateId, Transaction, TransactionFile,
    TransactionId, TransactionStatus, ValidationRule,
};
use caf::{Attempt, CalendarDate, Client, Config, Cpf, RequestId, RetryPolicy};
use http::{HeaderValue, Method, StatusCode};
use verikit_sandbox::{CafReview, CafTransaction, Sandbox, ScriptedAnswer};

use crate::capture::Captured;
use crate::needles::Needle;

const CPF: &str = "31415926590";
const NAME: &str = "Zuleica Needleman";
const RG: &str = "55.444.333-2";
const EMAIL: &str = "zuleica@needle.example";
const IMAGE: &str = "https://img.example.com/z-selfie-88.jpg?signature=s1gn4ture";
const HOOK: &str = "https://caf-hooks.example.org/unguessable-77";
const REFERENCE_TOKEN: &str = "eyJ.s3ss10n-t0ken.x";
const METADATA: &str = "order-of-zuleica";
const ID: &str = "64b0c0ffee0000000000bbbb";

pub(crate) fn needles(sandbox: &Sandbox) -> Vec<Needle> {
    vec![
        Needle::new("CAF Core token", sandbox.caf().core_token()),
        Needle::new("CPF", CPF),
        Needle::new("name", NAME),
        Needle::new("RG", RG),
        Needle::new("e-mail address", EMAIL),
        Needle::new("image", "z-selfie-88"),
        Needle::new("image's signature", "s1gn4ture"),
        Needle::new("webhook's host", "caf-hooks.example.org"),
        Needle::new("webhook's path", "unguessable-77"),
        Needle::new("reference token", "s3ss10n-t0ken"),
        Needle::new("metadata", METADATA),
    ]
}

pub(crate) async fn over_plain_http(sandbox: &Sandbox, captured: &Captured) -> Vec<(&'static str, String)> {
    let observed = captured.clone();
    let config: Config = Client::builder()
        .core_token(sandbox.caf().core_token())
        .core_base_url(sandbox.caf().core_url().as_str())
        .dangerously_allow_plain_http(true)
        .observer(Arc::new(move |attempt: &Attempt| observed.show(attempt)))
        .retry(RetryPolicy::default().base(Duration::from_millis(1)));
    captured.show(&config);
    let client = config.build().unwrap();
    captured.show(&(&client, client.core(), client.core().transactions()));
    transaction(sandbox, &client, captured).await;
    document(&client, captured).await;
    refusals(sandbox, &client, captured).await;
    hostile_answers(sandbox, &client, captured).await;
    bad_input(&client, captured).await;
    notifications(&client, captured);
    words(captured);
    Vec::new()
}

fn template() -> TemplateId {
    TemplateId::new("64b0c0ffee0000000000aaaa").unwrap()
}

fn id() -> TransactionId {
    TransactionId::new(ID).unwrap()
}

/// A transaction, as it should go, and a review that changes it.
async fn transaction(sandbox: &Sandbox, client: &Client, captured: &Captured) {
    let transactions = client.core().transactions();
    let attributes = Attributes::new()
        .cpf(Cpf::parse(CPF).unwrap())
        .name(NAME)
        .rg(RG)
        .email(EMAIL)
        .birth_date(CalendarDate::new(1990, 2, 1).unwrap())
        .extra("another", NAME);
    let file = TransactionFile::at_url(FileType::Selfie, IMAGE).mime_type("image/jpeg");
    captured.show(&(&attributes, &file));
    let create = transactions
        .create(&template())
        .attributes(attributes)
        .file(file)
        .reference_token(REFERENCE_TOKEN)
        .metadata("order", METADATA)
        .callback_url(HOOK)
        .extra("more", NAME);
    captured.show(&create);
    captured.show(&transactions.create_with_services([NAME]));
    captured.add("Display", create.prepare().unwrap());
    let created = create.await.unwrap();
    captured.show(&created);
    let get = transactions.get(&created.id).language("pt");
    captured.show(&get);
    captured.show(&get.send_with_metadata().await.unwrap());
    let wait = transactions.until_final(&created.id);
    captured.show(&wait);
    let transaction = wait.await.unwrap();
    captured.show(&transaction);
    captured.show(transaction.sections.as_ref().unwrap());
    let sections = transaction.sections.clone().unwrap();
    captured.show(&sections.document_liveness().unwrap());
    let review = CafReview::Reproved {
        code: String::from("91"),
    };
    let account = sandbox.caf().account();
    captured.show::<Option<CafTransaction>>(&account.review(created.id.as_str(), &review));
    captured.show(&review);
    captured.show(&(sandbox.caf(), account));
    captured.show(&transactions.get(&created.id).await.unwrap());
    let list = transactions
        .list()
        .template(&template())
        .order(ListOrder::Descending)
        .created_from(CalendarDate::new(2001, 2, 3).unwrap());
    captured.show(&list);
    captured.show(&list.send_with_metadata().await.unwrap());
    sandbox.caf().webhooks_settled().await;
    for delivery in sandbox.caf().webhooks() {
        captured.show(&delivery);
        captured.show(&CoreNotification::read(delivery.body().clone()).unwrap());
    }
}

async fn document(client: &Client, captured: &Captured) {
    let front = TransactionFile::at_url(FileType::Front, IMAGE);
    let read = client
        .core()
        .transactions()
        .ocr_sync([front])
        .return_selected_images(true)
        .extra("attributes", serde_json::json!({"name": NAME, "cpf": CPF}));
    captured.show(&read);
    captured.add("Display", read.prepare().unwrap());
    let document = read.await.unwrap();
    assert_eq!(document.value("nome"), Some(NAME));
    captured.show(&document);
    captured.show(&document.date("dataNascimento").unwrap());
}

/// Refusals that repeat what was sent.
async fn refusals(sandbox: &Sandbox, client: &Client, captured: &Captured) {
    let transactions = client.core().transactions();
    let path = |status: StatusCode| {
        let body = format!(r#"{{"requestId":"{NAME}","error":"{CPF}","message":"{EMAIL} {IMAGE} {HOOK}"}}"#);
        ScriptedAnswer::new(status)
            .body(HeaderValue::from_static("application/json"), body)
            .for_path_prefix("/v1/transactions")
    };
    for status in [
        StatusCode::BAD_REQUEST,
        StatusCode::FORBIDDEN,
        StatusCode::BAD_GATEWAY,
    ] {
        sandbox.caf().answer_next(path(status));
        captured.show_failure(transactions.create(&template()).callback_url(HOOK).await);
        sandbox.caf().answer_next(path(status));
        let front = TransactionFile::at_url(FileType::Front, IMAGE);
        captured.show_failure(transactions.ocr_sync([front]).await);
        sandbox.caf().answer_next(path(status));
        let request = client
            .core()
            .request(Method::POST, ["v1", "transactions", CPF, NAME])
            .query("email", EMAIL)
            .json(&serde_json::json!({"name": NAME}));
        captured.show(&request);
        captured.show_failure(request.await.map(|reply| assert!(reply.body().is_empty())));
    }
    assert_eq!(sandbox.caf().waiting_answers(), 0);
    captured.show_failure(transactions.get(&TransactionId::new(CPF).unwrap()).await);
}

/// Answers with private texts where they do not belong.
async fn hostile_answers(sandbox: &Sandbox, client: &Client, captured: &Captured) {
    let transactions = client.core().transactions();
    let scripted = |body: String| {
        let answer = ScriptedAnswer::new(StatusCode::OK)
            .body(HeaderValue::from_static("application/json"), body)
            .for_path_prefix("/v1/transactions");
        sandbox.caf().answer_next(answer);
    };
    let whole = format!(
        r#"{{"id":"{ID}","status":"{NAME}","requestId":"{NAME}","customStatus":"{NAME}","templateId":"{NAME}",
        "onboardingId":"{NAME}","attributes":{{"{CPF}":"{NAME}"}},"createdAt":"{NAME}","type":"{NAME}",
        "images":{{"front":"{IMAGE}","{NAME}":"{NAME}"}},"sections":{{"documentLiveness":{{"data":{{"message":"{NAME}",
        "front":{{"decision":true,"confidence":"{NAME}","indicators":[{{"id":"{NAME}","message":"{NAME}"}}]}}}}}}}},
        "files":[{{"name":"{NAME}","src":"{IMAGE}"}}],"relatedTransactions":{{"a":"{CPF}"}},
        "history":[{{"type":"{NAME}","status":"{NAME}","date":"{NAME}"}}],
        "statusReasons":[{{"category":"{NAME}","resultStatus":"{NAME}","code":"{NAME}","status":"{NAME}",
        "description":"{NAME}","user":"{NAME}","reviewType":"{NAME}"}}],
        "manualReprovalReasons":[{{"code":"{CPF}","reason":"{NAME}"}}],"variables":{{"{NAME}":1}},
        "metadata":{{"order":"{METADATA}"}},"{NAME}":"{CPF}"}}"#
    );
    for body in [
        whole.clone(),
        format!(r#"{{"id":"{CPF}","status":"APPROVED"}}"#),
        format!(r#"{{"id":"{ID}","status":["{NAME}"]}}"#),
        format!("\"{NAME}\""),
    ] {
        scripted(body);
        match transactions.get(&id()).send_with_metadata().await {
            Ok(reply) => {
                captured.show(&reply);
                let sections = reply.value().sections.clone().unwrap();
                show_parts(reply.value(), captured);
                let liveness = sections.document_liveness().unwrap().unwrap();
                let front = liveness.front.as_ref().unwrap();
                captured.show(front);
                captured.show(&front.indicators);
            }
            Err(error) => captured.show_error(&error),
        }
    }
    let broken = whole.replace("\"decision\":true", &format!("\"decision\":\"{NAME}\""));
    scripted(broken);
    let transaction = transactions.get(&id()).await.unwrap();
    captured.show_failure(transaction.sections.clone().unwrap().document_liveness());
    scripted(format!(
        r#"{{"items":[{{"id":"{CPF}","status":"{NAME}","createdAt":"{NAME}","data":{{"cpf":"{CPF}","name":"{NAME}"}}}}],"totalItems":{CPF}}}"#
    ));
    let page = transactions.list().await.unwrap();
    captured.show(&page);
    captured.show(&(&page.items, &page.items[0].data));
    scripted(format!(r#"{{"items":[{{"id":"{CPF}","status":["{NAME}"]}}]}}"#));
    captured.show_failure(transactions.list().await);
    scripted(format!(
        r#"{{"id":"{NAME}","type":"{NAME}","data":{{"{NAME}":"{CPF}"}}}}"#
    ));
    let front = TransactionFile::at_url(FileType::Front, IMAGE);
    captured.show(&transactions.ocr_sync([front]).await.unwrap());
    assert_eq!(sandbox.caf().waiting_answers(), 0);
}

fn show_parts(transaction: &Transaction, captured: &Captured) {
    captured.show(&(
        &transaction.images,
        &transaction.files,
        &transaction.history,
        &transaction.status_reasons,
        &transaction.manual_reproval_reasons,
    ));
}

async fn bad_input(client: &Client, captured: &Captured) {
    let transactions = client.core().transactions();
    let create = || transactions.create(&template());
    captured.show_failure(create().callback_url(format!("http://{NAME}")).await);
    captured.show_failure(
        create()
            .file(TransactionFile::at_url(FileType::Selfie, NAME))
            .await,
    );
    captured.show_failure(create().attributes(Attributes::new().extra("cpf", CPF)).await);
    captured.show_failure(create().metadata("a", NAME).metadata("a", CPF).await);
    captured.show_failure(create().extra("templateId", NAME).await);
    captured.show_failure(transactions.create_with_services([NAME, ""]).await);
    captured.show_failure(transactions.get(&id()).language(format!("{NAME}\n")).await);
    captured.show_failure(transactions.list().limit(11).await);
    captured.show_failure(transactions.ocr_sync([]).extra("a", NAME).await);
    captured.show(&TransactionId::new(format!("{NAME}\n")).unwrap_err());
    captured.show(&CalendarDate::parse(NAME).unwrap_err());
    // Somebody passes a CPF where an identifier belongs.
    captured.show(&(
        TransactionId::new(CPF).unwrap(),
        TemplateId::new(CPF).unwrap(),
        OnboardingId::new(CPF).unwrap(),
        RequestId::new(CPF).unwrap(),
    ));
}

/// What comes from whoever finds the webhook's address.
fn notifications(client: &Client, captured: &Captured) {
    for body in [
        format!(r#"{{"type":"status_updated","uuid":"{CPF}","status":"{NAME}"}}"#),
        format!(r#"{{"type":"{NAME}","report":"{NAME}","onboardingId":"{CPF}"}}"#),
        format!(r#"{{"type":"PF","profileId":"{CPF}","cpf":"{CPF}"}}"#),
        format!(r#"{{"type":"PJ","profileId":"{NAME}"}}"#),
        format!(r#"{{"type":"face_authentication","attemptId":"{NAME}","personId":"{CPF}","isMatch":true}}"#),
    ] {
        let notification = CoreNotification::read(body).unwrap();
        captured.show(&notification);
        captured.show::<NotificationSubject>(&notification.subject);
        if let Err(error) = client.core().transactions().get_notified(&notification) {
            captured.show_error(&error);
        }
    }
    captured.show_failure(CoreNotification::read(NAME));
    captured.show_failure(CoreNotification::read(format!(
        r#"{{"uuid":"{NAME}","uuid":"{CPF}"}}"#
    )));
}

/// Words that somebody put something private in the place of.
fn words(captured: &Captured) {
    captured.show(&(
        TransactionStatus::from(NAME),
        DocumentType::from(NAME),
        FileType::from(NAME),
        ForcedDocumentType::from(NAME),
        ListOrder::from(NAME),
        CoreNotificationType::from(NAME),
    ));
    captured.show(&(
        ReasonCategory::from(NAME),
        RuleStatus::from(NAME),
        ValidationRule::from(NAME),
        ManualReprovalCode::from(CPF),
        StatusChangeType::from(NAME),
        Confidence::from(NAME),
        DocumentLivenessIndicatorId::from(NAME),
    ));
}
