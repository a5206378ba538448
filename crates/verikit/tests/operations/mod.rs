//! Every operation of every provider: the one list that the joint tests are played over.
//!
//! A new operation joins with one entry in its provider's file; a new provider with a file and a line in
//! [`providers`]. `complete` proves that none is missing.

mod caf;
mod cm_identity;
mod cm_idscan;
pub(crate) mod complete;
mod identomat;
mod idlayr;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use verikit::transport::SharedTransport;
use verikit::{Clock, Error, RetryPolicy, SystemClock};

/// Whether an operation may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    /// It reads, or does the same when it is done twice.
    Safe,
    /// It starts, bills or completes something.
    Once,
}

/// What an operation is authorised with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "not every provider has each of them")]
pub(crate) enum Credential {
    /// An access token that the provider gives, which is renewed after a 401.
    Token,
    /// A token that the client signs itself, which is made anew after a 401 that shows another time.
    SelfSigned,
    /// The same, signed for the one call and kept nowhere, since it is bound to whom the call is about.
    Bound,
    /// A secret, which stays what it is.
    Secret,
}

pub(crate) type Called = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// Where a client goes and how long it waits; everything else is as it comes.
#[derive(Clone)]
pub(crate) struct Connection {
    /// Scheme, host and port. A provider's base path follows.
    pub(crate) origin: String,
    pub(crate) transport: SharedTransport,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) retry: RetryPolicy,
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) max_in_flight: Option<usize>,
}

impl Connection {
    /// The default policy with short waits.
    pub(crate) fn new(origin: impl Into<String>, transport: SharedTransport) -> Self {
        let wait = Duration::from_millis(2);
        Self {
            origin: origin.into(),
            transport,
            clock: Arc::new(SystemClock),
            retry: RetryPolicy::default().base(wait).cap(wait),
            timeout: None,
            attempt_timeout: None,
            max_in_flight: None,
        }
    }
}

/// A provider's client.
pub(crate) trait Connect: Clone + Send + Sync + 'static {
    const PROVIDER: &'static str;
    /// Method and path of the token request, where there is one.
    const TOKEN_LINE: Option<&'static str>;

    /// A client with the provider's own limits of calls in time off: the tables play thousands of calls.
    fn connect(connection: &Connection) -> Self;

    /// Asks for a token, where there is such a request.
    fn fetch_token(&self) -> Option<Called>;

    /// How many tokens the client has signed itself, where it signs any.
    fn tokens_signed(&self) -> Option<u64>;
}

/// Gives a provider's `Config` what the connection says.
macro_rules! configured {
    ($config:expr, $connection:expr) => {
        configured!($config, $connection, "")
    };
    ($config:expr, $connection:expr, $base_path:literal) => {{
        let connection: &Connection = $connection;
        let config = $config.base_url(format!("{}{}", connection.origin, $base_path));
        crate::operations::connected!(config, connection)
    }};
}
use configured;

/// The same where the address is set already, under a name of its own.
macro_rules! connected {
    ($config:expr, $connection:expr) => {{
        let connection: &Connection = $connection;
        let mut config = $config
            .dangerously_allow_plain_http(true)
            .transport(connection.transport.clone())
            .clock(std::sync::Arc::clone(&connection.clock))
            .retry(connection.retry.clone());
        if let Some(timeout) = connection.timeout {
            config = config.timeout(timeout);
        }
        if let Some(timeout) = connection.attempt_timeout {
            config = config.attempt_timeout(timeout);
        }
        if let Some(calls) = connection.max_in_flight {
            config = config.max_in_flight(calls);
        }
        config.build().unwrap()
    }};
}
use connected;

/// A client, made for one operation.
pub(crate) struct Opened {
    fetch_token: Box<dyn Fn() -> Option<Called> + Send + Sync>,
    call: Box<dyn Fn() -> Called + Send + Sync>,
    tokens_signed: Box<dyn Fn() -> Option<u64> + Send + Sync>,
}

impl Opened {
    fn new<C: Connect>(connection: &Connection, call: fn(C) -> Called) -> Self {
        let client = C::connect(connection);
        let (fetching, signing) = (client.clone(), client.clone());
        Self {
            fetch_token: Box::new(move || fetching.fetch_token()),
            call: Box::new(move || call(client.clone())),
            tokens_signed: Box::new(move || signing.tokens_signed()),
        }
    }

    pub(crate) fn call(&self) -> Called {
        (self.call)()
    }

    pub(crate) fn tokens_signed(&self) -> Option<u64> {
        (self.tokens_signed)()
    }

    /// What comes before the first call that counts: the token, or where there is none a call like it.
    pub(crate) fn warm_up(&self) -> Called {
        (self.fetch_token)().unwrap_or_else(|| self.call())
    }
}

/// One operation.
#[derive(Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) provider: &'static str,
    pub(crate) name: &'static str,
    pub(crate) sent: Sent,
    /// Whether the answer is read as it arrives. Such a call is answered once the head of its answer is
    /// there: a stream that breaks after that is not repeated.
    pub(crate) streams: bool,
    pub(crate) credential: Credential,
    pub(crate) token_line: Option<&'static str>,
    /// Method and path, with the query that the call always has.
    pub(crate) line: &'static str,
    /// A good answer.
    pub(crate) status: u16,
    pub(crate) body: &'static str,
    open: fn(&Connection) -> Opened,
}

impl Operation {
    pub(crate) fn open(&self, connection: &Connection) -> Opened {
        (self.open)(connection)
    }

    /// The name, one word, of its own for a stream: a download comes in memory too, by the same name.
    pub(crate) fn title(&self) -> String {
        let way = if self.streams { "/stream" } else { "" };
        format!("{}{way}", self.name)
    }

    pub(crate) fn is_token(&self) -> bool {
        self.token_line == Some(self.line)
    }

    /// Whether the client signs tokens itself.
    pub(crate) fn signs(&self) -> bool {
        matches!(self.credential, Credential::SelfSigned | Credential::Bound)
    }

    /// Whether a call needs a token that is asked for before.
    pub(crate) fn needs_token(&self) -> bool {
        self.credential == Credential::Token
    }
}

/// What an operation's `line` is compared with.
#[allow(dead_code, reason = "not every test has requests as values")]
pub(crate) fn line_of<T>(request: &http::Request<T>) -> String {
    let target = request
        .uri()
        .path_and_query()
        .map_or("/", |target| target.as_str());
    format!("{} {target}", request.method())
}

/// The body of every good answer that is a file.
pub(crate) const FILE: &str = "image";

/// What a good answer says that it is: some providers' errors are told from files by nothing else.
pub(crate) fn content_type(body: &str) -> &'static str {
    if body == FILE {
        "image/jpeg"
    } else {
        "application/json"
    }
}

/// The `Authorization` of a good answer, of a provider that signs what it answers. To others it says nothing.
pub(crate) fn signature(body: &str) -> http::HeaderValue {
    identomat::signature(body)
}

/// `Once Token "name", "METHOD /path", 201 BODY, |client: Client| client.call()`: an entry of a list. With
/// `stream` before the name the call gives a `Download`, which is read to its end.
macro_rules! operation {
    ($sent:ident $credential:ident stream $name:literal, $line:expr, $status:literal $body:expr, |$client:ident: $type:ty| $call:expr) => {
        operation!(@ true, $sent $credential $name, $line, $status $body, |$client: $type| async {
            $call.await?.bytes().await
        })
    };
    ($sent:ident $credential:ident $name:literal, $line:expr, $status:literal $body:expr, |$client:ident: $type:ty| $call:expr) => {
        operation!(@ false, $sent $credential $name, $line, $status $body, |$client: $type| $call)
    };
    (@ $streams:literal, $sent:ident $credential:ident $name:literal, $line:expr, $status:literal $body:expr, |$client:ident: $type:ty| $call:expr) => {
        Operation {
            provider: <$type as Connect>::PROVIDER,
            name: $name,
            sent: crate::operations::Sent::$sent,
            streams: $streams,
            credential: crate::operations::Credential::$credential,
            token_line: <$type as Connect>::TOKEN_LINE,
            line: $line,
            status: $status,
            body: $body,
            open: |connection| {
                crate::operations::Opened::new(connection, |$client: $type| {
                    Box::pin(async move { $call.await.map(|_| ()) })
                })
            },
        }
    };
}
use operation;

/// The providers: the folder of each crate, and its list.
pub(crate) fn providers() -> Vec<(&'static str, Vec<Operation>)> {
    vec![
        ("caf", caf::operations()),
        ("cm-identity", cm_identity::operations()),
        ("cm-idscan", cm_idscan::operations()),
        ("identomat", identomat::operations()),
        ("idlayr", idlayr::operations()),
    ]
}

pub(crate) fn operations() -> Vec<Operation> {
    providers()
        .into_iter()
        .flat_map(|(_, operations)| operations)
        .collect()
}

/// All operations but the token requests, which have tables of their own; those of a provider that signs its
/// answers both ways.
pub(crate) fn calls() -> Vec<Operation> {
    let mut operations = operations();
    operations.retain(|operation| !operation.is_token());
    operations.extend(identomat::signed());
    operations
}
