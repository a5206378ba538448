//! The checks and what a server and a device do with them.

mod check;
mod create;
mod kind;
mod lists;
mod outcome;
mod redirect;
mod request;
mod result;
mod traces;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

pub(in crate::idlayr) use check::{Check, Status, View, masked};
pub(in crate::idlayr) use kind::{ALL, Kind, Version};
pub(in crate::idlayr) use redirect::operator_router;
pub(in crate::idlayr) use request::{e164, read};

use super::gate::{Gate, gate};
use super::method_not_allowed;
use super::problem::Problem;
use super::state::{Api, State};

/// All kinds in all their versions.
pub(in crate::idlayr) fn router(state: &Arc<State>) -> Router {
    let mut router = Router::new();
    for kind in ALL {
        for version in kind.versions {
            let api = Api {
                state: Arc::clone(state),
                kind,
                version: *version,
            };
            let path = format!("/{}/{}", kind.path, version.as_str());
            router = router.nest(&path, one_version(api));
        }
    }
    router
}

fn one_version(api: Api) -> Router {
    let gate_of_kind = Gate::new(&api.state, api.kind.path);
    let one: MethodRouter<Api> = match api.version {
        Version::V0_1 => get(result::get),
        Version::V0_2 => get(result::get).patch(result::complete),
    };
    let mut router = Router::new()
        .route("/checks", post(create::create).get(lists::list))
        .route("/checks/{check_id}", one)
        .route("/checks/{check_id}/traces", get(traces::list))
        .route("/checks/{check_id}/traces/{trace_id}", get(traces::get))
        .route_layer(from_fn_with_state(gate_of_kind, gate));
    if api.kind.has_device_step {
        let device = Router::new()
            .route(
                "/checks/{check_id}/redirect",
                get(redirect::open).head(method_not_allowed),
            )
            .route(
                "/checks/{check_id}/redirect/result",
                get(redirect::finish).head(method_not_allowed),
            );
        router = router.merge(device);
    }
    router
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(api)
}

/// For a check that the caller may not know of as for one that does not exist.
pub(in crate::idlayr) fn unknown() -> Problem {
    Problem::check_not_found("There is no such check.")
}
