//! The thread that searches answers, so that no key stroke waits for one.
//!
//! A document is searched once it has rested for a while. A search is given up at its next step when the document changes
//! meanwhile, and an answer counts only while the document is in the state it was asked for.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::document::Document;
use super::ground::Knowledge;
use super::remedy;
use crate::pipeline::{self, Compilation};
use crate::solve::{self, Locked, WhyClass};

/// A question.
pub(super) struct Question {
    /// The document.
    pub(super) uri: String,
    /// The number of its state.
    turn: u64,
    /// How findings call it.
    name: String,
    /// Its text.
    text: String,
    knowledge: Arc<Knowledge>,
    pub(super) locked: Locked,
}

impl Question {
    /// What a document asks as it stands.
    pub(super) fn of(uri: &str, document: &Document) -> Self {
        Self {
            uri: uri.to_owned(),
            turn: document.turn,
            name: document.name.clone(),
            text: document.text.clone(),
            knowledge: Arc::clone(&document.knowledge),
            locked: document.locked.clone(),
        }
    }
}

/// Says that an answer is no longer wanted.
#[derive(Debug, Default)]
pub(super) struct Stop(AtomicBool);

impl Stop {
    fn now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether to give up.
    pub(super) fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What was found for one state of a document.
pub(super) struct Answer {
    /// The document.
    pub(super) uri: String,
    /// The state it holds for.
    pub(super) turn: u64,
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

/// The document that is being searched, and how to end that.
type Running = Mutex<Option<(String, Arc<Stop>)>>;

/// The way to the thread; it ends when this is dropped.
pub(super) struct Solver {
    orders: Sender<Order>,
    running: Arc<Running>,
}

impl Solver {
    /// Starts the thread. Answers go to `report`, which says whether anybody still listens.
    pub(super) fn start(rest: Duration, report: impl Fn(Answer) -> bool + Send + 'static) -> Self {
        let (orders, receiver) = mpsc::channel();
        let running = Arc::new(Running::default());
        let own = Arc::clone(&running);
        thread::spawn(move || work(rest, &receiver, &own, &report));
        Self { orders, running }
    }

    /// Asks for an answer; replaces what was asked of the same document before.
    pub(super) fn search(&self, question: Question) {
        self.give_up(&question.uri);
        // The thread only ends with the server.
        let _ = self.orders.send(Order::Search(question));
    }

    /// Nothing is to be searched of the document: it was closed, or its text has errors.
    pub(super) fn forget(&self, uri: String) {
        self.give_up(&uri);
        let _ = self.orders.send(Order::Forget(uri));
    }

    fn give_up(&self, uri: &str) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, stop)) = running.as_ref().filter(|(own, _)| own == uri) {
            stop.now();
        }
    }
}

fn work(
    rest: Duration,
    orders: &Receiver<Order>,
    running: &Running,
    report: &impl Fn(Answer) -> bool,
) {
    let set = |now: Option<(String, Arc<Stop>)>| {
        *running.lock().unwrap_or_else(PoisonError::into_inner) = now;
    };
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
        let stop = Arc::new(Stop::default());
        set(Some((uri, Arc::clone(&stop))));
        // A mistake of ours in one document must not end the service for the others; its report is on standard error.
        let answer = catch_unwind(AssertUnwindSafe(|| answer(question, &stop)));
        set(None);
        if let Ok(Some(answer)) = answer
            && !report(answer)
        {
            return;
        }
    }
}

/// Reads and searches one text; `None` when it was told to stop.
pub(super) fn answer(question: Question, stop: &Stop) -> Option<Answer> {
    let Question {
        uri,
        turn,
        name,
        text,
        knowledge,
        locked,
    } = question;
    let reading = pipeline::read(&text, &name, &knowledge.vocabulary, &knowledge.overrides);
    let of_text = reading.diagnostics.len();
    let (catalog, rules) = (&knowledge.catalog, &knowledge.rules);
    let mut compilation = pipeline::answer_locked(reading, catalog, rules, &locked);
    remedy::add(&mut compilation, &knowledge, stop);
    if stop.asked() {
        return None;
    }
    let slack = match (&compilation.spec, &compilation.solution) {
        (Some(spec), Some(solution)) => solve::why(catalog, rules, spec, solution, None).classes,
        _ => Vec::new(),
    };
    Some(Answer {
        uri,
        turn,
        compilation,
        of_text,
        slack,
    })
}
