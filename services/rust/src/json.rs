//! Writes JSON; the standard library has no writer of its own.

use std::fmt::Write;

pub enum Value {
    Null,
    Bool(bool),
    Number(u64),
    Numbers(Vec<u64>),
    Text(String),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, T::into)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Value {
        Value::Number(value)
    }
}

impl From<Vec<u64>> for Value {
    fn from(value: Vec<u64>) -> Value {
        Value::Numbers(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::Text(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(value.to_string())
    }
}

/// Returns an object with these names and values.
pub fn object<const N: usize>(members: [(&str, Value); N]) -> String {
    let members = members.map(|(name, value)| format!("{}:{}", quoted(name), text(&value)));
    format!("{{{}}}", members.join(","))
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "null".to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::Numbers(values) => {
            let values: Vec<String> = values.iter().map(u64::to_string).collect();
            format!("[{}]", values.join(","))
        }
        Value::Text(value) => quoted(value),
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // Writing to a String cannot fail.
            c if c < ' ' => drop(write!(out, "\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_each_kind_of_value() {
        let written = object([
            ("a", 1.into()),
            ("b", true.into()),
            ("c", None::<u64>.into()),
            ("d", vec![1, 2].into()),
            ("e", "x".into()),
        ]);
        assert_eq!(written, r#"{"a":1,"b":true,"c":null,"d":[1,2],"e":"x"}"#);
    }

    #[test]
    fn escapes_what_would_end_the_text() {
        assert_eq!(quoted("a\"b\\c\nd\u{e4}"), "\"a\\\"b\\\\c\\u000ad\u{e4}\"");
    }
}
