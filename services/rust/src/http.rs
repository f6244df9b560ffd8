//! Requests and answers, as RFC 9112 writes them.

use crate::json;

pub const MAX_BODY: usize = 64 << 10;

/// An answer.
pub struct Answer {
    pub status: u16,
    pub body: String,
    content_type: &'static str,
    header: Option<(&'static str, &'static str)>,
}

impl Answer {
    pub fn text(body: &str) -> Answer {
        Answer {
            status: 200,
            body: body.to_string(),
            content_type: "text/plain; charset=utf-8",
            header: None,
        }
    }

    pub fn json(status: u16, body: String) -> Answer {
        Answer {
            status,
            body: body + "\n",
            content_type: "application/json",
            header: None,
        }
    }

    pub fn error(status: u16, message: &str) -> Answer {
        Answer::json(status, json::object([("error", message.into())]))
    }

    /// Returns it with one more header.
    pub fn with(self, name: &'static str, value: &'static str) -> Answer {
        Answer {
            header: Some((name, value)),
            ..self
        }
    }

    /// Returns what goes over the wire; the answer to `HEAD` has no body.
    pub fn bytes(&self, head_only: bool) -> Vec<u8> {
        let header = self
            .header
            .map(|(name, value)| format!("{name}: {value}\r\n"));
        format!(
            "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}Connection: close\r\n\r\n{}",
            self.status,
            reason(self.status),
            self.content_type,
            self.body.len(),
            header.unwrap_or_default(),
            if head_only { "" } else { &self.body },
        )
        .into_bytes()
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "",
    }
}

/// A request without its body, which no route reads.
#[derive(Debug, PartialEq)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub query: Query,
    /// Whether bytes follow that nobody reads.
    pub has_body: bool,
    pub too_large: bool,
}

impl Request {
    /// Reads everything up to the empty line; says what is wrong when it is no request.
    pub fn parse(head: &[u8]) -> Result<Request, &'static str> {
        let mut lines = head
            .split(|b| *b == b'\n')
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let line = lines
            .next()
            .filter(|line| line.iter().all(|b| matches!(b, b' '..=b'~')))
            .and_then(|line| std::str::from_utf8(line).ok())
            .ok_or("the request line has a byte that does not belong there")?;
        let words: Vec<&str> = line.split(' ').collect();
        let [method, target, version] = words[..] else {
            return Err("the request line must be a method, a target and a version");
        };
        if method.is_empty() || target.is_empty() {
            return Err("the request line must be a method, a target and a version");
        }
        if !matches!(version.strip_prefix("HTTP/1."), Some("0" | "1")) {
            return Err("the version must be HTTP/1.0 or HTTP/1.1");
        }
        let mut request = Request {
            method: method.to_string(),
            ..Request::of_target(target)
        };
        for line in lines.take_while(|line| !line.is_empty()) {
            request.read_header(line)?;
        }
        Ok(request)
    }

    fn of_target(target: &str) -> Request {
        // A proxy is asked for a whole URL, and a server must understand it too.
        let local = match target.strip_prefix("http://") {
            Some(rest) => &rest[rest.find(['/', '?']).unwrap_or(rest.len())..],
            None => target,
        };
        let (path, query) = local.split_once('?').unwrap_or((local, ""));
        Request {
            method: String::new(),
            path: decoded(path),
            query: Query::parse(query),
            has_body: false,
            too_large: false,
        }
    }

    fn read_header(&mut self, line: &[u8]) -> Result<(), &'static str> {
        let colon = line.iter().position(|b| *b == b':');
        let (name, value) = match colon {
            Some(colon) if colon > 0 => {
                (&line[..colon], String::from_utf8_lossy(&line[colon + 1..]))
            }
            _ => return Err("a header must be a name, a colon and a value"),
        };
        if name.iter().any(|b| b.is_ascii_whitespace()) {
            return Err("the name of a header may hold no space");
        }
        if name.eq_ignore_ascii_case(b"Transfer-Encoding") {
            self.has_body = true;
        } else if name.eq_ignore_ascii_case(b"Content-Length") {
            let value = value.trim_matches([' ', '\t']);
            if value.is_empty() || !value.bytes().all(|b| b.is_ascii_digit()) {
                return Err("Content-Length is no number");
            }
            // A number with too many digits is too large too.
            let length: usize = value.parse().unwrap_or(usize::MAX);
            self.has_body |= length > 0;
            self.too_large |= length > MAX_BODY;
        }
        Ok(())
    }
}

/// The parameters of a request.
#[derive(Debug, PartialEq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    pub fn parse(query: &str) -> Query {
        let pairs = query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let plus = |text: &str| decoded(&text.replace('+', " "));
        Query(
            pairs
                .map(|(name, value)| (plus(name), plus(value)))
                .collect(),
        )
    }

    /// Returns the first value of that name; empty when there is none.
    pub fn first(&self, name: &str) -> String {
        let found = self.0.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

/// Decodes `%41`; what is no such thing stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = (*first == b'%')
            .then(|| after.get(..2).and_then(hex))
            .flatten();
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digits: &[u8]) -> Option<u8> {
    digits.iter().try_fold(0, |number, digit| {
        let value = char::from(*digit).to_digit(16)?;
        Some(number << 4 | value as u8)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(head: &str) -> Request {
        Request::parse(head.as_bytes()).unwrap()
    }

    #[test]
    fn reads_a_request() {
        let request = parsed("GET /time?tz=Asia%2FTokyo HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_eq!(request.method, "GET");
        assert_eq!(request.path, "/time");
        assert_eq!(request.query.first("tz"), "Asia/Tokyo");
        assert!(!request.has_body && !request.too_large);
    }

    #[test]
    fn reads_what_is_odd_but_right() {
        for head in [
            "GET /ok HTTP/1.0\nHost: x\n\n",
            "GET http://host/ok HTTP/1.1\r\n\r\n",
            "GET http://host:1/%6Fk HTTP/1.1\r\n\r\n",
            "GET /ok?&&=&x HTTP/1.1\r\nEmpty:\r\n\r\n",
            "GET /ok HTTP/1.1\r\n\r\nthe body: no header",
        ] {
            assert_eq!(parsed(head).path, "/ok", "{head}");
        }
        assert_eq!(parsed("GET http://host?x HTTP/1.1\r\n\r\n").path, "");
    }

    #[test]
    fn knows_whether_a_body_follows() {
        for (header, has_body, too_large) in [
            ("Content-Length: 0", false, false),
            ("content-length:65536 ", true, false),
            ("Content-Length: 65537", true, true),
            ("Content-Length: 99999999999999999999999999", true, true),
            ("Transfer-Encoding: chunked", true, false),
        ] {
            let request = parsed(&format!("POST /tmp HTTP/1.1\r\n{header}\r\n\r\n"));
            assert_eq!((request.has_body, request.too_large), (has_body, too_large));
        }
    }

    #[test]
    fn refuses_what_makes_no_sense() {
        for head in [
            b"\r\n\r\n".as_slice(),
            b"GET /ok\r\n\r\n",
            b"GET  HTTP/1.1\r\n\r\n",
            b" /ok HTTP/1.1\r\n\r\n",
            b"GET /ok HTTP/1.1 more\r\n\r\n",
            b"GET /ok FTP/1.1\r\n\r\n",
            b"GET /ok HTTP/2.0\r\n\r\n",
            b"GET /o\tk HTTP/1.1\r\n\r\n",
            b"GET /\xff HTTP/1.1\r\n\r\n",
            b"GET /ok HTTP/1.1\r\nno header\r\n\r\n",
            b"GET /ok HTTP/1.1\r\n: no name\r\n\r\n",
            b"GET /ok HTTP/1.1\r\nName : value\r\n\r\n",
            b"GET /ok HTTP/1.1\r\n Folded: value\r\n\r\n",
            b"GET /ok HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            b"GET /ok HTTP/1.1\r\nContent-Length: \xb2\r\n\r\n",
            b"GET /ok HTTP/1.1\r\nContent-Length:\r\n\r\n",
        ] {
            assert!(Request::parse(head).is_err(), "{}", head.escape_ascii());
        }
    }

    #[test]
    fn reads_parameters() {
        let query = Query::parse("a=1&tz=Asia%2FTokyo&tz=b&%61+b=+%2b&=&e=f=g");
        assert_eq!(query.first("tz"), "Asia/Tokyo");
        assert_eq!(query.first("a b"), " +");
        assert_eq!(query.first("e"), "f=g");
        assert_eq!(query.first("none"), "");
    }

    #[test]
    fn decodes_what_it_can() {
        assert_eq!(decoded("%41%c3%a4%4"), "A\u{e4}%4");
        assert_eq!(decoded("%"), "%");
        assert_eq!(decoded("%+1%g0"), "%+1%g0");
        assert_eq!(decoded("%ff"), "\u{fffd}");
    }

    #[test]
    fn writes_an_answer() {
        let answer = Answer::error(405, "use GET").with("Allow", "GET");
        let head = "HTTP/1.1 405 Method Not Allowed\r\nContent-Type: application/json\r\n\
            Content-Length: 20\r\nAllow: GET\r\nConnection: close\r\n\r\n";
        let text = |head_only| String::from_utf8(answer.bytes(head_only)).unwrap();
        assert_eq!(text(false), format!("{head}{{\"error\":\"use GET\"}}\n"));
        assert_eq!(text(true), head);
    }
}
