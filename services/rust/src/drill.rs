//! VULNERABLE BY DESIGN. Only a build with `--features drill` has this file, and such a build is
//! attacked by the hardening drill, in a container without a network. Never release it, never
//! publish its port.

use crate::http::{Answer, Query};
use crate::json;
use crate::server::Route;
use crate::signals;
use crate::temporary;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

pub const MARK: &str = "by design, for the hardening drill";

const FOLDER: &str = "/srv/files";
const DEADLINE: Duration = Duration::from_secs(5);
const MAX_SHOWN: u64 = 8 << 10;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/drill/ping", |query| {
            answer(ping("sh", &query.first("host"), DEADLINE))
        }),
        Route::get("/drill/file", |query| answer(file(&query.first("name")))),
        Route::post("/drill/save", |query| answer(save(query))),
    ]
}

/// Pings a host. Flaw: the host is pasted into a shell's command line.
fn ping(shell: &str, host: &str, deadline: Duration) -> io::Result<String> {
    let mut process = Command::new(shell)
        .arg("-c")
        .arg(format!("exec 2>&1; ping -c 1 {host}"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(|e| io::Error::new(e.kind(), format!("{shell}: {e}")))?;
    let leader = process.id();
    let (ended, has_ended) = mpsc::channel::<()>();
    let killer = thread::Builder::new().spawn(move || {
        let _ = has_ended.recv_timeout(deadline);
        // The whole group: what the shell has started may hold its output open.
        signals::kill_group(leader);
    });
    let output = match process.stdout.take() {
        Some(stdout) if killer.is_ok() => shown(stdout),
        _ => Err(io::Error::other("no thread can be started")),
    };
    drop(ended);
    match killer {
        Ok(killer) => drop(killer.join()),
        Err(_) => signals::kill_group(leader),
    }
    process.wait()?;
    output
}

/// Shows a file. Flaw: the name may lead out of the folder.
fn file(name: &str) -> io::Result<String> {
    shown(File::open(path(name))?)
}

/// Makes a text the content of a file. Flaw: the name may lead out of the folder, and what is there
/// already is replaced.
fn save(query: &Query) -> io::Result<String> {
    let path = path(&query.first("name"));
    // Beside the file and renamed, as careful programs do: no reader sees half a file.
    let folder = path.parent().unwrap_or(Path::new("/"));
    let beside = temporary::fresh(folder, ".save-", "");
    temporary::create(&beside, 0o755, query.first("text").as_bytes())?;
    fs::rename(&beside, &path).map_err(|e| {
        let _ = fs::remove_file(&beside);
        e
    })?;
    Ok(path.display().to_string())
}

/// Returns where a name leads from the folder, which need not be there.
fn path(name: &str) -> PathBuf {
    let mut path = PathBuf::from(FOLDER);
    for part in Path::new(name).components() {
        match part {
            Component::ParentDir => drop(path.pop()),
            Component::Normal(part) => path.push(part),
            _ => {}
        }
    }
    path
}

fn shown(stream: impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    stream.take(MAX_SHOWN).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn answer(result: io::Result<String>) -> Answer {
    let (status, name, text) = match result {
        Ok(output) => (200, "output", output),
        Err(e) => (500, "error", e.to_string()),
    };
    let body = json::object([("vulnerable", MARK.into()), (name, text.into())]);
    Answer::json(status, body).with("X-Vulnerable", MARK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Instant;

    const UP: &str = "../../../..";

    /// A file in a folder of its own, which goes with it.
    struct Scratch(PathBuf);

    impl Scratch {
        fn with(content: &str) -> Scratch {
            let folder = temporary::fresh(&env::temp_dir(), "drill-test-", "");
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("file"), content).unwrap();
            Scratch(folder.join("file"))
        }

        fn name(&self) -> String {
            format!("{UP}{}", self.0.display())
        }
    }

    fn saved(name: &str, text: &str) -> io::Result<String> {
        save(&Query::parse(&format!("text={text}&name={name}")))
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(self.0.parent().unwrap());
        }
    }

    #[test]
    fn says_that_it_is_vulnerable() {
        for (path, query) in [("/drill/ping", "host="), ("/drill/file", "name=none")] {
            let routes = crate::routes::all();
            let route = routes.iter().find(|route| route.path == path).unwrap();
            let bytes = (route.handle)(&Query::parse(query)).bytes(false);
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.contains("\r\nX-Vulnerable: by design"), "{text}");
            assert!(text.contains(r#"{"vulnerable":"by design"#), "{text}");
        }
    }

    #[test]
    fn ping_runs_what_is_injected() {
        let output = ping("sh", "; echo x-$((17*23))", DEADLINE).unwrap();
        assert!(output.contains("x-391"), "{output}");
    }

    #[test]
    fn ping_needs_a_shell() {
        let error = ping("/no/such/shell", "; echo x", DEADLINE).unwrap_err();
        assert!(error.to_string().starts_with("/no/such/shell: "), "{error}");
    }

    #[test]
    fn ping_is_bounded() {
        let begin = Instant::now();
        ping("sh", "; sleep 600", Duration::from_millis(300)).unwrap();
        assert!(begin.elapsed() < Duration::from_secs(300));
        let output = ping("sh", "; yes", DEADLINE).unwrap();
        assert_eq!(output.len() as u64, MAX_SHOWN);
    }

    #[test]
    fn file_leads_anywhere() {
        let scratch = Scratch::with("out of bounds");
        assert_eq!(file(&scratch.name()).unwrap(), "out of bounds");
    }

    #[test]
    fn file_shows_only_a_beginning() {
        let scratch = Scratch::with(&"x".repeat(MAX_SHOWN as usize + 1));
        assert_eq!(file(&scratch.name()).unwrap().len() as u64, MAX_SHOWN);
    }

    #[test]
    fn save_replaces_what_it_may() {
        let scratch = Scratch::with("before");
        let told = saved(&scratch.name(), "after").unwrap();
        assert_eq!(told, scratch.0.display().to_string());
        assert_eq!(fs::read_to_string(&scratch.0).unwrap(), "after");
        let mode = fs::metadata(&scratch.0).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o755);
        assert_eq!(
            fs::read_dir(scratch.0.parent().unwrap()).unwrap().count(),
            1
        );
    }

    #[test]
    fn save_tells_why_it_cannot() {
        let scratch = Scratch::with("before");
        let none = saved(&format!("{UP}/no/such/folder/file"), "x");
        assert!(none.is_err());
        // A folder is not replaced by a file, and nothing stays beside it.
        let folder = scratch.0.parent().unwrap();
        let beside = folder.join("folder");
        fs::create_dir(&beside).unwrap();
        assert!(saved(&format!("{UP}{}", beside.display()), "x").is_err());
        assert_eq!(fs::read_dir(folder).unwrap().count(), 2);
    }
}
