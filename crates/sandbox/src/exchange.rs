//! One request of the sandbox's own, on a connection of its own.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const BODY_LIMIT: usize = 1 << 20;

pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Sends `request` to `authority` (host and port) over plain HTTP. An answer above 1 MiB is a failure.
pub(crate) async fn exchange(
    authority: String,
    request: Request<Full<Bytes>>,
) -> Result<Response<Bytes>, Failure> {
    let stream = TcpStream::connect(authority).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // The set ends the connection with this function, whichever way it ends.
    let mut tasks = JoinSet::new();
    tasks.spawn(connection);
    let (head, body) = sender.send_request(request).await?.into_parts();
    let body = Limited::new(body, BODY_LIMIT).collect().await?.to_bytes();
    Ok(Response::from_parts(head, body))
}
