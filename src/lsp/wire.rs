//! Messages on a stream: JSON behind a `Content-Length`, read so that no input can stop or exhaust the server.
//!
//! `lsp-server` gives the messages their types and writes them. Its own reader ends at the first malformed message and
//! reserves whatever length a header claims, so reading is done here.

use std::io::{self, BufRead, Read as _, Write};

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

/// Longest message that is taken, in bytes; sixty times the longest spec.
const MAX_MESSAGE: u64 = 32 << 20;
/// Longest header line, in bytes.
const MAX_HEADER: u64 = 8 << 10;

/// What came in.
pub(super) enum Received {
    /// A message.
    Message(Message),
    /// Something that is none, and what to answer.
    Malformed {
        /// The id it came with; null where none could be read.
        id: Value,
        /// The error of JSON-RPC.
        code: ErrorCode,
        /// For the developer of the client.
        reason: String,
    },
}

/// The next message; `None` at the end of the stream.
///
/// # Errors
/// When the stream cannot be read.
pub(super) fn receive(input: &mut impl BufRead) -> io::Result<Option<Received>> {
    let mut length = None;
    let mut odd = false;
    loop {
        let mut line = Vec::new();
        if input
            .by_ref()
            .take(MAX_HEADER)
            .read_until(b'\n', &mut line)?
            == 0
        {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if line.is_empty() {
            if length.is_some() || odd {
                break;
            }
            continue;
        }
        match header(line) {
            Header::Length(bytes) => length = Some(bytes),
            Header::Other => {}
            Header::None => odd = true,
        }
    }
    let Some(length) = length else {
        let reason = "a message begins with `Content-Length: N` and an empty line";
        return Ok(Some(malformed(Value::Null, ErrorCode::ParseError, reason)));
    };
    if length > MAX_MESSAGE {
        io::copy(&mut input.by_ref().take(length), &mut io::sink())?;
        let reason = format!("a message of {length} bytes is too long; at most {MAX_MESSAGE}");
        return Ok(Some(malformed(
            Value::Null,
            ErrorCode::InvalidRequest,
            reason,
        )));
    }
    let mut body = Vec::new();
    input.by_ref().take(length).read_to_end(&mut body)?;
    if (body.len() as u64) < length {
        return Ok(None);
    }
    Ok(Some(decode(&body)))
}

enum Header {
    Length(u64),
    Other,
    None,
}

/// The length may stand behind the rest of a body that was longer than its header said: there reading finds its feet
/// again.
fn header(line: &str) -> Header {
    const NAME: &str = "content-length:";
    let lower = line.to_ascii_lowercase();
    if let Some(at) = lower.rfind(NAME) {
        let number = lower.get(at + NAME.len()..).unwrap_or_default().trim();
        return number.parse().map_or(Header::None, Header::Length);
    }
    match line.split_once(':') {
        Some((name, _)) if !name.is_empty() && !name.contains([' ', '{', '"']) => Header::Other,
        _ => Header::None,
    }
}

fn malformed(id: Value, code: ErrorCode, reason: impl Into<String>) -> Received {
    Received::Malformed {
        id,
        code,
        reason: reason.into(),
    }
}

fn decode(body: &[u8]) -> Received {
    let value: Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(error) => {
            let reason = format!("the body is not JSON: {error}");
            return malformed(Value::Null, ErrorCode::ParseError, reason);
        }
    };
    let id = value.get("id").cloned();
    let usable = id
        .clone()
        .filter(|id| id.is_i64() || id.is_string())
        .unwrap_or(Value::Null);
    let is_call = value.get("method").is_some();
    let message = match (is_call, &id) {
        (true, Some(_)) => serde_json::from_value::<Request>(value).map(Message::Request),
        (true, None) => serde_json::from_value::<Notification>(value).map(Message::Notification),
        _ => serde_json::from_value::<Response>(value).map(Message::Response),
    };
    match message {
        Ok(message) => Received::Message(message),
        Err(_) => {
            let reason = "neither a request nor a notification nor a response";
            malformed(usable, ErrorCode::InvalidRequest, reason)
        }
    }
}

/// Writes a message.
///
/// # Errors
/// When the stream cannot be written.
pub(super) fn send(output: &mut impl Write, message: impl Into<Message>) -> io::Result<()> {
    message.into().write(output)
}

/// Answers something that was no message.
///
/// # Errors
/// When the stream cannot be written.
pub(super) fn refuse(
    output: &mut impl Write,
    id: Value,
    code: ErrorCode,
    reason: String,
) -> io::Result<()> {
    if let Ok(id) = serde_json::from_value::<RequestId>(id) {
        return send(output, Response::new_err(id, code as i32, reason));
    }
    let error = json!({ "code": code as i32, "message": reason });
    let body = json!({ "jsonrpc": "2.0", "id": null, "error": error }).to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(mut input: &[u8]) -> Vec<String> {
        let mut seen = Vec::new();
        while let Some(received) = receive(&mut input).expect("memory") {
            seen.push(match received {
                Received::Message(Message::Request(request)) => request.method,
                Received::Message(Message::Notification(call)) => format!("-> {}", call.method),
                Received::Message(Message::Response(_)) => "response".to_owned(),
                Received::Malformed { id, code, .. } => format!("{} {id}", code as i32),
            });
        }
        seen
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    #[test]
    fn what_is_no_message_is_refused_and_the_next_one_is_read() {
        let good = framed(r#"{"jsonrpc":"2.0","id":1,"method":"shutdown"}"#);
        for (bad, code) in [
            (framed("{"), "-32700 null"),
            (framed("[1]"), "-32600 null"),
            (framed(r#"{"id":7,"method":8}"#), "-32600 7"),
            (framed(r#"{"id":1.5,"method":"x"}"#), "-32600 null"),
            (framed(r#"{"id":"a"}"#), "-32600 \"a\""),
            ("hello world\r\n\r\n".to_owned(), "-32700 null"),
            ("Content-Length: many\r\n\r\n".to_owned(), "-32700 null"),
            (
                "Content-Type: x\r\nContent-Length: 1\r\n\r\n{".to_owned(),
                "-32700 null",
            ),
        ] {
            assert_eq!(
                all(format!("{bad}{good}").as_bytes()),
                [code, "shutdown"],
                "{bad}"
            );
        }
    }

    #[test]
    fn a_wrong_length_loses_one_message_not_the_stream() {
        let long = r#"{"id":1,"method":"a"} and more"#;
        let short = format!("Content-Length: 21\r\n\r\n{long}");
        let text = format!("{short}{}", framed(r#"{"method":"b"}"#));
        assert_eq!(all(text.as_bytes()), ["a", "-> b"]);
        assert_eq!(
            all(b"Content-Length: 9999999999999\r\n\r\n{}"),
            ["-32600 null"]
        );
    }

    proptest! {
        #[test]
        fn no_bytes_stop_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            all(&bytes);
        }
    }
}
