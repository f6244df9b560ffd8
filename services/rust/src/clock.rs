//! Tells the time in a zone of the time zone database.

use crate::http::Answer;
use crate::json;
use crate::zone;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

const ZONES: &str = "/usr/share/zoneinfo";
// The largest zone has about 4 kB.
const MAX_BYTES: u64 = 64 << 10;

/// Answers with the time in that zone, or in UTC when the name is empty.
pub fn now_in(name: &str) -> Answer {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let unix = since.map_or(0, |since| since.as_secs() as i64);
    time_in(name, unix, Path::new(ZONES))
}

fn time_in(name: &str, unix: i64, zones: &Path) -> Answer {
    // UTC needs no database, and an image without one shall not fail for it.
    let offset = if name.is_empty() || name == "UTC" {
        Some(0)
    } else {
        read(name, zones).and_then(|file| zone::offset(&file, unix))
    };
    let Some(offset) = offset else {
        return Answer::error(500, &format!("unknown time zone {name}"));
    };
    let local = unix + offset;
    let (year, month, day) = zone::date(local.div_euclid(86_400));
    let second = local.rem_euclid(86_400);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.abs() / 60;
    let offset = format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60);
    let time = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{offset}");
    Answer::json(
        200,
        json::object([("time", time.into()), ("offset", offset.into())]),
    )
}

/// Returns the file of a zone, if that can be the name of one.
fn read(name: &str, zones: &Path) -> Option<Vec<u8>> {
    let plausible = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"_-+".contains(&b))
    };
    if !name.split('/').all(plausible) {
        return None;
    }
    read_bounded(&zones.join(name)).ok()
}

fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    File::open(path)?
        .take(MAX_BYTES)
        .read_to_end(&mut content)?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temporary;
    use std::env;
    use std::fs;

    // 2026-01-02T03:04:05Z
    const WINTER: i64 = 1_767_323_045;

    /// Asks a database that is made for it: where the service is built there may be none.
    fn ask(name: &str) -> Answer {
        let zones = temporary::fresh(&env::temp_dir(), "diet-test-", "");
        fs::create_dir_all(zones.join("Asia")).unwrap();
        for (zone, rule) in [
            ("Asia/Kathmandu", "<+0545>-5:45"),
            ("Canada", "NST3:30NDT,M3.2.0,M11.1.0"),
            ("Etc+GMT-14", "<+14>-14"),
        ] {
            let file = zone::tests::file(&[], &[0], rule);
            fs::write(zones.join(zone), file).unwrap();
        }
        fs::write(zones.join("zone1970"), "# no zone").unwrap();
        let answer = time_in(name, WINTER, &zones);
        fs::remove_dir_all(&zones).unwrap();
        answer
    }

    #[test]
    fn knows_odd_offsets() {
        for (zone, time, offset) in [
            ("Asia/Kathmandu", "2026-01-02T08:49:05+05:45", "+05:45"),
            ("Canada", "2026-01-01T23:34:05-03:30", "-03:30"),
            ("Etc+GMT-14", "2026-01-02T17:04:05+14:00", "+14:00"),
            ("UTC", "2026-01-02T03:04:05+00:00", "+00:00"),
            ("", "2026-01-02T03:04:05+00:00", "+00:00"),
        ] {
            let expected = format!("{{\"time\":\"{time}\",\"offset\":\"{offset}\"}}\n");
            assert_eq!(ask(zone).body, expected, "{zone}");
        }
    }

    #[test]
    fn refuses_what_is_no_zone() {
        for zone in [
            "Mars/Olympus",
            "Local",
            "Asia",
            "zone1970",
            "../../etc/passwd",
            "Asia/../Asia/Kathmandu",
            "/Asia/Kathmandu",
            "Asia//Kathmandu",
            "+02:00",
            "\n",
            "\0",
        ] {
            let answer = ask(zone);
            assert_eq!(answer.status, 500, "{zone:?}");
            assert!(answer.body.contains(r#"{"error":"unknown time zone"#));
        }
    }

    #[test]
    fn tells_the_time_of_now() {
        let body = now_in("").body;
        assert!(body.starts_with(r#"{"time":"20"#), "{body}");
    }
}
