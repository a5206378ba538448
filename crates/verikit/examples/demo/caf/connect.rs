//! The Connect API: a file, its transaction, and the webhook that CAF signs, once as it should be and three
//! times wrong on purpose.

use verikit::caf::connect_api::ConnectWebhookKeys;
use verikit::caf::transactions::{Attributes, FileType, TemplateId, TransactionFile};
use verikit::caf::{Client, Cpf, Secret};
use verikit_sandbox::{CafForgery, CafSandbox, Sandbox};

use crate::story::{Outcome, Step, expect, headline};

const WEBHOOK: &str = "https://app.example.net/caf/connect";

pub(crate) async fn connect(client: &Client, sandbox: &Sandbox) -> Outcome {
    headline("CAF, Connect: a webhook that is verified before it is read");
    let account = sandbox.caf().account();
    let webhook = WEBHOOK.parse().map_err(|_| "the webhook's URL is none")?;
    account.set_connect_webhook_url(Some(webhook));
    let told = tell(client, sandbox).await;
    account.set_connect_webhook_url(None);
    told
}

async fn tell(client: &Client, sandbox: &Sandbox) -> Outcome {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let connect = client.connect();
    let upload = connect.upload_file("selfie.jpg", "image/jpeg", &b"\xff\xd8\xff\xe0 a face"[..]);
    let (step, file) = Step::run("upload", upload).await?;
    step.tell("the picture is in the temporary storage, behind an access token");

    let template = TemplateId::new("64b0c0ffee0000000000aaaa").map_err(|error| told(&error))?;
    let create = connect
        .transactions()
        .create(&template)
        .file(TransactionFile::of_data(FileType::Selfie, file.filename.expose()))
        .attributes(Attributes::new().cpf(Cpf::parse("271.828.182-05").map_err(|error| told(&error))?));
    let (step, created) = Step::run("create", create).await?;
    step.tell(&format!("transaction {}", created.id.as_str()));

    let caf = sandbox.caf();
    let keys = ConnectWebhookKeys::new([Secret::new(caf.webhook_secret())]).map_err(|error| told(&error))?;
    caf.webhooks_settled().await;
    let deliveries = caf.webhooks();
    let ours = |body: &[u8]| {
        let id = created.id.as_str().as_bytes();
        body.windows(id.len()).any(|window| window == id)
    };
    let sent = deliveries
        .iter()
        .find(|sent| sent.url().as_str() == WEBHOOK && ours(sent.body()))
        .ok_or("the webhook was not told")?;
    let (step, event) = Step::run("webhook", async {
        keys.verify(sent.headers(), sent.body().clone())
    })
    .await?;
    let data = event.data.as_ref().ok_or("an event about nothing")?;
    let named = data.transaction_id.as_ref().ok_or("an event about nothing")?;
    expect("the event to be about the transaction", *named == created.id)?;
    step.tell("the signature fits; it names the transaction");
    let (step, transaction) = Step::run("read", connect.transactions().get(named)).await?;
    expect("an approval", transaction.is_approved())?;
    step.tell("APPROVED");

    let refused = async { refuse_forgeries(sandbox.caf(), &keys, event.event_type.as_str()) };
    let (step, ()) = Step::run("forgeries", refused).await?;
    step.tell("another secret, another body, no signature: all refused");
    Ok(())
}

/// CAF says that it sends such events, to see that they are refused.
fn refuse_forgeries(caf: &CafSandbox, keys: &ConnectWebhookKeys, event_type: &str) -> Outcome {
    for forgery in [
        CafForgery::WrongSecret,
        CafForgery::ChangedBody,
        CafForgery::NoSignature,
    ] {
        caf.account().forge_next_connect_event(forgery);
        let id = caf
            .account()
            .send_connect_event(event_type, "TRANSACTION", serde_json::Map::default());
        let deliveries = caf.webhooks();
        let sent = deliveries.iter().find(|sent| Some(sent.id()) == id.as_deref());
        let sent = sent.ok_or("no forged event was sent")?;
        let refused = keys.verify(sent.headers(), sent.body().clone());
        expect(
            "a wrong signature to be refused",
            refused.is_err_and(|error| error.is_signature()),
        )?;
    }
    Ok(())
}
