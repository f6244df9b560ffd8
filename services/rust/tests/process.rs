//! The program as a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv6Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

fn app(port: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_app"));
    command
        .env("PORT", port)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn free_port() -> u16 {
    let free = TcpListener::bind((Ipv6Addr::UNSPECIFIED, 0)).or(TcpListener::bind("0.0.0.0:0"));
    free.unwrap().local_addr().unwrap().port()
}

/// Starts the service and waits until it listens.
fn started() -> (Child, u16) {
    let port = free_port();
    let mut child = app(&port.to_string()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let listens = format!("rust service 1.0.0 listens on port {port}");
    // The drill build says first what it is.
    assert!(lines.any(|line| line.unwrap() == listens), "{listens}");
    (child, port)
}

/// Sends a signal as a shell does; the standard library cannot.
fn signal(child: &Child, name: &str) {
    let command = format!("kill -{name} {}", child.id());
    assert!(Command::new("sh")
        .args(["-c", &command])
        .status()
        .unwrap()
        .success());
}

fn said(output: Output) -> (Option<i32>, String) {
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn ends_well_when_it_is_asked_to_stop() {
    for name in ["TERM", "INT"] {
        let (child, _) = started();
        signal(&child, name);
        let end = said(child.wait_with_output().unwrap());
        assert_eq!(end, (Some(0), String::new()), "{name}");
    }
}

#[test]
fn finishes_the_request_in_flight() {
    let (child, port) = started();
    let mut connection = TcpStream::connect(("127.0.0.1", port)).unwrap();
    connection
        .write_all(b"GET /slow?ms=2000 HTTP/1.1\r\n\r\n")
        .unwrap();
    thread::sleep(Duration::from_secs(1));
    signal(&child, "TERM");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with("{\"sleptMillis\":2000}\n"), "{answer}");
    assert_eq!(said(child.wait_with_output().unwrap()).0, Some(0));
}

#[test]
fn tells_its_health_by_the_exit_code() {
    let (mut child, port) = started();
    let health = |port: u16| said(app(&port.to_string()).arg("-health").output().unwrap());
    assert_eq!(health(port), (Some(0), String::new()));
    child.kill().unwrap();
    child.wait().unwrap();
    let message = format!("app: the service on port {port} is not well\n");
    assert_eq!(health(port), (Some(1), message));
}

#[test]
fn says_in_one_line_what_is_wrong_with_the_call() {
    let port = said(app("http").output().unwrap());
    let message = "app: PORT is \"http\", not a number from 1 to 65535\n";
    assert_eq!(port, (Some(2), message.to_string()));

    for arguments in [["-x"].as_slice(), &["-health", "-health"]] {
        let call = said(app("1").args(arguments).output().unwrap());
        assert_eq!(
            call,
            (Some(2), "app: the only argument is -health\n".to_string())
        );
    }

    let (mut child, taken) = started();
    let (code, message) = said(app(&taken.to_string()).output().unwrap());
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(code, Some(1));
    let begin = format!("app: port {taken}: Address ");
    assert!(
        message.starts_with(&begin) && message.lines().count() == 1,
        "{message}"
    );
}
