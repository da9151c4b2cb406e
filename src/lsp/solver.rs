//! A thread that searches, so that no key stroke waits for it: one searches answers, another one plans.
//!
//! A document is searched once it has rested for a while. A search ends at its next step when the document changes
//! meanwhile, and what it finds counts only while the document is in the state it was asked for.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::document::{Answer, Document};
use super::ground::Knowledge;
use super::remedy;
use crate::diagnostic::Locale;
use crate::pipeline;
use crate::solve::{self, Locked, Stop, unless_stopped};

/// A question.
pub(super) struct Question {
    /// The document.
    pub(super) uri: String,
    /// The number of its state.
    turn: u64,
    /// How findings call it.
    pub(super) name: String,
    /// Its text.
    pub(super) text: String,
    pub(super) knowledge: Arc<Knowledge>,
    pub(super) locked: Locked,
    /// The language of a page for a spec that names none.
    pub(super) locale: Locale,
}

impl Question {
    /// What a document asks as it stands.
    pub(super) fn of(uri: &str, document: &Document, locale: Locale) -> Self {
        Self {
            uri: uri.to_owned(),
            turn: document.turn,
            name: document.name.clone(),
            text: document.text.clone(),
            knowledge: Arc::clone(&document.knowledge),
            locked: document.locked.clone(),
            locale,
        }
    }
}

/// What became of a question.
pub(super) struct Outcome {
    /// The document.
    pub(super) uri: String,
    /// The state it holds for.
    pub(super) turn: u64,
    /// `None` when a mistake of ours ended the search.
    pub(super) found: Option<Found>,
}

/// What a search found.
pub(super) enum Found {
    /// The answer to a document.
    Answer(Box<Answer>),
    /// Its plan.
    Plan(Page),
}

/// A plan to be shown, or why it cannot be.
pub(super) type Page = Result<String, String>;

/// What a thread makes of a question.
pub(super) type Work = fn(Question) -> Found;

/// What the thread is told.
enum Order {
    Search(Question),
    /// Do not wait until the document has rested.
    Hurry(String),
    Forget(String),
}

/// The search that goes on.
struct Running {
    uri: String,
    turn: u64,
    stop: Stop,
}

/// The way to the thread; it ends when this is dropped.
pub(super) struct Solver {
    orders: Sender<Order>,
    running: Arc<Mutex<Option<Running>>>,
}

impl Solver {
    /// Starts a thread that does this work once a document has rested. What it finds goes to `report`, which says whether
    /// anybody still listens.
    pub(super) fn start(
        rest: Duration,
        work: Work,
        report: impl Fn(Outcome) -> bool + Send + 'static,
    ) -> Self {
        let (orders, receiver) = mpsc::channel();
        let running = Arc::default();
        let mut worker = Worker {
            rest,
            work,
            running: Arc::clone(&running),
            waiting: BTreeMap::new(),
        };
        thread::spawn(move || worker.run(&receiver, &report));
        Self { orders, running }
    }

    /// Asks for an answer; replaces what was asked of earlier states of the same document.
    pub(super) fn search(&self, question: Question) {
        let (uri, turn) = (question.uri.clone(), question.turn);
        self.tell(Order::Search(question));
        self.give_up(&uri, turn);
    }

    /// What was asked of the document is wanted at once.
    pub(super) fn hurry(&self, uri: &str) {
        self.tell(Order::Hurry(uri.to_owned()));
    }

    /// Nothing is to be searched of the document any more: what was asked of states before `turn` is given up.
    pub(super) fn forget(&self, uri: &str, turn: u64) {
        self.tell(Order::Forget(uri.to_owned()));
        self.give_up(uri, turn);
    }

    fn tell(&self, order: Order) {
        // The thread only ends with the server.
        let _ = self.orders.send(order);
    }

    /// Stops the search of an earlier state.
    pub(super) fn give_up(&self, uri: &str, turn: u64) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = |running: &&Running| running.uri == uri && running.turn < turn;
        if let Some(running) = running.as_ref().filter(earlier) {
            running.stop.now();
        }
    }
}

/// The thread's side.
struct Worker {
    rest: Duration,
    work: Work,
    running: Arc<Mutex<Option<Running>>>,
    /// What is to be searched, and when.
    waiting: BTreeMap<String, (Instant, Question)>,
}

impl Worker {
    fn run(&mut self, orders: &Receiver<Order>, report: &impl Fn(Outcome) -> bool) {
        loop {
            let due = self.waiting.values().map(|(due, _)| *due).min();
            let order = match due {
                None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => orders.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            match order {
                Ok(order) => {
                    self.take(order);
                    continue;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            let now = Instant::now();
            let ready = self.waiting.iter().find(|(_, (due, _))| *due <= now);
            let Some(uri) = ready.map(|(uri, _)| uri.clone()) else {
                continue;
            };
            let Some((_, question)) = self.waiting.remove(&uri) else {
                continue;
            };
            let stop = Stop::default();
            self.set(Some(Running {
                uri: uri.clone(),
                turn: question.turn,
                stop: stop.clone(),
            }));
            let outcome = self.search(question, orders, &stop);
            self.set(None);
            if outcome.is_some_and(|outcome| !report(outcome)) {
                return;
            }
        }
    }

    /// Searches until stopped.
    fn search(
        &mut self,
        question: Question,
        orders: &Receiver<Order>,
        stop: &Stop,
    ) -> Option<Outcome> {
        // What was told before the search could be stopped from outside.
        let mut superseded = false;
        for order in orders.try_iter() {
            superseded |= order.supersedes(&question.uri);
            self.take(order);
        }
        if superseded {
            return None;
        }
        let (uri, turn) = (question.uri.clone(), question.turn);
        // A mistake of ours in one document must not end the service for the others; its report is on standard error.
        let searched = catch_unwind(AssertUnwindSafe(|| {
            unless_stopped(stop, || (self.work)(question))
        }));
        let found = match searched {
            Ok(found) => Some(found?),
            Err(_) => None,
        };
        Some(Outcome { uri, turn, found })
    }

    fn take(&mut self, order: Order) {
        match order {
            Order::Search(question) => {
                let due = Instant::now() + self.rest;
                self.waiting.insert(question.uri.clone(), (due, question));
            }
            Order::Hurry(uri) => {
                if let Some((due, _)) = self.waiting.get_mut(&uri) {
                    *due = Instant::now();
                }
            }
            Order::Forget(uri) => {
                self.waiting.remove(&uri);
            }
        }
    }

    fn set(&self, now: Option<Running>) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
}

impl Order {
    /// Whether what was asked of the document before is not wanted any more.
    fn supersedes(&self, uri: &str) -> bool {
        match self {
            Self::Search(question) => question.uri == uri,
            Self::Forget(other) => other == uri,
            Self::Hurry(_) => false,
        }
    }
}

/// Reads and searches one text.
pub(super) fn answer(question: Question) -> Found {
    let Question {
        turn,
        name,
        text,
        knowledge,
        locked,
        ..
    } = question;
    let reading = pipeline::read(&text, &name, &knowledge.vocabulary, &knowledge.overrides);
    let of_text = reading.diagnostics.len();
    let (catalog, rules) = (&knowledge.catalog, &knowledge.rules);
    let mut compilation = pipeline::answer_locked(reading, catalog, rules, &locked);
    remedy::add(&mut compilation, &knowledge);
    let slack = match (&compilation.spec, &compilation.solution) {
        (Some(spec), Some(solution)) => solve::why(catalog, rules, spec, solution, None).classes,
        _ => Vec::new(),
    };
    Found::Answer(Box::new(Answer {
        turn,
        compilation,
        of_text,
        slack,
    }))
}
