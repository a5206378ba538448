//! The Core API: a transaction from its creation, through the webhook that tells of it, to `APPROVED`, and a
//! review that takes it back.

use verikit::caf::core_api::CoreNotification;
use verikit::caf::transactions::{
    Attributes, FileType, ManualReprovalCode, TemplateId, TransactionFile, TransactionStatus,
};
use verikit::caf::{CalendarDate, Client, Cpf};
use verikit_sandbox::{CafReview, Sandbox};

use crate::story::{Outcome, Step, expect, headline};

const WEBHOOK: &str = "https://app.example.net/caf/9f2c7d";

pub(crate) async fn core(client: &Client, sandbox: &Sandbox) -> Outcome {
    headline("CAF, Core: a transaction from its creation to its approval");
    let transactions = client.core().transactions();
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let template = TemplateId::new("64b0c0ffee0000000000aaaa").map_err(|error| told(&error))?;
    let attributes = Attributes::new()
        .cpf(Cpf::parse("123.456.789-09").map_err(|error| told(&error))?)
        .name("Ana Teste")
        .birth_date(CalendarDate::parse("01/02/1990").map_err(|error| told(&error))?);
    let image = |file_type, name: &str| {
        TransactionFile::at_url(file_type, format!("https://img.example.com/{name}.jpg"))
    };
    let create = transactions
        .create(&template)
        .file(image(FileType::Selfie, "selfie"))
        .file(image(FileType::Front, "cnh"))
        .attributes(attributes)
        .metadata("orderId", "A-17")
        .callback_url(WEBHOOK);
    let (step, created) = Step::run("create", create).await?;
    step.tell(&format!("transaction {}", created.id.as_str()));

    let notification = last_notification(sandbox).await?;
    let get = transactions
        .get_notified(&notification)
        .map_err(|error| told(&error))?;
    let (step, transaction) = Step::run("read", get).await?;
    expect("the transaction that was told of", transaction.id == created.id)?;
    expect("an approval", transaction.is_approved())?;
    step.tell("the webhook said what to read; what was read says APPROVED");

    let forged = format!(
        r#"{{"type":"status_updated","uuid":"{}","status":"APPROVED"}}"#,
        created.id.as_str()
    );
    let review = CafReview::Reproved {
        code: String::from(ManualReprovalCode::SelfieNotSimilar.as_str()),
    };
    sandbox
        .caf()
        .account()
        .review(created.id.as_str(), &review)
        .ok_or("no such transaction")?;
    let notification = CoreNotification::read(forged).map_err(|error| told(&error))?;
    let get = transactions
        .get_notified(&notification)
        .map_err(|error| told(&error))?;
    let (step, transaction) = Step::run("read again", get).await?;
    expect(
        "no approval, whatever the webhook was told",
        transaction.status == TransactionStatus::Reproved && !transaction.is_approved(),
    )?;
    let reasons = transaction.manual_reproval_reasons.as_deref().unwrap_or_default();
    let similar = |code: &Option<ManualReprovalCode>| *code == Some(ManualReprovalCode::SelfieNotSimilar);
    expect("why", reasons.iter().any(|reason| similar(&reason.code)))?;
    step.tell("a review took it back, and a forged webhook that says APPROVED changes nothing");

    let front = image(FileType::Front, "new_cnh").mime_type("image/jpeg");
    let (step, document) = Step::run("read a document", transactions.ocr_sync([front])).await?;
    expect("a name", document.value("nome").is_some())?;
    let words = document
        .document_type
        .as_ref()
        .map_or("nothing", |found| found.as_str());
    step.tell(&format!("OCR found a {words} with a name and a date of birth"));

    let (step, page) = Step::run("list", transactions.list().template(&template).limit(5)).await?;
    expect(
        "the transaction in the list",
        page.items.iter().any(|item| item.id == created.id),
    )?;
    step.tell(&format!("{} of this template", page.items.len()));
    Ok(())
}

/// What the webhook was told last.
async fn last_notification(sandbox: &Sandbox) -> Outcome<CoreNotification> {
    sandbox.caf().webhooks_settled().await;
    let deliveries = sandbox.caf().webhooks();
    let ours = deliveries
        .iter()
        .rfind(|delivery| delivery.url().as_str() == WEBHOOK);
    let delivery = ours.ok_or("the webhook was not told")?;
    let notification = CoreNotification::read(delivery.body().clone()).map_err(|error| error.to_string())?;
    Ok(notification.into_inner())
}
