//! The thread that searches answers, so that no key stroke waits for one.
//!
//! A document is searched once it has rested for a while. A search that has begun runs to its end; its answer counts
//! only while the document still has the version it was asked for.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::remedy;
use super::session::Knowledge;
use crate::pipeline::{self, Compilation};
use crate::solve::{self, WhyClass};

/// A question.
pub(super) struct Question {
    /// The document.
    pub(super) uri: String,
    /// Its version.
    pub(super) version: i32,
    /// How findings call it.
    pub(super) name: String,
    /// Its text.
    pub(super) text: String,
}

/// What was found for one version of a document.
pub(super) struct Answer {
    /// The document.
    pub(super) uri: String,
    /// The version it holds for.
    pub(super) version: i32,
    /// Findings, the spec and its solution.
    pub(super) compilation: Compilation,
    /// How many of the findings are about the text; those of the search follow.
    pub(super) of_text: usize,
    /// How far the limits are away, per class with a choice.
    pub(super) slack: Vec<WhyClass>,
}

/// What the thread is told.
enum Order {
    Search(Question),
    Forget(String),
}

/// The way to the thread; it ends when this is dropped.
pub(super) struct Solver {
    orders: Sender<Order>,
}

impl Solver {
    /// Starts the thread. Answers go to `report`, which says whether anybody still listens.
    pub(super) fn start(
        knowledge: Arc<Knowledge>,
        rest: Duration,
        report: impl Fn(Answer) -> bool + Send + 'static,
    ) -> Self {
        let (orders, receiver) = mpsc::channel();
        thread::spawn(move || work(&knowledge, rest, &receiver, &report));
        Self { orders }
    }

    /// Asks for an answer; replaces what was asked of the same document before.
    pub(super) fn search(&self, question: Question) {
        // The thread only ends with the server.
        let _ = self.orders.send(Order::Search(question));
    }

    /// The document was closed.
    pub(super) fn forget(&self, uri: String) {
        let _ = self.orders.send(Order::Forget(uri));
    }
}

fn work(
    knowledge: &Knowledge,
    rest: Duration,
    orders: &Receiver<Order>,
    report: &impl Fn(Answer) -> bool,
) {
    let mut waiting: BTreeMap<String, (Instant, Question)> = BTreeMap::new();
    loop {
        let due = waiting.values().map(|(due, _)| *due).min();
        let order = match due {
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(due) => orders.recv_timeout(due.saturating_duration_since(Instant::now())),
        };
        match order {
            Ok(Order::Search(question)) => {
                let due = Instant::now() + rest;
                waiting.insert(question.uri.clone(), (due, question));
                continue;
            }
            Ok(Order::Forget(uri)) => {
                waiting.remove(&uri);
                continue;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let now = Instant::now();
        let ready = waiting.iter().find(|(_, (due, _))| *due <= now);
        let Some(uri) = ready.map(|(uri, _)| uri.clone()) else {
            continue;
        };
        let Some((_, question)) = waiting.remove(&uri) else {
            continue;
        };
        // A mistake of ours in one document must not end the service for the others; its report is on standard error.
        let answer = catch_unwind(AssertUnwindSafe(|| answer(knowledge, question)));
        if let Ok(answer) = answer
            && !report(answer)
        {
            return;
        }
    }
}

/// Reads and searches one text.
pub(super) fn answer(knowledge: &Knowledge, question: Question) -> Answer {
    let Question {
        uri,
        version,
        name,
        text,
    } = question;
    let reading = pipeline::read(&text, &name, &knowledge.vocabulary, &knowledge.overrides);
    let of_text = reading.diagnostics.len();
    let mut compilation = pipeline::answer(reading, &knowledge.catalog, &knowledge.rules);
    remedy::add(&mut compilation, knowledge);
    let slack = match (&compilation.spec, &compilation.solution) {
        (Some(spec), Some(solution)) => {
            solve::why(&knowledge.catalog, &knowledge.rules, spec, solution, None).classes
        }
        _ => Vec::new(),
    };
    Answer {
        uri,
        version,
        compilation,
        of_text,
        slack,
    }
}
