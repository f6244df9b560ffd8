//! The service that the three images carry.
//!
//! ```text
//! app           serves HTTP on $PORT (default 8080) until SIGTERM
//! app -health   exits 0 when the service on $PORT answers, else 1
//! ```

// The standard library has no signals; all else does without.
#![deny(unsafe_code)]

mod about;
mod clock;
#[cfg(feature = "drill")]
mod drill;
mod fetch;
mod http;
mod json;
mod routes;
mod server;
#[allow(unsafe_code)]
mod signals;
mod temporary;
mod zone;

use std::env;
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(2);

/// Serves, or asks a running service whether it is well; exits 2 when called wrongly.
fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    let port = match port(env::var_os("PORT")) {
        Ok(port) => port,
        Err(message) => return complain(2, &message),
    };
    match arguments.as_slice() {
        [] => serve(port),
        [only] if only == "-health" && is_healthy(port) => ExitCode::SUCCESS,
        [only] if only == "-health" => {
            complain(1, &format!("the service on port {port} is not well"))
        }
        _ => complain(2, "the only argument is -health"),
    }
}

/// Returns the port to use, or what is wrong with the given one.
fn port(given: Option<OsString>) -> Result<u16, String> {
    let text = given.unwrap_or_default();
    if text.is_empty() {
        return Ok(8080);
    }
    text.to_str()
        .filter(|text| text.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|text| text.parse().ok())
        .filter(|port| *port != 0)
        .ok_or_else(|| format!("PORT is {text:?}, not a number from 1 to 65535"))
}

fn serve(port: u16) -> ExitCode {
    #[cfg(feature = "drill")]
    say(&format!(
        "VULNERABLE {}: keep this service away from every network",
        drill::MARK
    ));
    // Before there is a second thread, so that all have them blocked.
    let stop = signals::Stop::block();
    let server = match listening(port).and_then(|it| server::Server::start(it, routes::all())) {
        Ok(server) => server,
        Err(e) => return complain(1, &format!("port {port}: {e}")),
    };
    say(&format!(
        "rust service {} listens on port {port}",
        about::VERSION
    ));
    stop.wait();
    if server.stop(server::GRACE) {
        ExitCode::SUCCESS
    } else {
        let seconds = server::GRACE.as_secs();
        complain(
            1,
            &format!("requests are still in flight after {seconds} s"),
        )
    }
}

/// Listens on all addresses, of both kinds where the system has both.
fn listening(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv6Addr::UNSPECIFIED, port))
        .or_else(|_| TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)))
}

fn is_healthy(port: u16) -> bool {
    matches!(first_line(port), Ok(line) if line.starts_with(b"HTTP/1.1 200 "))
}

/// Returns the beginning of the answer to `/healthz` on this machine's port.
fn first_line(port: u16) -> io::Result<Vec<u8>> {
    let end = Instant::now() + PATIENCE;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut connection = TcpStream::connect_timeout(&address, PATIENCE)?;
    connection.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
    let mut line = Vec::new();
    let mut block = [0; 64];
    while line.len() < block.len() {
        // No time is an error too.
        connection.set_read_timeout(Some(end.saturating_duration_since(Instant::now())))?;
        match connection.read(&mut block)? {
            0 => break,
            read => line.extend_from_slice(&block[..read]),
        }
    }
    Ok(line)
}

fn say(line: &str) {
    // Not println!, which panics when nobody reads.
    let _ = writeln!(io::stdout(), "{line}");
}

fn complain(code: u8, message: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "app: {message}");
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Answer;
    use crate::server::{Route, Server};

    #[test]
    fn port_defaults_to_8080() {
        assert_eq!(port(None), Ok(8080));
        assert_eq!(port(Some("".into())), Ok(8080));
        assert_eq!(port(Some("65535".into())), Ok(65535));
    }

    #[test]
    fn port_refuses_what_is_no_port() {
        for given in ["0", "65536", "-1", "+1", "http", "80 ", "999999999999"] {
            let message = port(Some(given.into())).unwrap_err();
            assert!(message.contains(given), "{message}");
        }
    }

    #[test]
    fn health_follows_the_service() {
        let server = Server::start(listening(0).unwrap(), routes::all()).unwrap();
        let port = server.address().port();
        assert!(is_healthy(port));
        assert!(server.stop(Duration::from_secs(5)));
        assert!(!is_healthy(port));
    }

    #[test]
    fn health_follows_the_answer() {
        let route = Route::get("/healthz", |_| Answer::error(503, "ill"));
        let server = Server::start(listening(0).unwrap(), vec![route]).unwrap();
        assert!(!is_healthy(server.address().port()));
    }

    #[test]
    fn health_does_not_wait_for_ever() {
        let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        assert!(!is_healthy(silent.local_addr().unwrap().port()));
    }
}
