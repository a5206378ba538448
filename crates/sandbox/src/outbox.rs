//! Notifications to the customer's server: sent when something changes, repeated by the sandbox's clock.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::Full;
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::JoinSet;
use url::{Host, Position, Url};

use crate::clock::{self, SandboxClock};
use crate::exchange::exchange;
use crate::lock::lock;

/// The waits between the attempts, unless the provider documents its own. CM.com says "several times" and, of
/// ID Scan, that they grow exponentially; the numbers are ours.
pub(crate) const DOUBLING: [Duration; 5] = [
    Duration::from_secs(10),
    Duration::from_secs(20),
    Duration::from_secs(40),
    Duration::from_secs(80),
    Duration::from_secs(160),
];
/// How long one attempt may take, in real time.
const ATTEMPT_TIME: Duration = Duration::from_secs(5);

/// A notification that is to go out.
#[derive(Clone)]
pub(crate) struct Message {
    /// The event's id.
    pub(crate) id: String,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Which answers the provider repeats the notification for.
    pub(crate) is_repeated_for: fn(StatusCode) -> bool,
}

/// Where a notification stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryState {
    /// It is being sent, or waits for its next attempt.
    Waiting,
    /// The server took it: it answered 2xx.
    Delivered,
    /// Every attempt failed, or the server refused it in a way that is not repeated for.
    GivenUp,
    /// Nothing was sent: the sandbox speaks no TLS, and to no other machine. Hand what would have been sent
    /// to the code that receives it.
    NotSent,
}

impl DeliveryState {
    /// For people and for the control API.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::GivenUp => "given up",
            Self::NotSent => "not sent",
        }
    }
}

/// One attempt to deliver a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryAttempt {
    at: SystemTime,
    status: Option<StatusCode>,
}

impl DeliveryAttempt {
    /// When it ended, by the sandbox's clock.
    #[must_use]
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// What the server answered; `None` when it did not.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }
}

/// A notification to the customer's server, as it went out or would have. `Debug` shows neither headers nor
/// body nor URL.
#[derive(Clone)]
pub struct Delivery {
    message: Message,
    waits: &'static [Duration],
    attempts: Vec<DeliveryAttempt>,
    state: DeliveryState,
    next: Option<SystemTime>,
}

impl Delivery {
    /// The event's id. A repetition has the same.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.message.id
    }

    /// Where it goes.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.message.url
    }

    /// The headers that the provider sets.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.message.headers
    }

    /// The body, byte for byte.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.message.body
    }

    /// The attempts that ended, oldest first.
    #[must_use]
    pub fn attempts(&self) -> &[DeliveryAttempt] {
        &self.attempts
    }

    /// What the attempts were answered with; nothing for one that got no answer.
    pub(crate) fn statuses(&self) -> Vec<Option<u16>> {
        let attempts = self.attempts.iter();
        attempts
            .map(|attempt| attempt.status.map(|status| status.as_u16()))
            .collect()
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> DeliveryState {
        self.state
    }

    /// When the next attempt is due, by the sandbox's clock.
    #[must_use]
    pub fn next_attempt(&self) -> Option<SystemTime> {
        self.next
    }

    /// Takes note of an attempt.
    fn note(&mut self, attempt: DeliveryAttempt) {
        let waited = self.waits.get(self.attempts.len());
        self.attempts.push(attempt);
        let is_repeated = attempt.status.is_none_or(self.message.is_repeated_for);
        // From the moment it was due, not from now: so a clock that was moved meanwhile has counted.
        self.next = match (is_repeated, self.next, waited) {
            (true, Some(due), Some(wait)) => due.checked_add(*wait),
            _ => None,
        };
        self.state = match (is_repeated, self.next) {
            (true, Some(_)) => DeliveryState::Waiting,
            (true, None) => DeliveryState::GivenUp,
            (false, _) if attempt.status.is_some_and(|status| status.is_success()) => {
                DeliveryState::Delivered
            }
            (false, _) => DeliveryState::GivenUp,
        };
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.message.id)
            .field("state", &self.state)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

/// Whether the sandbox may send anything there: plain HTTP to this machine.
pub(crate) fn is_on_this_machine(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "http" && is_loopback
}

/// What was sent and is to be sent.
pub(crate) struct Outbox {
    clock: SandboxClock,
    waits: &'static [Duration],
    deliveries: Arc<Mutex<Vec<Delivery>>>,
    changed: Arc<Notify>,
    posted: mpsc::UnboundedSender<usize>,
}

impl Outbox {
    /// An outbox, and who carries out what is put into it. `waits` are the times between the attempts.
    pub(crate) fn new(clock: SandboxClock, waits: &'static [Duration]) -> (Self, Courier) {
        let (posted, waiting) = mpsc::unbounded_channel();
        let outbox = Self {
            clock,
            waits,
            deliveries: Arc::default(),
            changed: Arc::default(),
            posted,
        };
        let courier = Courier {
            clock: outbox.clock.clone(),
            deliveries: Arc::clone(&outbox.deliveries),
            changed: Arc::clone(&outbox.changed),
            waiting,
        };
        (outbox, courier)
    }

    /// Sends a notification, now and again.
    pub(crate) fn post(&self, message: Message) {
        let is_sent = is_on_this_machine(&message.url);
        let delivery = Delivery {
            message,
            waits: self.waits,
            attempts: Vec::new(),
            state: if is_sent {
                DeliveryState::Waiting
            } else {
                DeliveryState::NotSent
            },
            next: is_sent.then(|| self.clock.now()),
        };
        let number = {
            let mut deliveries = lock(&self.deliveries);
            deliveries.push(delivery);
            deliveries.len() - 1
        };
        if is_sent {
            // A sandbox that has stopped sends nothing.
            let _ = self.posted.send(number);
        }
    }

    /// Sends the notification with this event id once more, as a provider may that lost the answer.
    /// `false` if there is none.
    pub(crate) fn repeat(&self, id: &str) -> bool {
        let message = lock(&self.deliveries)
            .iter()
            .find(|delivery| delivery.message.id == id)
            .map(|delivery| delivery.message.clone());
        match message {
            Some(message) => {
                self.post(message);
                true
            }
            None => false,
        }
    }

    /// All notifications, oldest first.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.deliveries).clone()
    }

    /// Waits until nothing is due: every notification has ended or waits for the clock.
    pub(crate) async fn settled(&self) {
        loop {
            let changed = self.changed.notified();
            let now = self.clock.now();
            let is_due = |delivery: &Delivery| delivery.next.is_some_and(|next| next <= now);
            if !lock(&self.deliveries).iter().any(is_due) {
                return;
            }
            changed.await;
        }
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox")
            .field("deliveries", &lock(&self.deliveries).len())
            .finish_non_exhaustive()
    }
}

/// Carries notifications out, for as long as it is polled.
pub(crate) struct Courier {
    clock: SandboxClock,
    deliveries: Arc<Mutex<Vec<Delivery>>>,
    changed: Arc<Notify>,
    waiting: mpsc::UnboundedReceiver<usize>,
}

impl Courier {
    /// Until `stop` turns true or the future is dropped; what is under way ends with it.
    pub(crate) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut under_way = JoinSet::new();
        loop {
            tokio::select! {
                Some(number) = self.waiting.recv() => {
                    let deliveries = Arc::clone(&self.deliveries);
                    let (clock, changed) = (self.clock.clone(), Arc::clone(&self.changed));
                    under_way.spawn(deliver(number, deliveries, clock, changed));
                }
                Some(_) = under_way.join_next() => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }
}

async fn deliver(
    number: usize,
    deliveries: Arc<Mutex<Vec<Delivery>>>,
    clock: SandboxClock,
    changed: Arc<Notify>,
) {
    let waiting = || {
        let deliveries = lock(&deliveries);
        let delivery = deliveries.get(number)?;
        Some((delivery.next?, delivery.message.clone()))
    };
    while let Some((due, message)) = waiting() {
        clock.reached(due).await;
        let status = clock::within(ATTEMPT_TIME, attempt(message)).await.flatten();
        let at = clock.now();
        if let Some(delivery) = lock(&deliveries).get_mut(number) {
            delivery.note(DeliveryAttempt { at, status });
        }
        changed.notify_waiters();
    }
}

/// One POST; `None` without an answer.
async fn attempt(message: Message) -> Option<StatusCode> {
    let url = &message.url;
    let port = url.port_or_known_default()?;
    let host = url.host_str()?;
    let mut request = Request::new(Full::new(message.body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = url[Position::BeforePath..Position::AfterQuery].parse().ok()?;
    *request.headers_mut() = message.headers;
    let authority = &url[Position::BeforeHost..Position::AfterPort];
    request.headers_mut().insert(HOST, authority.parse().ok()?);
    let answer = exchange(format!("{host}:{port}"), request).await.ok()?;
    Some(answer.status())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_this_machine() {
        for (url, expected) in [
            ("http://127.0.0.1:8080/hook", true),
            ("http://127.1.2.3/hook", true),
            ("http://[::1]:8080/hook", true),
            ("http://localhost:8080/hook", true),
            ("https://127.0.0.1/hook", false),
            ("http://example.net/hook", false),
            ("http://localhost.example.net/hook", false),
            ("http://192.168.1.1/hook", false),
            ("http://0.0.0.0/hook", false),
            ("http://user@example.net#@127.0.0.1/", false),
            ("ftp://127.0.0.1/", false),
        ] {
            assert_eq!(is_on_this_machine(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn attempts_are_due_by_the_plan_and_come_to_an_end() {
        let start = SystemTime::UNIX_EPOCH;
        let mut delivery = Delivery {
            message: Message {
                id: "id".to_owned(),
                url: Url::parse("http://127.0.0.1/").unwrap(),
                headers: HeaderMap::new(),
                body: Bytes::new(),
                is_repeated_for: |status| status.is_server_error(),
            },
            waits: &DOUBLING,
            attempts: Vec::new(),
            state: DeliveryState::Waiting,
            next: Some(start),
        };
        let failed = |at| DeliveryAttempt {
            at,
            status: Some(StatusCode::INTERNAL_SERVER_ERROR),
        };
        let mut dues = Vec::new();
        while let Some(due) = delivery.next {
            dues.push(due.duration_since(start).unwrap().as_secs());
            // However late an attempt ends, the plan stays.
            delivery.note(failed(due + Duration::from_secs(7)));
        }
        assert_eq!(dues, [0, 10, 30, 70, 150, 310]);
        assert_eq!(delivery.state(), DeliveryState::GivenUp);
    }
}
