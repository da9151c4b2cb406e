//! A thread that searches, so that no key stroke waits for it: one searches answers, another one plans.
//!
//! A document is searched once it has rested for a while. A search ends at its next step when the document changes
//! meanwhile or the server ends, and what it finds counts only while the document is in the state it was asked for.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
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

/// What the server and the thread share. Of each document at most one question waits, however often it changes while another
/// one is searched.
#[derive(Default)]
struct Desk {
    /// What is to be searched, and when.
    waiting: BTreeMap<String, (Instant, Question)>,
    /// The search that goes on.
    running: Option<Running>,
    /// The server is gone.
    closed: bool,
}

/// The search that goes on.
struct Running {
    uri: String,
    turn: u64,
    stop: Stop,
}

impl Desk {
    /// Stops the search of an earlier state.
    fn give_up(&self, uri: &str, turn: u64) {
        let earlier = |running: &&Running| running.uri == uri && running.turn < turn;
        if let Some(running) = self.running.as_ref().filter(earlier) {
            running.stop.now();
        }
    }
}

/// The desk with the bell that rings when something on it is another.
#[derive(Default)]
struct Shared {
    desk: Mutex<Desk>,
    bell: Condvar,
}

impl Shared {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a question that is due; `None` when nobody is left to ask.
    fn next(&self) -> Option<(Question, Stop)> {
        let mut desk = self.desk();
        loop {
            if desk.closed {
                return None;
            }
            let first = desk.waiting.iter().min_by_key(|(_, (due, _))| *due);
            let Some((uri, due)) = first.map(|(uri, (due, _))| (uri.clone(), *due)) else {
                desk = self.bell.wait(desk).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let rest = due.saturating_duration_since(Instant::now());
            if !rest.is_zero() {
                let waited = self.bell.wait_timeout(desk, rest);
                desk = waited.unwrap_or_else(PoisonError::into_inner).0;
                continue;
            }
            if let Some((_, question)) = desk.waiting.remove(&uri) {
                let stop = Stop::default();
                desk.running = Some(Running {
                    uri,
                    turn: question.turn,
                    stop: stop.clone(),
                });
                return Some((question, stop));
            }
        }
    }
}

/// The way to the thread. When this is dropped, the search that goes on is stopped and the thread ends.
pub(super) struct Solver {
    shared: Arc<Shared>,
    rest: Duration,
}

impl Solver {
    /// Starts a thread that does this work once a document has rested. What it finds goes to `report`, which says whether
    /// anybody still listens.
    pub(super) fn start(
        rest: Duration,
        work: Work,
        report: impl Fn(Outcome) -> bool + Send + 'static,
    ) -> Self {
        let shared = Arc::<Shared>::default();
        let own = Arc::clone(&shared);
        thread::spawn(move || {
            while let Some((question, stop)) = own.next() {
                let outcome = search(question, work, &stop);
                own.desk().running = None;
                if outcome.is_some_and(|outcome| !report(outcome)) {
                    return;
                }
            }
        });
        Self { shared, rest }
    }

    /// Asks for an answer; replaces what was asked of earlier states of the same document.
    pub(super) fn search(&self, question: Question) {
        let mut desk = self.shared.desk();
        desk.give_up(&question.uri, question.turn);
        let due = Instant::now() + self.rest;
        desk.waiting.insert(question.uri.clone(), (due, question));
        self.shared.bell.notify_one();
    }

    /// What was asked of the document is wanted at once.
    pub(super) fn hurry(&self, uri: &str) {
        if let Some((due, _)) = self.shared.desk().waiting.get_mut(uri) {
            *due = Instant::now();
            self.shared.bell.notify_one();
        }
    }

    /// What was asked of states of the document before `turn` is not wanted any more; what was asked of this one is.
    pub(super) fn forget(&self, uri: &str, turn: u64) {
        let mut desk = self.shared.desk();
        let waits = desk.waiting.get(uri);
        if waits.is_some_and(|(_, question)| question.turn < turn) {
            desk.waiting.remove(uri);
        }
        desk.give_up(uri, turn);
    }

    /// Stops the search of an earlier state.
    pub(super) fn give_up(&self, uri: &str, turn: u64) {
        self.shared.desk().give_up(uri, turn);
    }
}

impl Drop for Solver {
    fn drop(&mut self) {
        let mut desk = self.shared.desk();
        desk.closed = true;
        if let Some(running) = &desk.running {
            running.stop.now();
        }
        self.shared.bell.notify_one();
    }
}

/// Does the work until stopped.
fn search(question: Question, work: Work, stop: &Stop) -> Option<Outcome> {
    let (uri, turn) = (question.uri.clone(), question.turn);
    // A mistake of ours in one document must not end the service for the others; its report is on standard error.
    let searched = catch_unwind(AssertUnwindSafe(|| unless_stopped(stop, || work(question))));
    let found = match searched {
        Ok(found) => Some(found?),
        Err(_) => None,
    };
    Some(Outcome { uri, turn, found })
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
