//! The Mobile API: a token for an app, a face registered and authenticated, and a signed answer that was
//! tampered with.

use verikit::ErrorKind;
use verikit::caf::mobile_api::MobileRefusal;
use verikit::caf::{Client, Cpf};
use verikit_sandbox::{CafSpoiledResponse, Sandbox};

use crate::story::{Outcome, Step, expect, headline};

const REGISTERED: &str = "https://img.example.com/ana.jpg";
const SAME_FACE: &str = "https://img.example.com/ana-2.jpg";
const OTHER_FACE: &str = "https://img.example.com/bruno.jpg";

pub(crate) async fn mobile(client: &Client, sandbox: &Sandbox) -> Outcome {
    let caf = sandbox.caf();
    headline("CAF Mobile: a face is registered and authenticated");
    let person = Cpf::parse_strictly("123.456.789-09").map_err(|error| error.to_string())?;
    let other = Cpf::parse_strictly("314.159.265-90").map_err(|error| error.to_string())?;

    let issue = async { client.mobile().tokens().for_person(&person).issue() };
    let (step, token) = Step::run("token", issue).await?;
    expect("five minutes", token.lifetime.as_secs() == 300)?;
    step.tell("signed here for one person's app, for 5 minutes; nothing was sent");

    let create = client.mobile().sdk_sessions().create().for_person(&person);
    let (step, session) = Step::run("sdk session", create).await?;
    expect("a session token", !session.session_token.is_empty())?;
    step.tell("a session token for the SDK");

    let faces = client.mobile().faces();
    let (step, _) = Step::run("register", faces.register(&person, REGISTERED)).await?;
    expect("a face", caf.mobile().registered_faces() == 1)?;
    step.tell("the face of the person is on record");

    let (step, same) = Step::run("authenticate", faces.authenticate(&person, SAME_FACE)).await?;
    expect("a match", same.is_match)?;
    step.tell("the same face: a match");

    let signed = faces.authenticate(&person, OTHER_FACE).signed();
    let (step, different) = Step::run("signed", signed).await?;
    expect("no match", !different.is_match)?;
    step.tell("another face: no match, and the answer's signature fits");

    let asked = refusal(faces.authenticate(&other, SAME_FACE));
    let (step, error) = Step::run("somebody else", asked).await?;
    let no_face = MobileRefusal::of(&error) == Some(MobileRefusal::NoFaceRegistered);
    expect("that no face is registered", no_face)?;
    step.tell("nobody registered a face for this CPF: an error, not a 'no match'");

    // The last answer said "no match". Somebody on the way makes it a match.
    caf.mobile()
        .spoil_next_signed_response(CafSpoiledResponse::Tampered);
    let asked = refusal(faces.authenticate(&person, OTHER_FACE).signed());
    let (step, error) = Step::run("tampered", asked).await?;
    expect("a refused signature", error.kind() == ErrorKind::Signature)?;
    step.tell("'no match' was changed to 'match': the signature is wrong, nothing of it is read");
    Ok(())
}

/// The error that a call has to end with.
async fn refusal<T>(call: impl IntoFuture<Output = verikit::Result<T>>) -> Result<verikit::Error, String> {
    match call.await {
        Ok(_) => Err(String::from("it was answered")),
        Err(error) => Ok(error),
    }
}
