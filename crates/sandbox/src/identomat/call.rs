//! What every call passes: its parameters are read, its company found, its signature checked, its answer
//! signed.

use std::borrow::Cow;

use axum::extract::{FromRequest, Request};
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use http::header::AUTHORIZATION;

use super::answer::{Answer, Refusal};
use super::company::{IdentomatCompany, IdentomatHmac};
use super::outcome::IdentomatSignature;
use super::parameters::Parameters;
use super::session::Session;
use super::signature::{self, Signed};
use super::state::State;
use crate::calls::Verdict;

/// A call that has passed.
pub(super) struct Call<'a> {
    pub(super) state: &'a State,
    pub(super) company: &'a IdentomatCompany,
    pub(super) parameters: Parameters,
    is_signed: bool,
}

/// What carries a call out.
pub(super) type Operation = fn(&Call<'_>) -> Result<Answer, Refusal>;

impl Call<'_> {
    /// Whether this call's company has a session with this token that is still good.
    pub(super) fn check_session(&self, token: &str) -> Result<(), Refusal> {
        let now = self.state.clock.now();
        let data = self.state.data();
        let session = data
            .session(token)
            .filter(|session| session.company_key == self.company.company_key)
            .ok_or(Refusal::SessionNotFound)?;
        if session.is_invalid(now, self.state.token_lifetime) {
            return Err(Refusal::SessionInvalid);
        }
        Ok(())
    }

    /// The session that the call names.
    pub(super) fn session(&self) -> Result<Session, Refusal> {
        let token = self.parameters.required("session_token")?;
        self.check_session(token)?;
        let data = self.state.data();
        data.session(token).cloned().ok_or(Refusal::SessionNotFound)
    }
}

/// Judges a request and carries it out.
pub(super) async fn answer(state: &State, request: Request, operation: Operation) -> Response {
    let method = request.method().clone();
    let query = request.uri().query().map(str::to_owned);
    let headers = request.headers().clone();
    let body = Bytes::from_request(request, state).await;
    let read = body
        .map_err(|_| Refusal::TooLarge)
        .and_then(|body| Parameters::read(&method, query.as_deref(), &headers, body));
    let (call, verdict) = match read {
        Err(refusal) => (Err(refusal), Cow::Borrowed("not checked")),
        Ok((parameters, signed)) => admitted(state, parameters, &headers, &signed),
    };
    let answered = call.and_then(|call| {
        let answer = operation(&call)?;
        Ok(signed_answer(state, &call, answer))
    });
    let mut response = answered.unwrap_or_else(|refusal| refusal.into_response(state.data().error_status));
    response.extensions_mut().insert(Verdict(verdict));
    response
}

fn admitted<'a>(
    state: &'a State,
    parameters: Parameters,
    headers: &http::HeaderMap,
    signed: &Signed,
) -> (Result<Call<'a>, Refusal>, Cow<'static, str>) {
    let key = parameters.text("company_key").ok().flatten();
    let Some(company) = key.and_then(|key| state.company(key)) else {
        return (
            Err(Refusal::CompanyKeyInvalid),
            Cow::Borrowed("unknown company_key"),
        );
    };
    let refused = |why: &'static str| {
        (
            Err(Refusal::SignatureInvalid),
            Cow::Owned(format!("company_key ok, {why}")),
        )
    };
    let is_signed = match signature::check(headers, &company.secret_key, signed) {
        Err(why) => return refused(why),
        Ok(false) if company.hmac == IdentomatHmac::Required => return refused("no signature"),
        Ok(is_signed) => is_signed,
    };
    let verdict = if is_signed {
        "company_key ok, signature ok"
    } else {
        "company_key ok, not signed"
    };
    let call = Call {
        state,
        company,
        parameters,
        is_signed,
    };
    (Ok(call), Cow::Borrowed(verdict))
}

/// A signed request gets a signed answer: whether others do is not documented.
fn signed_answer(state: &State, call: &Call<'_>, answer: Answer) -> Response {
    if !call.is_signed {
        return answer.into_response(StatusCode::OK);
    }
    let secret = match state.data().next_signature.take() {
        None => Some(Cow::Borrowed(call.company.secret_key.as_str())),
        Some(IdentomatSignature::Wrong) => Some(Cow::Owned(format!("not-{}", call.company.secret_key))),
        Some(IdentomatSignature::Missing) => None,
    };
    let body = Signed::Whole(answer.body.clone());
    let header = secret
        .and_then(|secret| signature::code(&secret, &body))
        .and_then(|code| signature::header(&code));
    let mut response = answer.into_response(StatusCode::OK);
    if let Some(header) = header {
        response.headers_mut().insert(AUTHORIZATION, header);
    }
    response
}
