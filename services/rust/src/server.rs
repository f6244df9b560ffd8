//! An HTTP server whose time, memory and threads are bounded.

use crate::http::{Answer, Query, Request, MAX_BODY};
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// The longest request takes 5 s, and an engine kills 10 s after SIGTERM.
pub const GRACE: Duration = Duration::from_secs(8);

const MAX_HEAD: usize = 16 << 10;
const WRITE: Duration = Duration::from_secs(10);
const LINGER: Duration = Duration::from_secs(1);
const STACK: usize = 256 << 10;

/// What a path answers, to one method.
pub struct Route {
    pub path: &'static str,
    pub method: &'static str,
    pub handle: Box<dyn Fn(&Query) -> Answer + Send + Sync>,
}

impl Route {
    pub fn get(
        path: &'static str,
        handle: impl Fn(&Query) -> Answer + Send + Sync + 'static,
    ) -> Route {
        Route {
            path,
            method: "GET",
            handle: Box::new(handle),
        }
    }

    pub fn post(
        path: &'static str,
        handle: impl Fn(&Query) -> Answer + Send + Sync + 'static,
    ) -> Route {
        Route {
            method: "POST",
            ..Route::get(path, handle)
        }
    }
}

struct Limits {
    /// Each connection has a thread. Who comes when all are taken is told so.
    connections: usize,
    /// For everything up to the empty line of a request.
    head: Duration,
}

const LIMITS: Limits = Limits {
    connections: 128,
    head: Duration::from_secs(5),
};

/// A server that answers from the start.
pub struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

struct Shared {
    routes: Vec<Route>,
    limits: Limits,
    connections: Mutex<Connections>,
    changed: Condvar,
}

#[derive(Default)]
struct Connections {
    open: usize,
    /// Those that have not asked to the end.
    asking: HashMap<u64, Arc<TcpStream>>,
    last: u64,
    stopping: bool,
}

impl Server {
    pub fn start(listener: TcpListener, routes: Vec<Route>) -> io::Result<Server> {
        Server::start_with(listener, routes, LIMITS)
    }

    fn start_with(listener: TcpListener, routes: Vec<Route>, limits: Limits) -> io::Result<Server> {
        let shared = Arc::new(Shared {
            routes,
            limits,
            connections: Mutex::default(),
            changed: Condvar::new(),
        });
        let address = listener.local_addr()?;
        let accepting = thread::Builder::new().spawn({
            let shared = Arc::clone(&shared);
            move || accept(&shared, &listener)
        })?;
        Ok(Server {
            shared,
            address,
            accepting,
        })
    }

    #[cfg(test)]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops accepting and returns whether the requests in flight were finished in time.
    pub fn stop(self, grace: Duration) -> bool {
        let end = Instant::now() + grace;
        let mut connections = self.shared.connections();
        connections.stopping = true;
        // Nobody has asked anything on these yet, or not to the end. What has already arrived can
        // still be read, so a whole question that waits there gets its answer.
        for connection in connections.asking.values() {
            let _ = connection.shutdown(Shutdown::Read);
        }
        drop(connections);
        // Nothing in the standard library ends an accept but a client.
        if TcpStream::connect_timeout(&nearby(self.address), LINGER).is_ok() {
            let _ = self.accepting.join();
        }
        let mut connections = self.shared.connections();
        while connections.open > 0 {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            connections = self
                .shared
                .changed
                .wait_timeout(connections, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        true
    }
}

/// Returns where a client on this machine finds a server.
fn nearby(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

fn accept(shared: &Arc<Shared>, listener: &TcpListener) {
    while !shared.connections().stopping {
        match listener.accept() {
            Ok((connection, _)) => begin(shared, connection),
            // The client has changed its mind, or there are no more file descriptors: then asking
            // again at once would only burn time.
            Err(_) => thread::sleep(Duration::from_millis(10)),
        }
    }
}

fn begin(shared: &Arc<Shared>, connection: TcpStream) {
    let connection = Arc::new(connection);
    let Some(place) = Place::take(shared, &connection) else {
        return refuse(&connection);
    };
    let run = {
        let connection = Arc::clone(&connection);
        move || {
            // The client may go at any time; then there is nobody to tell.
            let _ = place.serve(&connection);
        }
    };
    if thread::Builder::new().stack_size(STACK).spawn(run).is_err() {
        // The container's limit of processes is reached.
        refuse(&connection);
    }
}

/// Says that there are too many, as far as that can be done at once.
fn refuse(mut connection: &TcpStream) {
    let answer = Answer::error(503, "too many connections");
    let _ = connection
        .set_nonblocking(true)
        .and_then(|()| connection.write(&answer.bytes(false)))
        // Hanging up on what has not been read would lose the answer.
        .and_then(|_| connection.read(&mut [0; 4096]));
}

/// The place of one connection; leaving it in any way gives it back.
struct Place {
    shared: Arc<Shared>,
    number: u64,
}

impl Place {
    /// Takes one, unless all are taken or the server stops.
    fn take(shared: &Arc<Shared>, connection: &Arc<TcpStream>) -> Option<Place> {
        let mut connections = shared.connections();
        if connections.stopping || connections.open >= shared.limits.connections {
            return None;
        }
        connections.open += 1;
        connections.last += 1;
        let number = connections.last;
        connections.asking.insert(number, Arc::clone(connection));
        Some(Place {
            shared: Arc::clone(shared),
            number,
        })
    }

    /// Answers one request. A connection that were kept open would keep a thread.
    fn serve(&self, mut connection: &TcpStream) -> io::Result<()> {
        let head = read_head(connection, Instant::now() + self.shared.limits.head)?;
        // From now on the request is in flight.
        self.shared.connections().asking.remove(&self.number);
        let (answer, head_only, more_may_come) = match head {
            Head::Incomplete => return Ok(()),
            Head::TooLarge => (Answer::error(431, "the request is too large"), false, true),
            Head::Complete(head) => match Request::parse(&head) {
                Ok(request) => (
                    self.shared.answer(&request),
                    request.method == "HEAD",
                    request.has_body,
                ),
                Err(problem) => (Answer::error(400, problem), false, true),
            },
        };
        connection.set_write_timeout(Some(WRITE))?;
        connection.write_all(&answer.bytes(head_only))?;
        if more_may_come {
            linger(connection)?;
        }
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut connections = self.shared.connections();
        connections.asking.remove(&self.number);
        connections.open -= 1;
        drop(connections);
        self.shared.changed.notify_all();
    }
}

impl Shared {
    fn connections(&self) -> MutexGuard<'_, Connections> {
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &Request) -> Answer {
        let Some(route) = self.routes.iter().find(|it| it.path == request.path) else {
            return Answer::error(404, "no such path");
        };
        let head = request.method == "HEAD" && route.method == "GET";
        if request.method != route.method && !head {
            let message = format!("use {}", route.method);
            return Answer::error(405, &message).with("Allow", route.method);
        }
        if request.too_large {
            return Answer::error(413, &format!("a request body may have {MAX_BODY} bytes"));
        }
        // An error of ours: the client learns that there is one, and the log, by itself, which.
        catch_unwind(AssertUnwindSafe(|| (route.handle)(&request.query)))
            .unwrap_or_else(|_| Answer::error(500, "an error of the service"))
    }
}

enum Head {
    /// Everything up to the empty line, and perhaps more.
    Complete(Vec<u8>),
    /// Not sent to the end, or not in time.
    Incomplete,
    TooLarge,
}

fn read_head(mut connection: &TcpStream, end: Instant) -> io::Result<Head> {
    let mut head = Vec::new();
    let mut block = [0; 4096];
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(Head::Incomplete);
        }
        connection.set_read_timeout(Some(left))?;
        let read = connection.read(&mut block)?;
        if read == 0 {
            return Ok(Head::Incomplete);
        }
        head.extend_from_slice(&block[..read]);
        // Empty lines may come first, see section 2.2 of RFC 9112.
        let empty = head.iter().take_while(|b| b"\r\n".contains(b)).count();
        head.drain(..empty);
        let complete = end_of_head(&head);
        if complete.unwrap_or(head.len()) > MAX_HEAD {
            return Ok(Head::TooLarge);
        }
        if complete.is_some() {
            return Ok(Head::Complete(head));
        }
    }
}

/// Returns where the first empty line ends.
fn end_of_head(head: &[u8]) -> Option<usize> {
    head.iter().enumerate().find_map(|(i, b)| {
        let rest = &head[i + 1..];
        let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        (*b == b'\n' && rest.starts_with(b"\n")).then(|| head.len() - rest.len() + 1)
    })
}

/// Reads on for a little: hanging up in the middle of a body would lose the answer.
fn linger(mut connection: &TcpStream) -> io::Result<()> {
    connection.shutdown(Shutdown::Write)?;
    let end = Instant::now() + LINGER;
    let mut block = [0; 4096];
    let mut read = 0;
    while read < 2 * MAX_BODY {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        connection.set_read_timeout(Some(left))?;
        match connection.read(&mut block)? {
            0 => break,
            more => read += more,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    const SOON: Duration = Duration::from_millis(200);
    const LATE: Duration = Duration::from_secs(20);

    fn ok() -> Vec<Route> {
        vec![
            Route::get("/ok", |_| Answer::text("ok")),
            Route::post("/post", |_| Answer::text("ok")),
            Route::get("/broken", |_| panic!("of no interest to a client")),
        ]
    }

    fn started(routes: Vec<Route>, limits: Limits) -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        Server::start_with(listener, routes, limits).unwrap()
    }

    fn connect(server: &Server) -> TcpStream {
        let connection = TcpStream::connect(server.address()).unwrap();
        connection.set_read_timeout(Some(LATE)).unwrap();
        connection
    }

    fn answer_on(mut connection: TcpStream) -> String {
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    }

    fn ask(server: &Server, request: &[u8]) -> String {
        let mut connection = connect(server);
        connection.write_all(request).unwrap();
        answer_on(connection)
    }

    fn status(server: &Server, request: &[u8]) -> String {
        let answer = ask(server, request);
        answer
            .strip_prefix("HTTP/1.1 ")
            .map_or(answer.clone(), |rest| rest[..3].to_string())
    }

    #[test]
    fn answers_by_path_and_method() {
        let server = started(ok(), LIMITS);
        for (request, expected) in [
            ("GET /ok HTTP/1.1\r\n\r\n", "200"),
            ("\r\n\r\nGET /ok HTTP/1.0\n\n", "200"),
            ("POST /post HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "200"),
            (
                "POST /post HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n",
                "200",
            ),
            ("GET /none HTTP/1.1\r\n\r\n", "404"),
            ("GET /ok/ HTTP/1.1\r\n\r\n", "404"),
            ("POST /ok HTTP/1.1\r\n\r\n", "405"),
            ("HEAD /post HTTP/1.1\r\n\r\n", "405"),
            ("BREW /ok HTTP/1.1\r\n\r\n", "405"),
            ("GET /ok\r\n\r\n", "400"),
            ("GET /ok HTTP/1.1\r\nContent-Length: 65537\r\n\r\n", "413"),
        ] {
            assert_eq!(status(&server, request.as_bytes()), expected, "{request}");
        }
    }

    #[test]
    fn head_has_no_body() {
        let answer = ask(&started(ok(), LIMITS), b"HEAD /ok HTTP/1.1\r\n\r\n");
        assert!(answer.contains("\r\nContent-Length: 2\r\n"), "{answer}");
        assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    }

    #[test]
    fn says_which_method_is_allowed() {
        let answer = ask(&started(ok(), LIMITS), b"PUT /ok HTTP/1.1\r\n\r\n");
        assert!(answer.contains("\r\nAllow: GET\r\n"), "{answer}");
    }

    #[test]
    fn a_large_body_does_not_cost_the_answer() {
        let server = started(ok(), LIMITS);
        let mut request = b"POST /post HTTP/1.1\r\nContent-Length: 131072\r\n\r\n".to_vec();
        request.resize(request.len() + 131_072, b'x');
        assert_eq!(status(&server, &request), "413");
    }

    #[test]
    fn refuses_too_much() {
        let server = started(ok(), LIMITS);
        let large = "x".repeat(MAX_HEAD);
        for request in [
            format!("GET /{large} HTTP/1.1\r\n\r\n"),
            format!("GET /ok HTTP/1.1\r\nName: {large}\r\n\r\n"),
            large.repeat(4),
        ] {
            assert_eq!(status(&server, request.as_bytes()), "431");
        }
    }

    #[test]
    fn takes_a_request_in_pieces() {
        let server = started(ok(), LIMITS);
        let mut connection = connect(&server);
        for piece in ["GET /o", "k HTTP/1.1\r\n", "A: b\r", "\n\r", "\n"] {
            connection.write_all(piece.as_bytes()).unwrap();
            thread::sleep(Duration::from_millis(20));
        }
        assert!(answer_on(connection).ends_with("\r\n\r\nok"));
    }

    #[test]
    fn says_nothing_to_half_a_request() {
        let limits = Limits {
            head: SOON,
            ..LIMITS
        };
        let server = started(ok(), limits);
        assert_eq!(ask(&server, b"GET /ok HTTP/1.1\r\nHost:"), "");
    }

    #[test]
    fn does_not_tell_a_client_what_broke() {
        let server = started(ok(), LIMITS);
        let answer = ask(&server, b"GET /broken HTTP/1.1\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 500 "), "{answer}");
        assert!(answer.ends_with("{\"error\":\"an error of the service\"}\n"));
        assert_eq!(status(&server, b"GET /ok HTTP/1.1\r\n\r\n"), "200");
    }

    #[test]
    fn says_so_when_too_many_come() {
        let limits = Limits {
            connections: 2,
            ..LIMITS
        };
        let server = started(ok(), limits);
        let silent = [connect(&server), connect(&server)];
        assert_eq!(status(&server, b""), "503");
        drop(silent);
    }

    #[test]
    fn outlives_a_flood_of_half_requests() {
        let limits = Limits {
            connections: 16,
            head: SOON,
        };
        let server = started(ok(), limits);
        let flood: Vec<TcpStream> = (0..64).map(|_| connect(&server)).collect();
        for mut connection in &flood {
            let _ = connection.write_all(b"GET /ok HT");
        }
        assert!(server.shared.connections().open <= 16);
        let end = Instant::now() + LATE;
        let asked = || {
            let mut connection = connect(&server);
            let mut answer = String::new();
            let _ = connection.write_all(b"GET /ok HTTP/1.1\r\n\r\n");
            let _ = connection.read_to_string(&mut answer);
            answer
        };
        while !asked().starts_with("HTTP/1.1 200 ") {
            assert!(Instant::now() < end, "it does not recover");
        }
    }

    #[test]
    fn stop_finishes_the_request_in_flight() {
        let (begun, has_begun) = mpsc::channel();
        let route = Route::get("/slow", move |_| {
            begun.send(()).unwrap();
            thread::sleep(2 * SOON);
            Answer::text("done")
        });
        let server = started(vec![route], LIMITS);
        let mut connection = connect(&server);
        connection.write_all(b"GET /slow HTTP/1.1\r\n\r\n").unwrap();
        has_begun.recv_timeout(LATE).unwrap();
        let begin = Instant::now();
        assert!(server.stop(LATE));
        assert!(begin.elapsed() < LATE, "nobody told it that all is done");
        assert!(answer_on(connection).ends_with("\r\n\r\ndone"));
    }

    #[test]
    fn stop_says_that_a_request_was_not_finished() {
        let (begun, has_begun) = mpsc::channel();
        let (finish, wait) = mpsc::channel::<()>();
        let wait = Mutex::new(wait);
        let route = Route::get("/slow", move |_| {
            begun.send(()).unwrap();
            let _ = wait.lock().unwrap().recv();
            Answer::text("done")
        });
        let server = started(vec![route], LIMITS);
        let mut connection = connect(&server);
        connection.write_all(b"GET /slow HTTP/1.1\r\n\r\n").unwrap();
        has_begun.recv_timeout(LATE).unwrap();
        assert!(!server.stop(SOON));
        drop(finish);
    }

    #[test]
    fn stop_does_not_wait_for_those_who_have_not_asked() {
        let limits = Limits {
            head: LATE,
            ..LIMITS
        };
        let server = started(ok(), limits);
        let address = server.address();
        let silent = connect(&server);
        let mut half = connect(&server);
        half.write_all(b"GET /ok HTTP/1.1\r\nHost:").unwrap();
        thread::sleep(SOON);
        assert!(server.stop(LATE / 2));
        assert!(TcpStream::connect(address).is_err(), "the door is open");
        drop(silent);
    }
}
