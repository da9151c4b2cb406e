//! llama.cpp's own words for what went wrong: its log lines, of which the last errors are kept.

use std::fmt;
use std::sync::Mutex;

use llama_cpp_2::{LogOptions, send_logs_to_tracing};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// How many lines are kept.
const KEPT: usize = 3;

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Takes over llama.cpp's log: nothing is printed, errors are kept.
pub(super) fn listen() {
    // A program around this library may have its own subscriber; then its log has the lines, and the reason stays general.
    let _ = tracing::subscriber::set_global_default(Errors);
    send_logs_to_tracing(LogOptions::default());
}

/// The last errors, or `general` where llama.cpp said nothing.
pub(super) fn last(general: &str) -> String {
    let Ok(mut lines) = LINES.lock() else {
        return general.to_owned();
    };
    let said = lines.join("; ");
    lines.clear();
    if said.is_empty() {
        general.to_owned()
    } else {
        said
    }
}

struct Errors;

impl Subscriber for Errors {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::ERROR
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        let line = message.0.trim().to_owned();
        if let Ok(mut lines) = LINES.lock()
            && !line.is_empty()
            && !lines.contains(&line)
        {
            if lines.len() == KEPT {
                lines.remove(0);
            }
            lines.push(line);
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            value.clone_into(&mut self.0);
        }
    }
}
