//! A callback that is the platform's, and one that somebody changed on its way.

use http::{Method, Request};
use url::Position;
use verikit::idlayr::{Callback, Callbacks, Client, DeviceReturn, Outcome as DeviceOutcome};
use verikit::{ErrorKind, PhoneNumber};
use verikit_sandbox::{IdlayrForgery, Sandbox};

use crate::story::{Outcome, Step, expect, headline};

const HOST: &str = "app.example.net";
/// The sandbox sends nothing to other machines: the story carries it to the verifier.
const CALLBACK_URL: &str = "https://app.example.net/idlayr/callback";

pub(super) async fn emulated(client: &Client, sandbox: &Sandbox) -> Outcome {
    headline("IDlayr: a callback tells the result, and a tampered one is refused");
    let (step, keys) = Step::run("keys", client.signing_keys()).await?;
    expect("a published key", !keys.is_empty())?;
    step.tell("the published keys, without a token; the sandbox made its RSA key just now");
    let number = PhoneNumber::parse("+447700900041").map_err(|error| error.to_string())?;
    let create = client.phone_checks().create(number).callback_url(CALLBACK_URL);
    let (step, check) = Step::run("create", create).await?;
    step.tell("with a callback URL");
    let (step, device) = Step::run("device", sandbox.device().follow(check.check_url.expose())).await?;
    let returned = DeviceReturn::from_json(device.body()).map_err(|error| error.to_string())?;
    let DeviceOutcome::Code(code) = &returned.outcome else {
        return Err(format!("the device brought back {:?}", returned.outcome));
    };
    step.tell("brought back a code");
    let (step, result) = Step::run("complete", client.phone_checks().complete(&check.check_id, code)).await?;
    expect(
        "a completed check without a match",
        result.verdict() == Some(false),
    )?;
    step.tell("no match");

    let callbacks = client.callbacks(HOST).map_err(|error| error.to_string())?;
    let (step, callback) = Step::run("verify", newest(&callbacks, sandbox)).await?;
    expect(
        "the check's own result",
        callback.check.check_id == check.check_id && callback.check.verdict() == Some(false),
    )?;
    step.tell("signed by a published key, over this very body: no match");

    expect(
        "a forgery to be sent",
        sandbox
            .idlayr()
            .send_callback(check.check_id.as_str(), Some(IdlayrForgery::TamperedBody)),
    )?;
    let tampered = async {
        match newest(&callbacks, sandbox).await {
            Ok(_) => Err(String::from("a tampered callback was believed")),
            Err(error) => Ok(error),
        }
    };
    let (step, error) = Step::run("verify", tampered).await?;
    expect("an error of its own kind", error.kind() == ErrorKind::Signature)?;
    step.tell("the body was changed to say 'match', with the old signature: refused, nothing of it is read");
    Ok(())
}

/// Verifies the newest callback, as a server does with what it received.
async fn newest(callbacks: &Callbacks, sandbox: &Sandbox) -> verikit::Result<Callback> {
    let sent = sandbox.idlayr().callbacks().pop();
    let missing = || verikit::Error::new(ErrorKind::InvalidInput, "no callback was sent");
    let sent = sent.ok_or_else(missing)?;
    let target = &sent.url()[Position::BeforePath..Position::AfterQuery];
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(target)
        .body(())
        .map_err(|_| missing())?;
    *request.headers_mut() = sent.headers().clone();
    let (head, ()) = request.into_parts();
    callbacks.verify(&head, sent.body().clone()).await
}
