//! What stands between hyper's pool and the making of connections.

use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use tower_layer::Layer;
use tower_service::Service;

use super::connections::Exchange;

type BoxError = Box<dyn StdError + Send + Sync>;
type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// Makes a connection when its exchange needs another one.
#[derive(Debug, Clone, Copy)]
pub(super) struct OnNeed;

/// A connector behind [`OnNeed`]. The pool clones it for every request, and it is boxes within boxes: so it
/// is only cloned in earnest when it has something to do.
#[derive(Debug)]
pub(super) struct Connector<S>(Arc<S>);

impl<S> Clone for Connector<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// The exchange was served by a connection that came free. The pool drops this error: it has nobody to tell.
#[derive(Debug)]
struct Served;

impl fmt::Display for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another connection came free")
    }
}

impl StdError for Served {}

impl<S> Layer<S> for OnNeed {
    type Service = Connector<S>;

    fn layer(&self, inner: S) -> Connector<S> {
        Connector(Arc::new(inner))
    }
}

impl<S, R> Service<R> for Connector<S>
where
    S: Service<R, Error = BoxError> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Response: Send + 'static,
    R: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Connecting<S::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: R) -> Self::Future {
        let mut inner = S::clone(&self.0);
        let make = async move {
            poll_fn(|context| inner.poll_ready(context)).await?;
            inner.call(target).await
        };
        match Exchange::current() {
            Some(exchange) => Box::pin(on_need(exchange, make)),
            None => Box::pin(make),
        }
    }
}

async fn on_need<T>(
    exchange: Exchange,
    make: impl Future<Output = Result<T, BoxError>>,
) -> Result<T, BoxError> {
    let mut need = pin!(exchange.needs_another());
    let making = poll_fn(|context| {
        if exchange.is_current() {
            need.as_mut().poll(context).map(Some)
        } else {
            Poll::Ready(None)
        }
    });
    let Some(mut making) = making.await else {
        exchange.served();
        return Err(Served.into());
    };
    let mut connection = pin!(make);
    let made = poll_fn(|context| {
        if !exchange.is_current() {
            making.becomes_spare();
        }
        connection.as_mut().poll(context)
    });
    let made = made.await?;
    making.finished();
    Ok(made)
}
