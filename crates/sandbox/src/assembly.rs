//! How a provider is set up: it asks for the ports of its hosts and for its outboxes, and hands over what
//! answers.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::sync::watch;
use tokio::task::JoinSet;
use url::Url;

use crate::calls::Calls;
use crate::clock::SandboxClock;
use crate::device::{Device, Reachable};
use crate::outbox::{Courier, DOUBLING, Outbox};
use crate::random::Random;
use crate::sandbox::SandboxError;
use crate::script::Scripts;
use crate::server::{Host, Port, serve};

/// A host of a provider that has its port, and thus its URL, and nothing to answer with yet.
pub(crate) struct Bound {
    name: &'static str,
    port: Port,
}

impl Bound {
    /// Where it is.
    pub(crate) fn url(&self) -> &Url {
        &self.port.url
    }
}

/// Collects everything that is to run. The ports are given in the order in which they are asked for.
pub(crate) struct Assembly {
    host: IpAddr,
    first: u16,
    bound: u16,
    clock: SandboxClock,
    calls: Arc<Calls>,
    random: Random,
    reachable: Vec<Reachable>,
    hosts: Vec<(Port, Host)>,
    couriers: Vec<Courier>,
    works: Vec<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Assembly {
    /// `first` is the first port; with 0 the operating system chooses every port.
    pub(crate) fn new(host: IpAddr, first: u16, seed: Option<u64>, clock: SandboxClock) -> Self {
        Self {
            host,
            first,
            bound: 0,
            clock,
            calls: Arc::default(),
            random: seed.map_or_else(Random::unseeded, Random::from_seed),
            reachable: Vec::new(),
            hosts: Vec::new(),
            couriers: Vec::new(),
            works: Vec::new(),
        }
    }

    /// The time that everything goes by.
    pub(crate) fn clock(&self) -> SandboxClock {
        self.clock.clone()
    }

    /// What the hosts were called for.
    pub(crate) fn calls(&self) -> Arc<Calls> {
        Arc::clone(&self.calls)
    }

    /// A source of made-up values of the provider's own.
    pub(crate) fn random(&mut self) -> Random {
        self.random.fork()
    }

    /// An outbox whose notifications are carried out as long as the sandbox runs.
    pub(crate) fn outbox(&mut self) -> Outbox {
        self.outbox_repeating_after(&DOUBLING)
    }

    /// The same, for a provider that documents the times between its attempts.
    pub(crate) fn outbox_repeating_after(&mut self, waits: &'static [Duration]) -> Outbox {
        let (outbox, courier) = Outbox::new(self.clock(), waits);
        self.couriers.push(courier);
        outbox
    }

    /// Has `work` go on as long as the sandbox runs: what happens by the clock, and not because of a call.
    pub(crate) fn go_on(&mut self, work: impl Future<Output = ()> + Send + 'static) {
        self.works.push(Box::pin(work));
    }

    /// The next port, for the real host of this name.
    pub(crate) async fn bind(&mut self, name: &'static str) -> Result<Bound, SandboxError> {
        let first = self.first;
        let port = match first {
            0 => 0,
            first => first
                .checked_add(self.bound)
                .ok_or(SandboxError::Ports { first })?,
        };
        let port = Port::bind(self.host, port).await?;
        self.bound = self.bound.saturating_add(1);
        Ok(Bound { name, port })
    }

    /// Has `router` answer for the host.
    pub(crate) fn serve(&mut self, bound: Bound, router: Router) {
        self.host(bound, router, None);
    }

    /// The same, where a test can put other answers in the way.
    pub(crate) fn serve_scripted(&mut self, bound: Bound, router: Router, scripts: &Arc<Scripts>) {
        self.host(bound, router, Some(Arc::clone(scripts)));
    }

    fn host(&mut self, Bound { name, port }: Bound, router: Router, scripts: Option<Arc<Scripts>>) {
        self.reachable.push(Reachable {
            name,
            origin: port.url.origin(),
        });
        let host = Host {
            name,
            router,
            clock: self.clock(),
            calls: Some(self.calls()),
            scripts,
        };
        self.hosts.push((port, host));
    }

    /// Serves the control host, which no phone calls and whose own calls are not in the log.
    pub(crate) fn serve_control(&mut self, Bound { name, port }: Bound, router: Router) {
        let host = Host {
            name,
            router,
            clock: self.clock(),
            calls: None,
            scripts: None,
        };
        self.hosts.push((port, host));
    }

    /// A phone that can open the URLs of the hosts that are served by now.
    pub(crate) fn device(&self) -> Device {
        Device::new(self.reachable.clone())
    }

    /// Runs everything until `stopped` turns true.
    pub(crate) fn run(self, stopped: &watch::Receiver<bool>) -> JoinSet<()> {
        let mut running = JoinSet::new();
        for (port, host) in self.hosts {
            running.spawn(serve(port, host, stopped.clone()));
        }
        for courier in self.couriers {
            running.spawn(courier.run(stopped.clone()));
        }
        for work in self.works {
            let mut stopped = stopped.clone();
            running.spawn(async move {
                tokio::select! {
                    () = work => {}
                    _ = stopped.wait_for(|stopped| *stopped) => {}
                }
            });
        }
        running
    }
}
