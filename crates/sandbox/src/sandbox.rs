//! Starting and stopping everything.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use url::Url;

use crate::calls::{Calls, RecordedCall};
use crate::clock::{self, SandboxClock};
use crate::cm::{self, CmSandbox};
use crate::control;
use crate::device::{Device, Reachable};
use crate::identomat::{self, IdentomatSandbox};
use crate::idlayr::{self, IdlayrProject, IdlayrSandbox};
use crate::random::Random;
use crate::script::Scripts;
use crate::server::{Host, Port, serve};

/// How long a graceful stop waits for a request that never arrives in full.
const GRACE: Duration = Duration::from_secs(2);

/// Why the sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// A port could not be bound.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// A bound address cannot stand in a URL.
    #[error("no URL leads to {address}")]
    Address {
        /// The bound address.
        address: SocketAddr,
        /// What is wrong with it.
        source: url::ParseError,
    },
    /// The first port is so high that the ports after it do not exist.
    #[error("no room for the emulated hosts' ports after port {first}")]
    Ports {
        /// The first port that was asked for.
        first: u16,
    },
    /// Two projects have the same client id.
    #[error("two IDlayr projects have the client id {client_id:?}")]
    DuplicateClientId {
        /// The id in question.
        client_id: String,
    },
    /// Two companies have the same company key.
    #[error("two Identomat companies have the same company key")]
    DuplicateCompanyKey,
}

/// What a sandbox is to be like. Every setting has a default.
#[derive(Clone, Debug)]
#[must_use = "call `start`"]
pub struct SandboxBuilder {
    host: IpAddr,
    port: u16,
    seed: Option<u64>,
    clock: SandboxClock,
    idlayr: idlayr::Settings,
    pub(crate) cm: cm::Settings,
    pub(crate) identomat: identomat::Settings,
}

impl SandboxBuilder {
    /// The address to listen on; 127.0.0.1 unless set.
    pub fn host(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// The first port: the control page's. The emulated hosts take the ports after it. 0, the default,
    /// lets the operating system choose every port.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Makes ids, codes, tokens and secrets the same in every run.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The time to go by; the machine's unless set.
    pub fn clock(mut self, clock: SandboxClock) -> Self {
        self.clock = clock;
        self
    }

    /// Adds an IDlayr project besides the default one.
    pub fn idlayr_project(mut self, project: IdlayrProject) -> Self {
        self.idlayr.projects.push(project);
        self
    }

    /// How many product calls IDlayr allows in an hour; a million unless set, as no number is
    /// documented.
    pub fn idlayr_rate_limit(mut self, per_hour: u32) -> Self {
        self.idlayr.rate_limit = per_hour;
        self
    }

    /// How long a check waits for its result; 120 s unless set. The documents say 60 s or 120 s.
    pub fn idlayr_ttl(mut self, ttl: Duration) -> Self {
        self.idlayr.ttl = ttl;
        self
    }

    /// How long a token is valid; 3600 s unless set.
    pub fn idlayr_token_lifetime(mut self, lifetime: Duration) -> Self {
        self.idlayr.token_lifetime = lifetime;
        self
    }

    /// How many reads of a v0.1 check still say `PENDING` after the device is done; 0 unless set.
    pub fn idlayr_v0_1_pending_reads(mut self, reads: u32) -> Self {
        self.idlayr.pending_reads = reads;
        self
    }

    /// How many checks the projects in live mode can pay for together; 100 unless set.
    pub fn idlayr_balance(mut self, checks: u32) -> Self {
        self.idlayr.balance = checks;
        self
    }

    /// Binds the ports and starts serving on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// When a port cannot be bound, when two projects have the same client id, or when two companies have the same
    /// company key.
    pub async fn start(self) -> Result<Sandbox, SandboxError> {
        let mut random = self.seed.map_or_else(Random::unseeded, Random::from_seed);
        let mut settings = self.idlayr;
        let default_project = IdlayrProject::new(random.uuid(), random.text(26));
        settings.projects.insert(0, default_project.clone());
        refuse_duplicates(&settings.projects)?;
        if self.identomat.has_duplicates() {
            return Err(SandboxError::DuplicateCompanyKey);
        }

        let [
            control_port,
            api_port,
            operator_port,
            cm_port,
            cm_page_port,
            identomat_port,
        ] = bind_all(self.host, self.port).await?;
        let control_url = control_port.url.clone();
        let reachable = |name, port: &Port| Reachable {
            name,
            origin: port.url.origin(),
        };
        let device = Device::new(vec![
            reachable(idlayr::API_HOST, &api_port),
            reachable(idlayr::OPERATOR_HOST, &operator_port),
            reachable(cm::API_HOST, &cm_port),
            reachable(cm::PAGE_HOST, &cm_page_port),
            reachable(identomat::HOST, &identomat_port),
        ]);
        let calls = Arc::new(Calls::default());
        let scripts = Arc::new(Scripts::default());
        let cm_scripts = Arc::new(Scripts::default());
        let identomat_scripts = Arc::new(Scripts::default());
        let clock = self.clock;
        let (cm_state, couriers) = cm::State::new(
            self.cm,
            clock.clone(),
            random.fork(),
            cm_port.url.clone(),
            cm_page_port.url.clone(),
        );
        let cm_state = Arc::new(cm_state);
        let (identomat_state, identomat_courier) = identomat::State::new(
            self.identomat,
            clock.clone(),
            random.fork(),
            identomat_port.url.clone(),
        );
        let identomat_state = Arc::new(identomat_state);
        let state = Arc::new(idlayr::State::new(
            settings,
            clock.clone(),
            random,
            api_port.url.clone(),
            operator_port.url.clone(),
        ));
        let (api, operator) = (idlayr::router(&state), idlayr::operator_router(&state));
        let (cm_api, cm_page) = (cm::router(&cm_state), cm::page_router(&cm_state));
        let identomat_router = identomat::router(&identomat_state);
        let idlayr = Arc::new(IdlayrSandbox::new(state, Arc::clone(&scripts), default_project));
        let cm = Arc::new(CmSandbox::new(cm_state, Arc::clone(&cm_scripts)));
        let identomat = Arc::new(IdentomatSandbox::new(
            identomat_state,
            Arc::clone(&identomat_scripts),
        ));
        let shared = Arc::new(control::Shared {
            idlayr: Arc::clone(&idlayr),
            cm: Arc::clone(&cm),
            identomat: Arc::clone(&identomat),
            clock: clock.clone(),
            calls: Arc::clone(&calls),
            device: device.clone(),
        });

        let (stop, stopped) = watch::channel(false);
        let mut servers = JoinSet::new();
        let host = |name, router| Host {
            name,
            router,
            clock: clock.clone(),
            calls: Some(Arc::clone(&calls)),
            scripts: None,
        };
        let control = Host {
            calls: None,
            ..host("control", control::router(&shared))
        };
        let scripted = |name, router, scripts| Host {
            scripts: Some(scripts),
            ..host(name, router)
        };
        for (port, host) in [
            (control_port, control),
            (api_port, scripted(idlayr::API_HOST, api, scripts)),
            (operator_port, host(idlayr::OPERATOR_HOST, operator)),
            (cm_port, scripted(cm::API_HOST, cm_api, cm_scripts)),
            (cm_page_port, host(cm::PAGE_HOST, cm_page)),
            (
                identomat_port,
                scripted(identomat::HOST, identomat_router, identomat_scripts),
            ),
        ] {
            servers.spawn(serve(port, host, stopped.clone()));
        }
        for courier in couriers.into_iter().chain([identomat_courier]) {
            servers.spawn(courier.run(stopped.clone()));
        }
        Ok(Sandbox {
            idlayr,
            cm,
            identomat,
            control_url,
            clock,
            device,
            calls,
            stop,
            servers,
        })
    }
}

fn refuse_duplicates(projects: &[IdlayrProject]) -> Result<(), SandboxError> {
    let mut seen = std::collections::HashSet::new();
    match projects.iter().find(|project| !seen.insert(&project.client_id)) {
        Some(project) => Err(SandboxError::DuplicateClientId {
            client_id: project.client_id.clone(),
        }),
        None => Ok(()),
    }
}

async fn bind_all<const N: usize>(host: IpAddr, first: u16) -> Result<[Port; N], SandboxError> {
    let mut ports = Vec::with_capacity(N);
    for offset in 0..N {
        let port = match first {
            0 => 0,
            first => u16::try_from(offset)
                .ok()
                .and_then(|offset| first.checked_add(offset))
                .ok_or(SandboxError::Ports { first })?,
        };
        ports.push(Port::bind(host, port).await?);
    }
    ports.try_into().map_err(|_| SandboxError::Ports { first })
}

/// The emulated providers, until this is dropped.
///
/// Dropping it stops everything at once; [`shutdown`](Self::shutdown) lets what is under way finish.
pub struct Sandbox {
    idlayr: Arc<IdlayrSandbox>,
    cm: Arc<CmSandbox>,
    identomat: Arc<IdentomatSandbox>,
    control_url: Url,
    clock: SandboxClock,
    device: Device,
    calls: Arc<Calls>,
    stop: watch::Sender<bool>,
    servers: JoinSet<()>,
}

impl Sandbox {
    /// A sandbox to be set up.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            seed: None,
            clock: SandboxClock::system(),
            idlayr: idlayr::Settings::default(),
            cm: cm::Settings::default(),
            identomat: identomat::Settings::default(),
        }
    }

    /// The emulated IDlayr.
    #[must_use]
    pub fn idlayr(&self) -> &IdlayrSandbox {
        &self.idlayr
    }

    /// The emulated CM.com: Mobile Identity and ID Scan.
    #[must_use]
    pub fn cm(&self) -> &CmSandbox {
        &self.cm
    }

    /// The emulated Identomat.
    #[must_use]
    pub fn identomat(&self) -> &IdentomatSandbox {
        &self.identomat
    }

    /// The page for people and the API for tests.
    #[must_use]
    pub fn control_url(&self) -> &Url {
        &self.control_url
    }

    /// The time that the emulated providers go by.
    #[must_use]
    pub fn clock(&self) -> &SandboxClock {
        &self.clock
    }

    /// A phone that can open this sandbox's URLs.
    #[must_use]
    pub fn device(&self) -> Device {
        self.device.clone()
    }

    /// What the emulated hosts were called for, in the order of their answers; the last 100,000.
    #[must_use]
    pub fn calls(&self) -> Vec<RecordedCall> {
        self.calls.all()
    }

    /// Forgets the calls so far.
    pub fn clear_calls(&self) {
        self.calls.clear();
    }

    /// The environment variables that lead a client here, as names and values.
    #[must_use]
    pub fn exports(&self) -> Vec<(String, String)> {
        control::exports(&self.idlayr, &self.cm, &self.identomat)
    }

    /// Stops: no new connections, and what is under way is finished, for at most two seconds.
    pub async fn shutdown(mut self) {
        // Without receivers there is nothing left to stop.
        let _ = self.stop.send(true);
        let all = async { while self.servers.join_next().await.is_some() {} };
        let _ = clock::within(GRACE, all).await;
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("control_url", &self.control_url.as_str())
            .field("idlayr", &self.idlayr)
            .field("cm", &self.cm)
            .field("identomat", &self.identomat)
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}
