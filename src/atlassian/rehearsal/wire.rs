//! A connection that can break in the middle of an answer, as real ones do.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// How an answer is broken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Break {
    /// The connection is closed in order.
    Close,
    /// The connection is reset.
    Reset,
}

/// What a request handler can do to its own connection.
#[derive(Clone, Default)]
pub(super) struct Wire(Arc<Mutex<Option<(Break, usize)>>>);

impl Wire {
    /// Breaks the next answer off after so many bytes of its body.
    pub(super) fn break_after(&self, how: Break, body_bytes: usize) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((how, body_bytes));
    }

    fn pending_break(&self) -> Option<(Break, usize)> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connected<IncomingStream<'_, Loopback>> for Wire {
    fn connect_info(stream: IncomingStream<'_, Loopback>) -> Self {
        stream.io().wire.clone()
    }
}

/// The listener on 127.0.0.1.
pub(super) struct Loopback(pub(super) TcpListener);

impl Listener for Loopback {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, peer) = Listener::accept(&mut self.0).await;
        (Connection { stream, wire: Wire::default(), is_broken: false }, peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// One accepted connection.
pub(super) struct Connection {
    stream: TcpStream,
    wire: Wire,
    is_broken: bool,
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

/// The server writes an answer's head and a short body in one piece, because this is not a vectored writer.
impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.is_broken {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        let Some((how, body_bytes)) = self.wire.pending_break() else {
            return Pin::new(&mut self.stream).poll_write(cx, bytes);
        };
        let head = bytes.windows(4).position(|window| window == b"\r\n\r\n").map_or(0, |at| at + 4);
        let kept = bytes.get(..head + body_bytes).unwrap_or(bytes);
        let written = std::task::ready!(Pin::new(&mut self.stream).poll_write(cx, kept))?;
        self.is_broken = true;
        if how == Break::Reset {
            self.stream.set_zero_linger()?;
        }
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
