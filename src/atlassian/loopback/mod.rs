//! The listener for the redirection: one port, one path, loopback only, until somebody takes the answer.
//!
//! Anything can connect to a port on loopback: half-open connections, other programs, pages that guess. None of them blocks the
//! redirection, because every connection is served on its own, within narrow limits.

pub mod landing;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};

use self::landing::{Landing, page};
use super::authorization::RedirectionUri;

/// Bytes of a request's head that are read; an authorization code is a few hundred to two thousand of them.
const MAX_HEAD: usize = 32 * 1024;
/// How long a connection may take to send its head, and to take its page.
const CONNECTION_TIME: Duration = Duration::from_secs(10);

/// A request at the redirection URI's path; whoever takes it says which page answers it.
pub struct Arrival {
    /// The request's target: path and query.
    pub target: String,
    answer: oneshot::Sender<Landing>,
    served: oneshot::Receiver<()>,
}

impl Arrival {
    /// Shows the page to the browser; returns when it is on its way, so that the program may end then.
    pub async fn answer(self, landing: Landing) {
        // The browser may have gone away; nothing depends on it.
        let _ = self.answer.send(landing);
        let _ = self.served.await;
    }
}

/// A listener on the loopback interface.
#[derive(Debug)]
pub struct Listener {
    arrivals: mpsc::Receiver<Arrival>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

/// Why the listener cannot listen.
#[derive(Debug)]
pub enum ListenError {
    /// The redirection URI leads elsewhere, or speaks TLS: nothing to listen on here.
    NotOurs,
    /// An address of the port cannot be bound.
    Bind(SocketAddr, io::Error),
}

impl Listener {
    /// Binds the port of the redirection URI: both loopback addresses for `localhost`, since a browser may take either.
    ///
    /// # Errors
    ///
    /// When the URI is not one of plain http on loopback, or a port cannot be bound. A machine without IPv6 is no error.
    pub async fn bind(uri: &RedirectionUri) -> Result<Self, ListenError> {
        let url = uri.url();
        let hosts = match url.host() {
            Some(url::Host::Domain(_)) => vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)],
            Some(url::Host::Ipv4(address)) => vec![IpAddr::V4(address)],
            Some(url::Host::Ipv6(address)) => vec![IpAddr::V6(address)],
            None => return Err(ListenError::NotOurs),
        };
        if url.scheme() != "http" || !super::authorization::is_loopback(url) {
            return Err(ListenError::NotOurs);
        }
        let port = url.port_or_known_default().unwrap_or(80);
        let mut sockets = Vec::new();
        for host in hosts {
            let address = SocketAddr::new(host, port);
            match TcpListener::bind(address).await {
                Ok(socket) => sockets.push(socket),
                Err(error) if address.is_ipv6() && !sockets.is_empty() && is_without_ipv6(&error) => {}
                Err(error) => return Err(ListenError::Bind(address, error)),
            }
        }
        let (sender, arrivals) = mpsc::channel(8);
        let serve = |socket| tokio::spawn(accept(socket, url.path().to_owned(), sender.clone()));
        Ok(Self { arrivals, tasks: sockets.into_iter().map(serve).collect() })
    }

    /// Binds a free port of `localhost` and returns the redirection URI of this path there.
    ///
    /// # Errors
    ///
    /// When no port is free, or the path makes no URI.
    pub async fn bind_free_port(path: &str) -> io::Result<(RedirectionUri, Self)> {
        let mut last = io::Error::from(io::ErrorKind::AddrInUse);
        // A port that is free on one loopback address may be taken on the other.
        for _ in 0..32 {
            let port = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
            let uri = RedirectionUri::parse(&format!("http://localhost:{port}{path}")).map_err(io::Error::other)?;
            match Self::bind(&uri).await {
                Ok(listener) => return Ok((uri, listener)),
                Err(ListenError::Bind(_, error)) => last = error,
                Err(ListenError::NotOurs) => break,
            }
        }
        Err(last)
    }

    /// Waits for the next request at the redirection URI's path.
    pub async fn next(&mut self) -> Option<Arrival> {
        self.arrivals.recv().await
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

fn is_without_ipv6(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AddrNotAvailable | io::ErrorKind::Unsupported) || error.raw_os_error() == Some(97)
}

async fn accept(socket: TcpListener, path: String, arrivals: mpsc::Sender<Arrival>) {
    loop {
        match socket.accept().await {
            Ok((stream, _)) => {
                let (path, arrivals) = (path.clone(), arrivals.clone());
                tokio::spawn(async move {
                    // A connection that fails or dawdles concerns nobody else.
                    let _ = serve(stream, &path, &arrivals).await;
                });
            }
            // Out of descriptors, most likely: let connections end before the next one is taken.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn serve(mut stream: TcpStream, path: &str, arrivals: &mpsc::Sender<Arrival>) -> io::Result<()> {
    let head = tokio::time::timeout(CONNECTION_TIME, read_head(&mut stream)).await??;
    let mut served = None;
    let reply = match parse_head(&head) {
        Request::Get(target) if path_of(&target) == path => {
            let (answer, landing) = oneshot::channel();
            let (sender, receiver) = oneshot::channel();
            served = Some(sender);
            match arrivals.send(Arrival { target, answer, served: receiver }).await {
                Ok(()) => landing.await.unwrap_or(Landing::Over),
                Err(_) => Landing::Over,
            }
        }
        Request::Get(_) => Landing::NotFound,
        Request::Other => Landing::NotAllowed,
        Request::Broken => Landing::BadRequest,
    };
    let response = page(&reply);
    tokio::time::timeout(CONNECTION_TIME, async {
        stream.write_all(response.as_bytes()).await?;
        stream.shutdown().await?;
        if let Some(served) = served {
            let _ = served.send(());
        }
        // Read what is left until the browser closes; closing first could reset the connection before the page is read.
        let mut rest = [0_u8; 1024];
        while stream.read(&mut rest).await? > 0 {}
        Ok(())
    })
    .await?
}

/// Reads until the empty line, the limit, or the end.
async fn read_head(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut chunk = [0_u8; 4096];
    while head.len() < MAX_HEAD && !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut chunk).await? {
            0 => break,
            read => head.extend_from_slice(&chunk[..read]),
        }
    }
    Ok(head)
}

#[derive(Debug, PartialEq, Eq)]
enum Request {
    Get(String),
    Other,
    Broken,
}

fn parse_head(head: &[u8]) -> Request {
    let is_whole = head.windows(4).any(|end| end == b"\r\n\r\n");
    let line = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let Ok(line) = std::str::from_utf8(line) else { return Request::Broken };
    match line.split(' ').collect::<Vec<_>>().as_slice() {
        ["GET", target, version] if is_whole && target.starts_with('/') && version.starts_with("HTTP/1.") => {
            Request::Get((*target).to_owned())
        }
        [_, target, version] if is_whole && target.starts_with('/') && version.starts_with("HTTP/1.") => Request::Other,
        _ => Request::Broken,
    }
}

fn path_of(target: &str) -> &str {
    target.split('?').next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
