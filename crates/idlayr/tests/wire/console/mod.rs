//! The console: every call to the byte, what its answers are read as, and what is never shown (contract
//! idlayr, 13).

mod billing;
mod errors;
mod lists;
mod members;
mod projects;
mod refusals;
mod secrets;
mod usage;
mod workspaces;

use idlayr::console::{ClientId, Console, MemberId, ProjectId, WorkspaceId};
use idlayr::testing::{ManualClock, ScriptedTransport, Seen, Step, drive};

use crate::support::{TOKEN_ANSWER, Wire};

pub(crate) const WORKSPACE: &str = "6c1e2f30-9a4b-4c5d-8e6f-708192a3b4c5";
pub(crate) const MEMBER: &str = "2d3e4f50-1a2b-4c3d-9e8f-0a1b2c3d4e5f";
pub(crate) const PROJECT: &str = "9f8e7d60-5c4b-4a39-8271-605f4e3d2c1b";
pub(crate) const CLIENT: &str = "a1b2c3d4-0000-4000-8000-c11e47c11e47";
pub(crate) const SECRET: &str = "pr0ject-s3cret.Xy/+z";
pub(crate) const BEARER: (&str, &str) = ("authorization", "Bearer AbCdEf.123456");
pub(crate) const JSON: (&str, &str) = ("content-type", "application/json");
pub(crate) const PATCH: (&str, &str) = ("content-type", "application/json-patch+json");
pub(crate) const HAL: &str = "application/hal+json";
pub(crate) const ROOT: &str = "/console/v0.2/workspaces/6c1e2f30-9a4b-4c5d-8e6f-708192a3b4c5";

pub(crate) fn workspace_id() -> WorkspaceId {
    WorkspaceId::new(WORKSPACE).unwrap()
}

pub(crate) fn member_id() -> MemberId {
    MemberId::new(MEMBER).unwrap()
}

pub(crate) fn project_id() -> ProjectId {
    ProjectId::new(PROJECT).unwrap()
}

pub(crate) fn client_id() -> ClientId {
    ClientId::new(CLIENT).unwrap()
}

/// A client of the console that goes to a real server on loopback.
pub(crate) fn console(wire: &Wire) -> Console {
    Console::builder("workspace-1", "secret-1")
        .base_url(wire.base())
        .dangerously_allow_plain_http(true)
        .build()
        .unwrap()
}

/// One without a network, in no time.
pub(crate) struct Played {
    pub(crate) console: Console,
    pub(crate) transport: ScriptedTransport,
    clock: ManualClock,
}

impl Played {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let clock = ManualClock::new();
        let transport = ScriptedTransport::new([Step::json(200, TOKEN_ANSWER)].into_iter().chain(steps));
        let console = Console::builder("workspace-1", "secret-1")
            .transport(transport.shared())
            .clock(clock.shared())
            .jitter_seed(1)
            .build()
            .unwrap();
        Self {
            console,
            transport,
            clock,
        }
    }

    pub(crate) fn run<C: IntoFuture>(&self, call: C) -> C::Output {
        drive(&self.clock, call.into_future())
    }

    /// What was sent besides token requests.
    pub(crate) fn calls(&self) -> Vec<Seen> {
        let mut seen = self.transport.seen();
        seen.retain(|seen| seen.uri.path() != "/oauth2/v1/token");
        seen
    }
}
