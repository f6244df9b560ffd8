//! What the service tells about its own process; null stands for what the system does not tell.

use crate::http::Answer;
use crate::json;
use std::fs;
use std::process;

pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The SHA-256, in hex, of a secret that the build was handed: `BUILD_PROOF=… cargo build`.
const BUILD_PROOF: Option<&str> = option_env!("BUILD_PROOF");

/// Answers with what this process is.
pub fn this_process() -> Answer {
    of(
        &read("/proc/self/status"),
        &read("/etc/passwd"),
        BUILD_PROOF,
    )
}

/// Answers by the text of a `/proc/<pid>/status` and of a passwd file.
fn of(status: &str, passwd: &str, build_proof: Option<&str>) -> Answer {
    let uid = numbers(status, "Uid").first().copied();
    Answer::json(
        200,
        json::object([
            ("track", "rust".into()),
            ("version", VERSION.into()),
            ("pid", u64::from(process::id()).into()),
            ("uid", uid.into()),
            ("gid", numbers(status, "Gid").first().copied().into()),
            ("groups", numbers(status, "Groups").into()),
            ("user", uid.and_then(|uid| user_name(passwd, uid)).into()),
            ("capEff", field(status, "CapEff").into()),
            (
                "noNewPrivs",
                field(status, "NoNewPrivs").map(|flag| flag == "1").into(),
            ),
            (
                "buildProof",
                build_proof.filter(|proof| !proof.is_empty()).into(),
            ),
        ]),
    )
}

/// Returns the value of one of the `Key:\tvalue` lines of proc(5).
fn field<'a>(status: &'a str, key: &str) -> Option<&'a str> {
    status
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(found, _)| *found == key)
        .map(|(_, value)| value.trim())
}

fn numbers(status: &str, key: &str) -> Vec<u64> {
    field(status, key)
        .unwrap_or("")
        .split_whitespace()
        .filter_map(|number| number.parse().ok())
        .collect()
}

/// Returns the name that the system gives to a user id; $USER, which anybody may set, is none.
fn user_name(passwd: &str, uid: u64) -> Option<&str> {
    passwd.lines().find_map(|line| {
        let mut entry = line.split(':');
        let name = entry.next();
        name.filter(|_| entry.nth(1).is_some_and(|id| id == uid.to_string()))
    })
}

fn read(file: &str) -> String {
    String::from_utf8_lossy(&fs::read(file).unwrap_or_default()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: &str = "Name:\tapp\nUid:\t65532\t65532\t65532\t65532\n\
        Gid:\t65532\t65532\t65532\t65532\nGroups:\t65532 7 \nNoNewPrivs:\t1\n\
        CapEff:\t0000000000000000\nbroken\n";

    fn contains(answer: &Answer, part: &str) {
        assert!(answer.body.contains(part), "{part} in {}", answer.body);
    }

    #[test]
    fn reads_the_process() {
        let passwd = "root:x:0:0::/:/bin/sh\nnonroot:x:65532:7::/:/x\n";
        let answer = of(STATUS, passwd, None);
        contains(
            &answer,
            r#""uid":65532,"gid":65532,"groups":[65532,7],"user":"nonroot""#,
        );
        contains(
            &answer,
            r#""capEff":"0000000000000000","noNewPrivs":true,"buildProof":null"#,
        );
        contains(&answer, &format!(r#""pid":{}"#, process::id()));
    }

    #[test]
    fn an_unknown_user_has_no_name() {
        let passwd = "root:x:0:65532::/:/bin/sh\nbroken\n65532:65532\n";
        contains(&of(STATUS, passwd, None), r#""user":null"#);
    }

    #[test]
    fn tells_nothing_where_the_system_tells_nothing() {
        contains(
            &of("", "", None),
            r#""uid":null,"gid":null,"groups":[],"user":null,"capEff":null,"noNewPrivs":null"#,
        );
    }

    #[test]
    fn tells_the_build_proof_if_there_is_one() {
        contains(&of("", "", Some("c0ffee")), r#""buildProof":"c0ffee""#);
        contains(&of("", "", Some("")), r#""buildProof":null"#);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_this_process() {
        contains(&this_process(), r#""capEff":"0"#);
    }
}
