//! Proves that temporary files work where the system keeps them.

use crate::http::Answer;
use crate::json;
use std::collections::hash_map::RandomState;
use std::fs::{self, OpenOptions};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

const CONTENT: &[u8] = b"three images, one service\n";

/// Writes a file, reads it back and deletes it.
pub fn try_file_in(folder: &Path) -> Answer {
    let path = fresh(folder, "diet-", ".tmp");
    match try_file(&path) {
        Ok(()) => Answer::json(
            200,
            json::object([("path", path.to_string_lossy().as_ref().into())]),
        ),
        Err(e) => Answer::error(500, &format!("{}: {e}", path.display())),
    }
}

fn try_file(path: &Path) -> io::Result<()> {
    create(path, 0o600, CONTENT)?;
    let back = fs::read(path);
    fs::remove_file(path)?;
    if back? == CONTENT {
        Ok(())
    } else {
        Err(io::Error::other("it reads back differently"))
    }
}

/// Returns a path that nobody else can foresee.
pub fn fresh(folder: &Path, prefix: &str, suffix: &str) -> PathBuf {
    // The standard library's only source of randomness: the keys of its hash tables.
    let random = RandomState::new().build_hasher().finish();
    folder.join(format!("{prefix}{random:016x}{suffix}"))
}

/// Creates a file that is not there yet; leaves none when it cannot be written.
pub fn create(path: &Path, mode: u32, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path)?;
    file.write_all(content).map_err(|e| {
        let _ = fs::remove_file(path);
        e
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env;

    #[test]
    fn leaves_nothing_behind() {
        let folder = fresh(&env::temp_dir(), "diet-test-", "");
        fs::create_dir(&folder).unwrap();
        let answer = try_file_in(&folder);
        let left = fs::read_dir(&folder).unwrap().count();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!((answer.status, left), (200, 0), "{}", answer.body);
        assert!(answer.body.contains(folder.to_str().unwrap()));
    }

    #[test]
    fn fails_without_a_folder() {
        let answer = try_file_in(Path::new("/no/such/folder"));
        assert_eq!(answer.status, 500);
        assert!(answer.body.contains(r#"{"error":"/no/such/folder/"#));
    }

    #[test]
    fn does_not_write_to_what_is_there() {
        let path = fresh(&env::temp_dir(), "diet-test-", "");
        create(&path, 0o600, b"before").unwrap();
        assert!(try_file(&path).is_err());
        let content = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert_eq!(content, b"before");
    }
}
