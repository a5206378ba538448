//! Starting and stopping everything.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use url::Url;

use crate::assembly::Assembly;
use crate::caf::CafSandbox;
use crate::calls::{Calls, RecordedCall};
use crate::clock::{self, SandboxClock};
use crate::cm::CmSandbox;
use crate::control;
use crate::device::Device;
use crate::identomat::IdentomatSandbox;
use crate::idlayr::IdlayrSandbox;
use crate::providers::{Providers, Settings};

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
    /// Two Mobile Keys have the same client id.
    #[error("two Mobile Keys of CAF have the same client id")]
    DuplicateMobileKey,
}

/// What a sandbox is to be like. Every setting has a default.
#[derive(Clone, Debug)]
#[must_use = "call `start`"]
pub struct SandboxBuilder {
    host: IpAddr,
    port: u16,
    seed: Option<u64>,
    clock: SandboxClock,
    pub(crate) providers: Settings,
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

    /// Binds the ports and starts serving on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// When a port cannot be bound, when two projects or two Mobile Keys have the same client id, or when two
    /// companies have the same company key.
    pub async fn start(self) -> Result<Sandbox, SandboxError> {
        let clock = self.clock;
        let mut assembly = Assembly::new(self.host, self.port, self.seed, clock.clone());
        let control = assembly.bind("control").await?;
        let control_url = control.url().clone();
        let providers = Arc::new(Providers::assemble(self.providers, &mut assembly).await?);
        let (device, calls) = (assembly.device(), assembly.calls());
        let shared = Arc::new(control::Shared {
            providers: Arc::clone(&providers),
            clock: clock.clone(),
            calls: Arc::clone(&calls),
            device: device.clone(),
        });
        assembly.serve_control(control, control::router(&shared));
        let (stop, stopped) = watch::channel(false);
        Ok(Sandbox {
            providers,
            control_url,
            clock,
            device,
            calls,
            stop,
            servers: assembly.run(&stopped),
        })
    }
}

/// The emulated providers, until this is dropped.
///
/// Dropping it stops everything at once; [`shutdown`](Self::shutdown) lets what is under way finish.
pub struct Sandbox {
    providers: Arc<Providers>,
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
            providers: Settings::default(),
        }
    }

    /// The emulated IDlayr.
    #[must_use]
    pub fn idlayr(&self) -> &IdlayrSandbox {
        &self.providers.idlayr
    }

    /// The emulated CM.com: Mobile Identity and ID Scan.
    #[must_use]
    pub fn cm(&self) -> &CmSandbox {
        &self.providers.cm
    }

    /// The emulated Identomat.
    #[must_use]
    pub fn identomat(&self) -> &IdentomatSandbox {
        &self.providers.identomat
    }

    /// The emulated CAF: the Mobile, Core, Connect and Global APIs, and the SDKs' session tokens.
    #[must_use]
    pub fn caf(&self) -> &CafSandbox {
        &self.providers.caf
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
        self.providers.exports()
    }

    /// The same as lines for a POSIX shell, `export NAME=value`; a value with spaces is in quotes.
    #[must_use]
    pub fn export_lines(&self) -> Vec<String> {
        self.providers.export_lines()
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
            .field("providers", &self.providers)
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}
