//! Identomat, signed in both directions: an approval, another person's face, and a deletion.

use http::StatusCode;
use verikit::ErrorKind;
use verikit::identomat::{
    Client, Config, ErrorCode, Flags, Language, MediaKind, Outcome as SessionOutcome, RejectCode,
};
use verikit_sandbox::{IdentomatOutcome, IdentomatSandbox, IdentomatSignature, Sandbox};

use super::story::{Outcome, Step, environment, expect, headline};

pub(crate) async fn emulated(sandbox: &Sandbox) -> Outcome {
    // The environment has a secret key, so every request is signed and every answer has to be.
    let client = Config::from_environment(&environment(sandbox))
        .and_then(Config::build)
        .map_err(|error| error.to_string())?;
    let identomat = sandbox.identomat();
    approval(&client, identomat).await?;
    mismatch(&client, identomat).await?;
    forgery(&client, identomat).await
}

async fn approval(client: &Client, identomat: &IdentomatSandbox) -> Outcome {
    headline("Identomat: an identity is approved, and then deleted");
    let sessions = client.sessions();
    let flags = Flags::new()
        .language(Language::En)
        .liveness(true)
        .return_url("https://app.example.net/done?order=77");
    expect("flags that go together", flags.check(&[]).is_empty())?;
    let (step, session) = Step::run("begin", sessions.begin().flags(flags)).await?;
    step.tell(&format!("the user goes to {}", session.widget_url.origin()));

    let (step, running) = Step::run("read", sessions.result(&session.token)).await?;
    expect("nothing yet", running.result == Some(SessionOutcome::InProgress))?;
    step.tell("the user has not finished");
    expect(
        "the user to go through the widget",
        identomat.finish(session.token.expose(), IdentomatOutcome::Approved),
    )?;
    let (step, result) = Step::run("wait", sessions.until_processed(&session.token)).await?;
    expect("an approval", result.is_approved())?;
    expect("nobody found by screening", !result.has_screening_matches())?;
    expect(
        "a person",
        result
            .person
            .as_ref()
            .is_some_and(|person| person.first_name.is_some()),
    )?;
    step.tell("approved; the answer's signature fits");

    let get = client.media().get(MediaKind::Face, &session.token);
    let (step, face) = Step::run("face", get).await?;
    expect("an image", !face.bytes.is_empty())?;
    step.tell(&format!(
        "{} bytes of {}, verified before they are handed out",
        face.bytes.len(),
        face.content_type.as_deref().unwrap_or("what nobody says")
    ));

    let (step, deleted) = Step::run("delete", sessions.delete(&session.token)).await?;
    expect("the session's data", !deleted.data().is_empty())?;
    step.tell("everything in it is gone");
    let asked = async {
        match sessions.result(&session.token).await {
            Ok(_) => Err(String::from("it is still there")),
            Err(error) => Ok(error),
        }
    };
    let (step, error) = Step::run("read again", asked).await?;
    let is_typed = ErrorCode::of(&error) == Some(ErrorCode::SessionNotFound);
    expect(
        "the typed error, though its status is 200",
        is_typed && error.status() == Some(StatusCode::OK),
    )?;
    step.tell("SESSION_NOT_FOUND, typed, although the status is 200");
    Ok(())
}

async fn mismatch(client: &Client, identomat: &IdentomatSandbox) -> Outcome {
    headline("Identomat: somebody else's face");
    let sessions = client.sessions();
    let begin = sessions.begin().flags(Flags::new().liveness(true));
    let (step, session) = Step::run("begin", begin).await?;
    step.tell("for an iframe: there is no return URL");
    expect(
        "the user to go through the widget",
        identomat.finish(
            session.token.expose(),
            IdentomatOutcome::rejected("face_mismatch"),
        ),
    )?;
    let (step, result) = Step::run("wait", sessions.until_processed(&session.token)).await?;
    expect("no approval", !result.is_approved())?;
    let reason = result
        .reject_reason
        .as_ref()
        .and_then(|reason| reason.value.as_ref());
    expect("the reason", reason == Some(&RejectCode::FaceMismatch))?;
    step.tell("rejected: the face is not that of the document");
    Ok(())
}

async fn forgery(client: &Client, identomat: &IdentomatSandbox) -> Outcome {
    headline("Identomat: somebody answers in the provider's place");
    let sessions = client.sessions();
    let (step, session) = Step::run("begin", sessions.begin()).await?;
    step.tell("a session as the provider has it");
    identomat.spoil_next_signature(IdentomatSignature::Wrong);
    let asked = async {
        match sessions.result(&session.token).await {
            Ok(_) => Err(String::from("an answer with a wrong signature was used")),
            Err(error) => Ok(error),
        }
    };
    let (step, error) = Step::run("read", asked).await?;
    expect("an error of its own kind", error.kind() == ErrorKind::Signature)?;
    step.tell("the answer's signature is wrong: nothing of it is read");
    Ok(())
}
