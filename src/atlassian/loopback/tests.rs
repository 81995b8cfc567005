//! The listener against well-meant, broken and hostile connections.

use super::*;

async fn listener() -> (Listener, u16) {
    let (uri, listener) = Listener::bind_free_port("/callback?own=1").await.unwrap();
    (listener, uri.url().port().unwrap())
}

async fn send(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn redirection_arrives_past_half_open_and_foreign_connections() {
    let (mut listener, port) = listener().await;
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(TcpStream::connect(("127.0.0.1", port)).await.unwrap());
    }
    assert!(send(port, "GET /favicon.ico HTTP/1.1\r\n\r\n").await.starts_with("HTTP/1.1 404 "));
    assert!(send(port, "POST /callback HTTP/1.1\r\n\r\n").await.starts_with("HTTP/1.1 405 "));
    assert!(send(port, "\u{16}\u{3}\u{1} nonsense\r\n\r\n").await.starts_with("HTTP/1.1 400 "));
    let browser = tokio::spawn(async move { send(port, "GET /callback?own=1&code=c HTTP/1.1\r\nHost: localhost\r\n\r\n").await });
    let arrival = listener.next().await.unwrap();
    assert_eq!(arrival.target, "/callback?own=1&code=c");
    arrival.answer(Landing::Received).await;
    assert!(browser.await.unwrap().contains("Consent received"));
}

#[tokio::test]
async fn request_without_an_end_is_cut_off() {
    let (_listener, port) = listener().await;
    let answer = send(port, &format!("GET /callback?code={} HTTP/1.1\r\n", "x".repeat(MAX_HEAD))).await;
    assert!(answer.starts_with("HTTP/1.1 400 "));
}

#[tokio::test]
async fn taken_port_is_an_error() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = RedirectionUri::parse(&format!("http://localhost:{}/", taken.local_addr().unwrap().port())).unwrap();
    assert!(matches!(Listener::bind(&uri).await, Err(ListenError::Bind(_, error)) if error.kind() == io::ErrorKind::AddrInUse));
}

#[tokio::test]
async fn uri_elsewhere_is_not_listened_on() {
    let uri = RedirectionUri::parse("https://example.org/callback").unwrap();
    assert!(matches!(Listener::bind(&uri).await, Err(ListenError::NotOurs)));
}

#[tokio::test]
async fn dropped_listener_frees_its_port() {
    let (listener, port) = listener().await;
    drop(listener);
    let uri = RedirectionUri::parse(&format!("http://127.0.0.1:{port}/")).unwrap();
    // The aborted task lets go of its socket at its next turn.
    while Listener::bind(&uri).await.is_err() {
        tokio::task::yield_now().await;
    }
}
