//! All the emulated providers. A new one is named here, and nowhere else in what starts and shows them.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use serde_json::Value;

use crate::assembly::Assembly;
use crate::caf::{self, CafSandbox};
use crate::cm::{self, CmSandbox};
use crate::identomat::{self, IdentomatSandbox};
use crate::idlayr::{self, IdlayrSandbox};
use crate::sandbox::SandboxError;

/// What the builder decides about each provider.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) idlayr: idlayr::Settings,
    pub(crate) cm: cm::Settings,
    pub(crate) identomat: identomat::Settings,
    pub(crate) caf: caf::Settings,
}

/// What the sandbox itself needs of a provider.
pub(crate) trait Emulated: fmt::Debug + Send + Sync {
    /// Its member in `GET /api/state`.
    fn name(&self) -> &'static str;

    /// The environment variables that lead a client here, as names and values.
    fn exports(&self) -> Vec<(&'static str, &str)>;

    /// The members of `GET /api/state` below its name.
    fn state_json(&self) -> Value;

    /// The section of the control page.
    fn panel(&self) -> String;

    /// The control host's routes below `/<name>/` (buttons) and `/api/<name>/` (for tests).
    fn control_router(self: Arc<Self>) -> Router {
        Router::new()
    }
}

/// The providers' handles.
#[derive(Debug)]
pub(crate) struct Providers {
    pub(crate) idlayr: Arc<IdlayrSandbox>,
    pub(crate) cm: Arc<CmSandbox>,
    pub(crate) identomat: Arc<IdentomatSandbox>,
    pub(crate) caf: Arc<CafSandbox>,
}

impl Providers {
    /// Sets all of them up. The order is that of their ports.
    pub(crate) async fn assemble(settings: Settings, assembly: &mut Assembly) -> Result<Self, SandboxError> {
        Ok(Self {
            idlayr: Arc::new(idlayr::assemble(settings.idlayr, assembly).await?),
            cm: Arc::new(cm::assemble(settings.cm, assembly).await?),
            identomat: Arc::new(identomat::assemble(settings.identomat, assembly).await?),
            caf: Arc::new(caf::assemble(settings.caf, assembly).await?),
        })
    }

    /// All of them, in the order in which they are shown.
    pub(crate) fn all(&self) -> [Arc<dyn Emulated>; 4] {
        [
            self.idlayr.clone(),
            self.cm.clone(),
            self.identomat.clone(),
            self.caf.clone(),
        ]
    }

    /// The environment variables that lead a client to the sandbox.
    pub(crate) fn exports(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for provider in self.all() {
            let exports = provider.exports().into_iter();
            all.extend(exports.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        all
    }

    /// The same, as lines for a shell. Without quotes it would cut a value at its first space.
    pub(crate) fn export_lines(&self) -> Vec<String> {
        let line = |(name, value): (String, String)| match value.contains(' ') {
            true => format!("export {name}=\"{value}\""),
            false => format!("export {name}={value}"),
        };
        self.exports().into_iter().map(line).collect()
    }
}
