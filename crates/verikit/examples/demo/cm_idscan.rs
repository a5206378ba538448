//! CM.com ID Scan: a document from the page that the user sees to the portrait, with a failed attempt first.

use verikit::Secret;
use verikit::cm_idscan::{
    Client, Concern, Config, DocumentScanSettings, EventType, Field, ScanCode, TaskType, Tasks,
    WebhookSecrets,
};
use verikit_sandbox::{CmIdScanOutcome, Sandbox};

use super::story::{Outcome, Step, environment, expect, headline};

const HEADER: &str = "x-webhook-secret";
const SECRET: &str = "a-long-random-secret";

pub(crate) async fn emulated(sandbox: &Sandbox) -> Outcome {
    let client = Config::from_environment(&environment(sandbox))
        .and_then(Config::build)
        .map_err(|error| error.to_string())?;

    headline("CM.com ID Scan: a passport, at the second attempt");
    scan(&client, sandbox).await
}

async fn scan(client: &Client, sandbox: &Sandbox) -> Outcome {
    let add = client
        .webhooks()
        .create("https://app.example.net/idscan")
        .events([EventType::TransactionStateUpdated])
        .header(HEADER, SECRET);
    let (step, webhook) = Step::run("add a webhook", add).await?;
    step.tell(&format!("webhook {}", webhook.id.as_str()));

    let create = client
        .transactions()
        .create(Tasks::DocumentScan)
        .document_scan(DocumentScanSettings::new().minimum_age(18));
    let (step, transaction) = Step::run("create", create).await?;
    step.tell(&format!(
        "transaction {}, {}",
        transaction.id.as_str(),
        transaction.state.as_str()
    ));

    let user = sandbox.cm().id_scan();
    let url = transaction.url.expose();
    user.play(url, CmIdScanOutcome::Blurred)
        .map_err(|error| error.to_string())?;
    let (step, pending) = Step::run("read", client.transactions().get(&transaction.id)).await?;
    let code = pending
        .task(&TaskType::DocumentScan)
        .and_then(|task| task.document_scans.as_ref()?.last()?.code.clone());
    expect(
        "a front that was not recognised",
        code == Some(ScanCode::UnknownTypeFront),
    )?;
    expect("an attempt that is not charged", pending.invoiced() == Some(0))?;
    step.tell("the first photo was blurred: not charged");

    user.play(url, CmIdScanOutcome::GoodPassport)
        .map_err(|error| error.to_string())?;
    let secrets = WebhookSecrets::new(HEADER, [Secret::new(SECRET)]).map_err(|error| error.to_string())?;
    let deliveries = user.deliveries();
    let notified = deliveries.last().ok_or("nobody was notified")?;
    let stranger = http::HeaderMap::new();
    expect(
        "a notification without the secret to be refused",
        secrets
            .read(&stranger, notified.body().clone())
            .is_err_and(|error| error.is_auth()),
    )?;
    let notification = secrets
        .read(notified.headers(), notified.body().clone())
        .map_err(|error| error.to_string())?;
    let about = notification
        .transaction
        .as_ref()
        .ok_or("a notification of nothing")?;
    expect("a notification of this transaction", about.id == transaction.id)?;
    let result_id = about
        .result_id
        .as_ref()
        .ok_or("a notification without a result")?;

    let (step, result) = Step::run(
        "read the result",
        client.transactions().result(&transaction.id, result_id),
    )
    .await?;
    let concerns = result.concerns(Tasks::DocumentScan, 0.5);
    expect(
        "nothing that speaks against the document",
        concerns.iter().all(Concern::is_unchecked),
    )?;
    expect("a surname", result.value(&Field::Surname).is_some())?;
    step.tell(&format!(
        "nothing speaks against the document; {} things were not checked",
        concerns.len()
    ));

    let portrait = result
        .portrait()
        .and_then(|file| file.url.as_ref())
        .ok_or("no portrait")?;
    let (step, portrait) = Step::run("download", client.downloads().bytes(portrait)).await?;
    expect("an image", !portrait.bytes.is_empty())?;
    step.tell(&format!(
        "the portrait: {} bytes of {}",
        portrait.bytes.len(),
        portrait.content_type.as_deref().unwrap_or("what nobody says")
    ));

    let (step, ended) = Step::run("count", client.transactions().get(&transaction.id)).await?;
    expect("one charge for two attempts", ended.invoiced() == Some(1))?;
    step.tell("two attempts, one of them charged");
    Ok(())
}
