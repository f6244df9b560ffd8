//! The routes of the service contract.

use crate::about;
use crate::clock;
use crate::fetch;
use crate::http::{Answer, Query};
use crate::json;
use crate::server::Route;
use crate::temporary;
use std::env;
use std::thread;
use std::time::Duration;

const MAX_SLOW_MILLIS: u64 = 5_000;

/// Returns every route.
pub fn all() -> Vec<Route> {
    let routes = vec![
        Route::get("/", |_| about::this_process()),
        Route::get("/healthz", |_| Answer::text("ok")),
        Route::get("/fetch", |query| fetch::fetch(&query.first("url"))),
        Route::get("/slow", slow),
        Route::get("/time", |query| clock::now_in(&query.first("tz"))),
        Route::post("/tmp", |_| temporary::try_file_in(&env::temp_dir())),
    ];
    #[cfg(feature = "drill")]
    let routes = {
        let mut routes = routes;
        routes.extend(crate::drill::routes());
        routes
    };
    routes
}

/// Answers after so many milliseconds, so that a graceful stop can be watched.
fn slow(query: &Query) -> Answer {
    let millis = query.first("ms");
    if millis.is_empty() || millis.len() > 9 || !millis.bytes().all(|b| b.is_ascii_digit()) {
        return Answer::error(400, "ms must be a number of milliseconds");
    }
    let pause = millis
        .parse()
        .unwrap_or(MAX_SLOW_MILLIS)
        .min(MAX_SLOW_MILLIS);
    thread::sleep(Duration::from_millis(pause));
    Answer::json(200, json::object([("sleptMillis", pause.into())]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    fn ask(path: &str, query: &str) -> Answer {
        let routes = all();
        let route = routes.iter().find(|route| route.path == path).unwrap();
        (route.handle)(&Query::parse(query))
    }

    #[test]
    fn healthz_says_ok() {
        let answer = ask("/healthz", "");
        assert_eq!((answer.status, answer.body.as_str()), (200, "ok"));
    }

    #[test]
    fn tells_about_itself() {
        assert!(ask("/", "").body.starts_with(r#"{"track":"rust","#));
    }

    #[test]
    fn tells_the_time() {
        assert!(ask("/time", "tz=UTC").body.contains(r#""offset":"+00:00""#));
        assert_eq!(ask("/time", "tz=Mars/Olympus").status, 500);
    }

    #[test]
    fn fetches() {
        assert!(ask("/fetch", "url=file:///etc/passwd")
            .body
            .contains("bad-url"));
    }

    #[test]
    fn writes_a_temporary_file() {
        assert_eq!(ask("/tmp", "").status, 200);
    }

    #[test]
    fn slow_takes_its_time() {
        let begin = Instant::now();
        assert_eq!(ask("/slow", "ms=120").body, "{\"sleptMillis\":120}\n");
        assert!(begin.elapsed() >= Duration::from_millis(120));
    }

    #[test]
    fn slow_wants_a_number() {
        for query in ["", "ms=", "ms=soon", "ms=-1", "ms=+1", "ms=1234567890"] {
            assert_eq!(ask("/slow", query).status, 400, "{query}");
        }
    }
}
