//! `result/` and `delete/`.

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::result::body;

pub(super) fn result(call: &Call<'_>) -> Result<Answer, Refusal> {
    call.parameters.only(&["session_token"])?;
    let session = call.session()?;
    let shape = call.state.data().result_shape;
    Ok(Answer::json(&body(&session, call.state.clock.now(), shape)))
}

/// The data of the session that is deleted, in the form of the result; the documents do not show it.
pub(super) fn delete(call: &Call<'_>) -> Result<Answer, Refusal> {
    let answer = result(call)?;
    let token = call.parameters.required("session_token")?;
    call.state.data().remove(token).ok_or(Refusal::SessionNotFound)?;
    Ok(answer)
}
