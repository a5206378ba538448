//! CAF: the Mobile, Core, Connect and Global APIs, and the SDKs' session tokens. Each family has hosts and
//! credentials of its own (contract caf, 1).

mod account;
mod body;
mod builder;
mod connect;
mod control;
mod core;
mod core_faces;
mod error;
mod gate;
mod global;
mod handle;
mod hmac;
mod image;
mod jwt;
mod mobile;
mod mobile_key;
mod request_id;
mod sdk;
mod state;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;

pub use account::{CafAccount, CafForgery, CafOnboarding, CafOnboardingOutcome, CafReview, CafTransaction};
pub use core_faces::{CafCoreFaces, CafFaceAttempt};
pub use global::{CafGlobal, CafGlobalStatus, CafGlobalTransaction};
pub use handle::CafSandbox;
pub use mobile::{CafMobile, CafMobileAttempt, CafSpoiledResponse};
pub use mobile_key::{CafMobileKey, CafMobileProduct};
pub use sdk::CafSdkSession;
pub(crate) use state::Settings;

use crate::assembly::Assembly;
use crate::sandbox::SandboxError;
use crate::script::Scripts;
use error::ApiError;
use state::{State, Urls};

/// The hosts, in the order of their ports (contract caf, 1).
const MOBILE_HOST: &str = "api.mobile.combateafraude.com";
const SDK_HOST: &str = "web.us.prd.caf.io";
const CORE_HOST: &str = "api.combateafraude.com";
const CONNECT_HOST: &str = "api.us.prd.caf.io";
const MTLS_HOST: &str = "mtls.us.prd.caf.io";
const GLOBAL_HOST: &str = "api.public.caf.io";
const CPF_SYNC_HOST: &str = "api.sa.prd.combateafraude.com";

/// "10 MB", as was once published (contract caf, 1).
const BODY_LIMIT: usize = 10_000_000;

/// Sets the emulated CAF up.
pub(crate) async fn assemble(
    settings: Settings,
    assembly: &mut Assembly,
) -> Result<CafSandbox, SandboxError> {
    let mobile = assembly.bind(MOBILE_HOST).await?;
    let sdk = assembly.bind(SDK_HOST).await?;
    let core = assembly.bind(CORE_HOST).await?;
    let connect = assembly.bind(CONNECT_HOST).await?;
    let mtls = assembly.bind(MTLS_HOST).await?;
    let global = assembly.bind(GLOBAL_HOST).await?;
    let cpf_sync = assembly.bind(CPF_SYNC_HOST).await?;
    let urls = Urls {
        mobile: mobile.url().clone(),
        sdk: sdk.url().clone(),
        core: core.url().clone(),
        connect: connect.url().clone(),
        mtls: mtls.url().clone(),
        global: {
            let mut url = global.url().clone();
            url.set_path("/v1");
            url
        },
        cpf_sync: cpf_sync.url().clone(),
    };
    let state = Arc::new(State::new(settings, assembly, urls)?);
    let scripts = Arc::new(Scripts::default());
    for (bound, routes) in [
        (mobile, mobile::router(&state)),
        (sdk, sdk::router(&state)),
        (core, core::router(&state).merge(core_faces::router(&state))),
        (connect, connect::router(&state)),
        // Plain http like the rest: the certificate is the transport's business, and the API is the same.
        (mtls, connect::router(&state)),
        (global, global::router(&state)),
        (cpf_sync, global::cpf_sync_router(&state)),
    ] {
        assembly.serve_scripted(bound, host_router(routes, &state), &scripts);
    }
    Ok(CafSandbox::new(state, scripts))
}

/// What every host has around its routes.
fn host_router(routes: Router, state: &Arc<State>) -> Router {
    routes
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(from_fn_with_state(Arc::clone(state), request_id::identified))
}

async fn not_found() -> ApiError {
    ApiError::not_found("There is no such resource.")
}

async fn method_not_allowed() -> ApiError {
    ApiError::method_not_allowed()
}
