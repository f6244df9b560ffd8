//! Goes as far as it can towards a page over HTTPS.
//!
//! Rust's standard library has no TLS, and this service has no dependency. So the way ends before
//! the handshake: the URL is read, the name looked up and the connection made, and where a service
//! of another track would shake hands this one says `tls`.

use crate::http::Answer;
use crate::json;
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

const DEADLINE: Duration = Duration::from_secs(5);
const MAX_FETCHES: usize = 32;
const STACK: usize = 256 << 10;

/// How many fetches have not really ended, though their answer may have been given up.
static FETCHES: AtomicUsize = AtomicUsize::new(0);

/// The step at which it ended, and why.
struct Failure(&'static str, String);

/// Answers 502 with the kind of failure.
pub fn fetch(url: &str) -> Answer {
    fetch_within(url, DEADLINE)
}

fn fetch_within(url: &str, deadline: Duration) -> Answer {
    let Failure(kind, message) = match target(url) {
        Ok(target) => reach(target, deadline),
        Err(message) => Failure("bad-url", message.to_string()),
    };
    Answer::json(
        502,
        json::object([("kind", kind.into()), ("error", message.into())]),
    )
}

/// Returns the host and port of a URL.
fn target(url: &str) -> Result<(String, u16), &'static str> {
    const SCHEME: &str = "https://";
    if url.chars().any(|c| c <= ' ' || c == '\x7f') {
        return Err("url has a character that no URL has");
    }
    let rest = url
        .get(..SCHEME.len())
        .filter(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
        .map(|scheme| &url[scheme.len()..])
        .ok_or("url must be https://host...")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host_and_port = authority.rsplit('@').next().unwrap_or("");
    let (host, port) = match host_and_port.strip_prefix('[') {
        Some(rest) => rest.split_once(']').ok_or("url has a [ without a ]")?,
        None => host_and_port.split_at(host_and_port.find(':').unwrap_or(host_and_port.len())),
    };
    if host.is_empty() {
        return Err("url must be https://host...");
    }
    let port = match port.strip_prefix(':') {
        Some("") => 443,
        Some(port) => port
            .parse()
            .ok()
            .filter(|port| *port != 0)
            .ok_or("url has a port that is none")?,
        None if port.is_empty() => 443,
        None => return Err("url must be https://host..."),
    };
    Ok((host.to_string(), port))
}

/// Runs in a thread of its own: only so has a look-up of a name a deadline.
fn reach(target: (String, u16), deadline: Duration) -> Failure {
    let Some(place) = Place::take(&FETCHES) else {
        return Failure(
            "connect",
            format!("{MAX_FETCHES} other fetches have not ended"),
        );
    };
    let (sender, receiver) = mpsc::channel();
    let run = move || {
        // Nobody listens any more when the deadline is over.
        let _ = sender.send(failure(&target, deadline));
        drop(place);
    };
    match thread::Builder::new().stack_size(STACK).spawn(run) {
        Ok(_) => receiver
            .recv_timeout(deadline)
            .unwrap_or_else(|_| too_late(deadline)),
        Err(e) => Failure("connect", e.to_string()),
    }
}

fn failure((host, port): &(String, u16), deadline: Duration) -> Failure {
    let end = Instant::now() + deadline;
    let addresses = match (host.as_str(), *port).to_socket_addrs() {
        Ok(addresses) => addresses,
        Err(e) => return Failure("dns", e.to_string()),
    };
    let mut problem = Failure("dns", "the name has no address".to_string());
    for address in addresses {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return too_late(deadline);
        }
        match TcpStream::connect_timeout(&address, left) {
            Ok(_) => {
                let why =
                    "connected, but this service speaks no TLS: Rust's standard library has none";
                return Failure("tls", why.to_string());
            }
            Err(e) => problem = Failure("connect", e.to_string()),
        }
    }
    problem
}

fn too_late(deadline: Duration) -> Failure {
    Failure("connect", format!("no answer within {deadline:?}"))
}

/// One of the few fetches at the same time.
struct Place(&'static AtomicUsize);

impl Place {
    fn take(taken: &'static AtomicUsize) -> Option<Place> {
        let one_more = |taken| Some(taken + 1).filter(|taken| *taken <= MAX_FETCHES);
        taken
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_more)
            .ok()
            .map(|_| Place(taken))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, TcpListener};

    fn fails(url: &str, kind: &str) {
        let answer = fetch_within(url, Duration::from_secs(10));
        assert_eq!(answer.status, 502);
        let begin = format!("{{\"kind\":\"{kind}\",\"error\":\"");
        assert!(answer.body.starts_with(&begin), "{url}: {}", answer.body);
    }

    #[test]
    fn reads_urls() {
        for (url, host, port) in [
            ("https://example.org", "example.org", 443),
            ("HTTPS://example.org/a:1", "example.org", 443),
            ("https://example.org:8443?b@c", "example.org", 8443),
            ("https://example.org:#d", "example.org", 443),
            ("https://me:secret@example.org:1", "example.org", 1),
            ("https://[::1]:1/", "::1", 1),
            ("https://[::1]", "::1", 443),
        ] {
            assert_eq!(target(url), Ok((host.to_string(), port)), "{url}");
        }
    }

    #[test]
    fn knows_a_bad_url() {
        for url in [
            "",
            "http://127.0.0.1",
            "https:/",
            "https://",
            "https://:443",
            "https://me@",
            "https://[",
            "https://[::1]x",
            "https://host:http",
            "https://host:0",
            "https://host:65536",
            "https://host/\r\nHost: other",
            "https\u{1f}://",
            "\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}",
            "file:///etc/passwd",
            "a b",
        ] {
            fails(url, "bad-url");
        }
    }

    #[test]
    fn knows_an_unknown_name() {
        // Too long a name is refused without asking a name server, which a build may not reach.
        fails(&format!("https://{}invalid", "long.".repeat(60)), "dns");
    }

    #[test]
    fn knows_a_closed_port() {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("https://{}", free.local_addr().unwrap());
        drop(free);
        fails(&url, "connect");
    }

    #[test]
    fn connects_and_says_that_it_has_no_tls() {
        let open = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        fails(&format!("https://{}", open.local_addr().unwrap()), "tls");
        open.set_nonblocking(true).unwrap();
        assert!(open.accept().is_ok(), "it did not come");
    }

    #[test]
    fn gives_up_in_time() {
        let url = "https://127.0.0.1:1";
        let answer = fetch_within(url, Duration::ZERO);
        assert!(
            answer.body.contains("no answer within 0"),
            "{}",
            answer.body
        );
    }

    #[test]
    fn bounds_the_fetches_at_the_same_time() {
        static TAKEN: AtomicUsize = AtomicUsize::new(0);
        let places: Vec<Place> = (0..MAX_FETCHES)
            .map(|_| Place::take(&TAKEN).unwrap())
            .collect();
        assert!(Place::take(&TAKEN).is_none());
        drop(places);
        assert!(Place::take(&TAKEN).is_some());
    }
}
