//! IDlayr: PhoneCheck in both versions, with all three outcomes.

#[path = "../../../idlayr/examples/phone_check_server.rs"]
mod phone_check_server;

use std::io::BufRead as _;

use bytes::Bytes;
use serde_json::{Value, json};
use verikit::idlayr::{
    CheckStatus, Client, Config, CreatedPhoneCheck, DeviceReturn, Outcome as DeviceOutcome, PhoneCheck,
};
use verikit::transport::{BundledTransport, Transport as _};
use verikit::{Environment, PhoneNumber, Secret};
use verikit_sandbox::Sandbox;

use super::story::{Outcome, Step, expect, headline};

/// The sandbox decides by the number's last digits, as the vendor's own does.
const STORIES: [(&str, &str, Ending); 3] = [
    ("a number that belongs to the SIM", "+447700900042", Ending::Match),
    ("a number that does not", "+447700900041", Ending::Mismatch),
    ("an operator that fails", "+447700900099", Ending::OperatorError),
];

#[derive(Clone, Copy, PartialEq)]
enum Ending {
    Match,
    Mismatch,
    OperatorError,
}

pub(crate) async fn emulated(sandbox: &Sandbox) -> Outcome {
    let exports = sandbox.exports();
    let environment = Environment::new(move |name| {
        exports
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    });
    let client = Config::from_environment(&environment)
        .and_then(Config::build)
        .map_err(|error| error.to_string())?;

    headline("IDlayr: the access token");
    let (step, _) = Step::run("fetch", client.tokens().access_token()).await?;
    step.tell("one request; every call below shares it");

    for (what, number, ending) in STORIES {
        headline(&format!("IDlayr PhoneCheck v0.2: {what}"));
        with_code(&client, sandbox, number, ending).await?;
    }
    for (what, number, ending) in STORIES {
        headline(&format!("IDlayr PhoneCheck v0.1: {what}"));
        without_code(&client, sandbox, number, ending).await?;
    }
    headline("An app, its server and IDlayr (crates/idlayr/examples/phone_check_server.rs)");
    through_a_server(client, sandbox).await
}

async fn with_code(client: &Client, sandbox: &Sandbox, number: &str, ending: Ending) -> Outcome {
    let number = PhoneNumber::parse(number).map_err(|error| error.to_string())?;
    let (step, check) = Step::run(
        "create",
        client.phone_checks().create(number).reference_id("demo"),
    )
    .await?;
    step.tell(&format!("check {}, {}", check.check_id, check.status.as_str()));
    let (step, device) = Step::run("device", sandbox.device().follow(check.check_url.as_str())).await?;
    let hops = device.hops().len();
    let returned = DeviceReturn::from_json(device.body()).map_err(|error| error.to_string())?;
    expect(
        "the device to bring back its own check",
        returned.check_id == check.check_id,
    )?;
    let code = match (&returned.outcome, ending) {
        (DeviceOutcome::Error { error, .. }, Ending::OperatorError) => {
            step.tell(&format!(
                "{hops} hops over mobile data, brought back the error {error}"
            ));
            let (step, check) = Step::run("read", client.phone_checks().get(&check.check_id)).await?;
            step.tell(&described(&check));
            return ended(&check, ending);
        }
        (DeviceOutcome::Code(code), Ending::Match | Ending::Mismatch) => code,
        (other, _) => return Err(format!("the device brought back {other:?}")),
    };
    step.tell(&format!("{hops} hops over mobile data, brought back a code"));
    let (step, check) = Step::run("complete", client.phone_checks().complete(&check.check_id, code)).await?;
    step.tell(&described(&check));
    ended(&check, ending)
}

async fn without_code(client: &Client, sandbox: &Sandbox, number: &str, ending: Ending) -> Outcome {
    let number = PhoneNumber::parse(number).map_err(|error| error.to_string())?;
    let (step, check) = Step::run(
        "create",
        client.phone_checks_v0_1().create(number).reference_id("demo"),
    )
    .await?;
    step.tell(&format!("check {}, {}", check.check_id, check.status.as_str()));
    let (step, device) = Step::run("device", sandbox.device().follow(check.check_url.as_str())).await?;
    step.tell(&format!("{} hops over mobile data", device.hops().len()));
    let (step, check) = Step::run("wait", client.phone_checks_v0_1().until_final(&check)).await?;
    step.tell(&described(&check));
    ended(&check, ending)
}

fn described(check: &PhoneCheck) -> String {
    let verdict = match check.verdict() {
        Some(true) => "match",
        Some(false) => "no match",
        None => "no result",
    };
    let reason = check
        .error_code
        .as_ref()
        .map_or(String::new(), |code| format!(" ({})", code.as_str()));
    format!("{}: {verdict}{reason}", check.status.as_str())
}

fn ended(check: &PhoneCheck, ending: Ending) -> Outcome {
    match ending {
        Ending::Match => expect("a match", check.is_match()),
        Ending::Mismatch => expect(
            "a completed check without a match",
            check.verdict() == Some(false),
        ),
        Ending::OperatorError => {
            expect(
                "the status ERROR and no verdict",
                check.status == CheckStatus::Error && check.verdict().is_none(),
            )?;
            expect(
                "a documented error code",
                check.error_code.as_ref().is_some_and(|code| !code.is_unknown()),
            )
        }
    }
}

/// The app's side, over real HTTP: what a phone would send to its own server.
async fn through_a_server(client: Client, sandbox: &Sandbox) -> Outcome {
    let router = phone_check_server::router(client, [Secret::new("anna"), Secret::new("ben")]);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let app = App {
        transport: BundledTransport::builder()
            .dangerously_allow_plain_http(true)
            .build()
            .map_err(|error| error.to_string())?,
        server: format!("http://{address}"),
    };

    let number = json!({ "phone_number": "+44 7700 900042" });
    let (status, _) = app.post("/v0.2/checks", "nobody", &number).await?;
    expect("a request without a session to be refused", status == 401)?;
    let (step, (status, begun)) = Step::run("app begins", app.post("/v0.2/checks", "anna", &number)).await?;
    expect("the check to begin", status == 200)?;
    let text = |name: &str| {
        begun
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    step.tell("its server creates a check and hands back the URL");
    let (step, device) = Step::run("device", sandbox.device().follow(text("check_url"))).await?;
    step.tell("opens it over mobile data");
    let code = json!({ "code": device.code().ok_or("the device brought back no code")? });
    let route = format!("/v0.2/checks/{}/complete", text("check_id"));
    let (status, _) = app.post(&route, "ben", &code).await?;
    expect("somebody else's session to be refused", status == 404)?;
    let (step, (status, result)) = Step::run("app completes", app.post(&route, "anna", &code)).await?;
    expect(
        "a match",
        status == 200 && result.get("match") == Some(&Value::Bool(true)),
    )?;
    step.tell("a match; somebody else's session was refused");
    server.abort();
    Ok(())
}

struct App {
    transport: BundledTransport,
    server: String,
}

impl App {
    async fn post(&self, path: &str, session: &str, body: &Value) -> Outcome<(u16, Value)> {
        let request = http::Request::post(format!("{}{path}", self.server))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {session}"))
            .body(Bytes::from(body.to_string()))
            .map_err(|error| error.to_string())?;
        let response = self
            .transport
            .send(request)
            .await
            .map_err(|error| error.to_string())?;
        let status = response.status().as_u16();
        let body = response
            .into_body()
            .read(64 * 1024)
            .await
            .map_err(|error| error.to_string())?;
        Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
    }
}

/// With real credentials, a real phone and a person who holds it.
pub(crate) async fn live() -> Outcome {
    let client = Client::from_env().map_err(|error| error.to_string())?;
    let number = ask(
        "The phone's number, with its country code (a check that is completed is billed, and there are two):",
    )?;
    let number = PhoneNumber::parse(&number).map_err(|error| error.to_string())?;

    headline("IDlayr: the access token");
    let (step, _) = Step::run("fetch", client.tokens().access_token()).await?;
    step.tell("the credentials are good");

    headline("IDlayr PhoneCheck v0.2");
    let (step, check) = Step::run("create", client.phone_checks().create(number.clone())).await?;
    step.tell(&format!("check {}, {}", check.check_id, check.status.as_str()));
    show_to_phone(&check);
    let brought = ask("Paste what the phone shows at the end (JSON), or the URL that it was sent to:")?;
    let returned = if brought.starts_with('{') {
        DeviceReturn::from_json(brought.as_bytes())
    } else {
        DeviceReturn::from_url(&brought)
    };
    let returned = returned.map_err(|error| error.to_string())?;
    expect(
        "the phone to bring back its own check",
        returned.check_id == check.check_id,
    )?;
    let (step, check) = match &returned.outcome {
        DeviceOutcome::Code(code) => {
            Step::run("complete", client.phone_checks().complete(&check.check_id, code)).await?
        }
        _ => Step::run("wait", client.phone_checks().until_final(&check)).await?,
    };
    step.tell(&described(&check));
    expect("a check that has come to its end", check.status.is_final())?;

    headline("IDlayr PhoneCheck v0.1");
    let (step, check) = Step::run("create", client.phone_checks_v0_1().create(number)).await?;
    step.tell(&format!("check {}, {}", check.check_id, check.status.as_str()));
    show_to_phone(&check);
    let (step, check) = Step::run("wait", client.phone_checks_v0_1().until_final(&check)).await?;
    step.tell(&described(&check));
    expect("a check that has come to its end", check.status.is_final())
}

fn show_to_phone(check: &CreatedPhoneCheck) {
    println!(
        "\n  Switch Wi-Fi off and open this on the phone:\n\n  {}\n",
        check.check_url.as_str()
    );
}

fn ask(question: &str) -> Outcome<String> {
    println!("{question}");
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| error.to_string())?;
    Ok(line.trim().to_owned())
}
