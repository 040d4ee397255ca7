//! The server: binds, accepts, serves a function from what arrived to an answer, and stops. The
//! only room that knows hyper.

mod http_body;
mod inbound;
mod patience;
mod runtime;
#[cfg(feature = "tls")]
mod tls;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future;
use futures_util::future::Either;
use http::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::rt::TokioTimer;
use tokio::io::AsyncRead;
use tokio::io::AsyncWrite;
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::sync::watch;

use self::http_body::HttpBody;
use self::inbound::Connection;
pub(crate) use self::runtime::handle as runtime;
#[cfg(feature = "tls")]
pub(crate) use self::tls::Tls;
#[cfg(feature = "tls")]
pub(crate) use self::tls::TlsError;
use crate::answer::Answer;
use crate::request::Arrived;
use crate::request::Scheme;

/// A connection whose header section is not there after this time is closed.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// As much as a connection buffers: header sections up to this size are read, and judged by S3's
/// own limit.
const BUFFER_BYTES: usize = 256 * 1024;
/// More lines than S3's limit of bytes leaves room for in practice. hyper makes room for so many
/// with each request, and by itself for a hundred.
const HEADER_LINES_MAX: usize = 160;
/// How long accepting pauses when the process has no file handles left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// Where an answer comes from. Every request gets one, also those that fail.
pub(crate) trait Handler: Send + Sync + 'static {
    fn answer(&self, arrived: Arrived) -> impl Future<Output = Answer> + Send;
}

/// What lies between a port and HTTP.
#[derive(Clone, Debug)]
pub(crate) enum Transport {
    Plain,
    #[cfg(feature = "tls")]
    Tls(Tls),
}

impl Transport {
    pub(crate) fn scheme(&self) -> Scheme {
        match self {
            Self::Plain => Scheme::Http,
            #[cfg(feature = "tls")]
            Self::Tls(_) => Scheme::Https,
        }
    }
}

/// A port that is served until this value is dropped or stopped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stop: watch::Sender<Stop>,
    /// Closes when the last connection is gone.
    idle: mpsc::Receiver<Infallible>,
    runtime: Handle,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    NotYet,
    /// What is in flight is answered.
    Gracefully,
    /// Connections are cut.
    AtOnce,
}

/// A bound socket that nobody serves yet.
#[derive(Debug)]
pub(crate) struct Bound(TcpListener);

impl Bound {
    /// Binds; port 0 takes a free one.
    pub(crate) fn to(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(Self(listener))
    }

    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    /// Begins to serve. Clients that connected since the socket was bound have waited.
    pub(crate) fn serve(
        self,
        handler: Arc<impl Handler>,
        transport: Transport,
    ) -> io::Result<Server> {
        let runtime = runtime()?;
        let _context = runtime.enter();
        let address = self.address()?;
        let listener = tokio::net::TcpListener::from_std(self.0)?;
        let (stop, stopped) = watch::channel(Stop::NotYet);
        let (busy, idle) = mpsc::channel(1);
        runtime.spawn(accept(listener, handler, transport, stopped, busy));
        Ok(Server { address, stop, idle, runtime: runtime.clone() })
    }
}

impl Server {
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts no more, answers what is in flight, and returns when the last connection is gone.
    pub(crate) fn stop_gracefully(mut self) {
        self.stop.send_replace(Stop::Gracefully);
        let runtime = self.runtime.clone();
        // Nobody sends: the channel ends with the last connection.
        let ended = async move {
            self.idle.recv().await;
            drop(self);
        };
        if Handle::try_current().is_ok() {
            // A runtime's own thread may not block, so another one waits.
            let waiter = std::thread::spawn(move || runtime.block_on(ended));
            // A panic there would have nothing to say to the caller.
            let _ = waiter.join();
        } else {
            runtime.block_on(ended);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.send_replace(Stop::AtOnce);
    }
}

async fn accept(
    listener: tokio::net::TcpListener,
    handler: Arc<impl Handler>,
    transport: Transport,
    mut stopped: watch::Receiver<Stop>,
    busy: mpsc::Sender<Infallible>,
) {
    loop {
        let accepted = {
            let asked_to_stop = pin!(stopped.wait_for(|stop| *stop != Stop::NotYet));
            match future::select(pin!(listener.accept()), asked_to_stop).await {
                Either::Left((accepted, _)) => accepted,
                Either::Right(_) => return,
            }
        };
        match accepted {
            Ok((stream, peer)) => {
                let handler = Arc::clone(&handler);
                let connection =
                    connection(stream, peer, handler, transport.clone(), stopped.clone());
                let busy = busy.clone();
                tokio::spawn(async move {
                    connection.await;
                    drop(busy);
                });
            }
            // The process may be out of file handles; those that are in use come back.
            Err(error) => {
                tracing::warn!("cannot accept a connection: {error}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    handler: Arc<impl Handler>,
    transport: Transport,
    stopped: watch::Receiver<Stop>,
) {
    // Head and body leave in two writes; without this, small answers would wait for each other.
    // A socket that does not know the option works too.
    let _ = stream.set_nodelay(true);
    let scheme = transport.scheme();
    match transport {
        Transport::Plain => {
            let connection = Connection { scheme, tls: None, peer };
            serve(stream, connection, handler, stopped).await;
        }
        #[cfg(feature = "tls")]
        Transport::Tls(tls) => {
            if let Some(stream) = handshake(stream, peer, tls, stopped.clone()).await {
                let connection = Connection { scheme, tls: tls::version(&stream), peer };
                serve(stream, connection, handler, stopped).await;
            }
        }
    }
}

/// Agrees on keys. Whoever does not get so far in time, or before the server stops, is let go.
#[cfg(feature = "tls")]
async fn handshake(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Tls,
    mut stopped: watch::Receiver<Stop>,
) -> Option<tokio_rustls::server::TlsStream<TcpStream>> {
    let accepted = tokio_rustls::TlsAcceptor::from(tls.config).accept(stream);
    let accepted = tokio::time::timeout(HEADER_TIMEOUT, accepted);
    let asked_to_stop = pin!(stopped.wait_for(|stop| *stop != Stop::NotYet));
    match future::select(pin!(accepted), asked_to_stop).await {
        Either::Left((Ok(Ok(stream)), _)) => Some(stream),
        Either::Left((Ok(Err(error)), _)) => {
            tracing::warn!("no TLS with {peer}: {}", tls::explain(&error));
            None
        }
        Either::Left((Err(_), _)) | Either::Right(_) => None,
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    connection: Connection,
    handler: Arc<impl Handler>,
    mut stopped: watch::Receiver<Stop>,
) {
    let service = service_fn(move |request: http::Request<Incoming>| {
        let handler = Arc::clone(&handler);
        async move {
            let answer = handler.answer(inbound::arrived(request, connection)).await;
            Ok::<_, Infallible>(response(answer))
        }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(BUFFER_BYTES)
        .max_headers(HEADER_LINES_MAX)
        .serve_connection(TokioIo::new(stream), service);
    let mut served = pin!(served);
    loop {
        let seen = *stopped.borrow_and_update();
        match seen {
            Stop::NotYet => {}
            Stop::Gracefully => served.as_mut().graceful_shutdown(),
            Stop::AtOnce => return,
        }
        match future::select(served.as_mut(), pin!(stopped.changed())).await {
            Either::Left((ended, _)) => {
                if let Err(error) = ended {
                    tracing::debug!("connection of {}: {error}", connection.peer);
                }
                return;
            }
            // The server is gone, and nobody will ask for anything else.
            Either::Right((Err(_), _)) => return,
            Either::Right((Ok(()), _)) => {}
        }
    }
}

fn response(answer: Answer) -> Response<HttpBody> {
    let mut response = Response::new(HttpBody::from(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}
