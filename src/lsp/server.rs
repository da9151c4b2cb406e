//! The loop: messages in, answers out, one at a time.
//!
//! Whatever has already arrived is looked at before a request is answered: so a request that was cancelled meanwhile is
//! not worked on, and of several key strokes only the last state is read.

use std::collections::VecDeque;
use std::io::{self, BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use gen_lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    PublishDiagnosticsParams,
};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response, ResponseError};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::Client;
use super::diagnostics;
use super::dispatch::{self, Reply};
use super::document::{Document, Planned};
use super::governing::{Governor, Report, Told};
use super::open_plan;
use super::pending::Pending;
use super::refusal::Refusal;
use super::session::{Session, Setup};
use super::solver::{self, Found, Outcome, Question, Solver};
use super::uri;
use super::wire::{self, Received};
use super::workspace::Sought;

/// How many messages wait before the client must.
const QUEUE: usize = 256;

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By `shutdown` and `exit`.
    AsAgreed,
    /// The client left without them.
    Abruptly,
}

enum Event {
    Received(Received),
    Searched(Outcome),
    /// Files were read.
    Read(Report),
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Fresh,
    Ready,
    Down,
}

/// Serves one client until it leaves.
///
/// # Errors
/// When the client cannot be written to.
pub fn serve(
    input: impl Read + Send + 'static,
    output: impl Write,
    setup: Setup,
) -> io::Result<Ended> {
    let (sender, events) = sync_channel(QUEUE);
    let report =
        |sender: SyncSender<Event>| move |outcome| sender.send(Event::Searched(outcome)).is_ok();
    let solver = Solver::start(setup.rest, solver::answer, report(sender.clone()));
    // Somebody waits for a plan already.
    let planner = Solver::start(Duration::ZERO, open_plan::page, report(sender.clone()));
    let governors = sender.clone();
    thread::spawn(move || listen(input, &sender));
    let session = Session {
        client: Client::new(&Value::Null, setup.locale),
        documents: std::collections::BTreeMap::new(),
        cache: setup.cache,
        turns: 0,
    };
    let mut server = Server {
        output,
        governor: Governor::new((setup.ground, setup.specs), move |report| {
            // Nobody is left to hear it when this fails.
            let _ = governors.send(Event::Read(report));
        }),
        told: Told::default(),
        watching: false,
        session,
        solver,
        planner,
        pending: Vec::new(),
        sought: Vec::new(),
        fixed: setup.locale,
        phase: Phase::Fresh,
        backlog: VecDeque::new(),
        calls: 0,
    };
    server.run(&events)
}

/// Passes messages on until the stream ends.
fn listen(input: impl Read, events: &SyncSender<Event>) {
    let mut input = BufReader::new(input);
    while let Ok(Some(received)) = wire::receive(&mut input) {
        if events.send(Event::Received(received)).is_err() {
            return;
        }
    }
    // Nobody is left to hear it when this fails.
    let _ = events.send(Event::Closed);
}

pub(super) struct Server<W> {
    output: W,
    pub(super) governor: Governor,
    pub(super) told: Told,
    /// The client was asked to watch files.
    pub(super) watching: bool,
    pub(super) session: Session,
    /// Searches answers.
    pub(super) solver: Solver,
    /// Searches plans, so that the answers to other documents need not wait for one.
    pub(super) planner: Solver,
    /// Requests that wait for a search.
    pub(super) pending: Vec<Pending>,
    /// Requests that wait until the folders of the workspace were looked at.
    pub(super) sought: Vec<Sought>,
    fixed: Option<crate::diagnostic::Locale>,
    phase: Phase,
    backlog: VecDeque<Event>,
    /// How many requests the server has made.
    calls: i32,
}

impl<W: Write> Server<W> {
    fn run(&mut self, events: &Receiver<Event>) -> io::Result<Ended> {
        loop {
            // As many as may be looked at for a cancellation; the others wait where they are.
            let room = QUEUE.saturating_sub(self.backlog.len());
            self.backlog.extend(events.try_iter().take(room));
            let event = match self.backlog.pop_front() {
                Some(event) => event,
                None => {
                    self.publish()?;
                    match events.recv() {
                        Ok(event) => event,
                        Err(_) => return Ok(Ended::Abruptly),
                    }
                }
            };
            match event {
                Event::Received(Received::Malformed { id, code, reason }) => {
                    wire::refuse(&mut self.output, id, code, reason)?;
                }
                Event::Received(Received::Message(Message::Request(request))) => {
                    self.request(request)?;
                }
                Event::Received(Received::Message(Message::Notification(call))) => {
                    if call.method == "exit" {
                        return Ok(if self.phase == Phase::Down {
                            Ended::AsAgreed
                        } else {
                            Ended::Abruptly
                        });
                    }
                    self.notification(call)?;
                }
                // What the client says to our own requests changes nothing.
                Event::Received(Received::Message(Message::Response(_))) => {}
                Event::Searched(outcome) => self.searched(outcome)?,
                Event::Read(_) if self.phase == Phase::Down => {}
                Event::Read(Report::Governed(found)) => self.governed(found)?,
                Event::Read(Report::Listed(listed)) => {
                    self.governor.has_listed();
                    self.listed(&listed)?;
                }
                Event::Closed => return Ok(Ended::Abruptly),
            }
        }
    }

    fn request(&mut self, request: Request) -> io::Result<()> {
        let Request { id, method, params } = request;
        let answer = if self.is_cancelled(&id) {
            Err(Refusal::new(ErrorCode::RequestCanceled, "cancelled"))
        } else {
            match (self.phase, method.as_str()) {
                (Phase::Fresh, "initialize") => {
                    self.session.client = Client::new(&params, self.fixed);
                    self.phase = Phase::Ready;
                    Ok(dispatch::capabilities(&self.session.client))
                }
                (Phase::Fresh, _) => Err(Refusal::new(
                    ErrorCode::ServerNotInitialized,
                    "the first request must be `initialize`",
                )),
                (Phase::Ready, "initialize") => Err(Refusal::new(
                    ErrorCode::InvalidRequest,
                    "the session was initialized before",
                )),
                (Phase::Ready, "shutdown") => {
                    self.cancel(None)?;
                    self.close();
                    Ok(Value::Null)
                }
                (Phase::Down, _) => Err(Refusal::new(
                    ErrorCode::InvalidRequest,
                    "the session was shut down",
                )),
                (Phase::Ready, "workspace/symbol") => return self.seek(id, params),
                (Phase::Ready, _) => return self.work(id, method, params),
            }
        };
        self.respond(id, answer)
    }

    /// Nothing is told of any document from here on, and nothing searched.
    fn close(&mut self) {
        self.phase = Phase::Down;
        for uri in std::mem::take(&mut self.session.documents).into_keys() {
            self.solver.forget(&uri, u64::MAX);
            self.planner.forget(&uri, u64::MAX);
        }
    }

    pub(super) fn respond(
        &mut self,
        id: RequestId,
        answer: Result<Value, Refusal>,
    ) -> io::Result<()> {
        let response = match answer {
            Ok(result) => Response::new_ok(id, result),
            Err(Refusal { code, message }) => Response {
                id,
                response_result: Err(ResponseError {
                    code,
                    message,
                    data: None,
                }),
            },
        };
        wire::send(&mut self.output, response)
    }

    /// Answers a request of a feature. A mistake of ours costs this one answer, not the session.
    pub(super) fn work(&mut self, id: RequestId, method: String, params: Value) -> io::Result<()> {
        let answer = catch_unwind(AssertUnwindSafe(|| {
            dispatch::answer(&self.session, &method, params.clone())
        }));
        match answer.unwrap_or_else(|_| Err(Refusal::mistake())) {
            Ok(Reply::Now(result, show)) => {
                if let Some(uri) = show {
                    let params = json!({ "uri": uri, "takeFocus": true });
                    self.call("window/showDocument", params)?;
                }
                self.respond(id, Ok(result))
            }
            Ok(Reply::Later(uri)) => self.postpone(uri, (id, method, params)),
            Err(refusal) => self.respond(id, Err(refusal)),
        }
    }

    fn is_cancelled(&self, id: &RequestId) -> bool {
        self.backlog.iter().any(|event| {
            let Event::Received(Received::Message(Message::Notification(call))) = event else {
                return false;
            };
            call.method == "$/cancelRequest"
                && serde_json::from_value::<RequestId>(call.params["id"].clone())
                    .is_ok_and(|cancelled| cancelled == *id)
        })
    }

    fn notification(&mut self, call: Notification) -> io::Result<()> {
        if self.phase != Phase::Ready {
            return Ok(());
        }
        match call.method.as_str() {
            "initialized" => self.watch()?,
            "textDocument/didOpen" => {
                let Some(params) = self.params::<DidOpenTextDocumentParams>(call)? else {
                    return Ok(());
                };
                let item = params.text_document;
                let encoding = self.session.client.encoding;
                let name = uri::name(&item.uri.0);
                let governed = self.governor.of(&item.uri.0);
                let state = (item.version, self.session.turn());
                let document = Document::new(name, state, item.text, encoding, governed);
                self.session.documents.insert(item.uri.0, document);
                self.tell_troubles()?;
            }
            "textDocument/didChange" => {
                let Some(params) = self.params::<DidChangeTextDocumentParams>(call)? else {
                    return Ok(());
                };
                let state = (params.text_document.version, self.session.turn());
                let uri = params.text_document.text_document_identifier.uri;
                // Reading the new text is not to share the machine with a search for the old one.
                self.solver.give_up(&uri.0, state.1);
                self.planner.forget(&uri.0, state.1);
                match self.session.documents.get_mut(&uri.0) {
                    Some(document) => document.change(state, params.content_changes),
                    None => self.complain(&format!("a change of {}, which is not open", uri.0))?,
                }
            }
            "textDocument/didClose" => {
                let Some(params) = self.params::<DidCloseTextDocumentParams>(call)? else {
                    return Ok(());
                };
                let uri = params.text_document.uri;
                if self.session.documents.remove(&uri.0).is_some() {
                    let turn = self.session.turn();
                    self.solver.forget(&uri.0, turn);
                    self.planner.forget(&uri.0, turn);
                    self.resume(&uri.0)?;
                    let nothing = PublishDiagnosticsParams::new(uri, None, Vec::new());
                    self.notify("textDocument/publishDiagnostics", nothing)?;
                    self.tell_troubles()?;
                } else {
                    self.complain(&format!("{} is closed but was not open", uri.0))?;
                }
            }
            "$/cancelRequest" => {
                if let Ok(id) = serde_json::from_value(call.params["id"].clone()) {
                    self.cancel(Some(&id))?;
                }
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => self.govern(),
            "workspace/didChangeWorkspaceFolders" => self.change_folders(&call.params),
            // Settings and what else clients tell changes nothing here.
            _ => {}
        }
        Ok(())
    }

    fn params<P: DeserializeOwned>(&mut self, call: Notification) -> io::Result<Option<P>> {
        match serde_json::from_value(call.params) {
            Ok(params) => Ok(Some(params)),
            Err(error) => {
                self.complain(&format!("{}: {error}", call.method))?;
                Ok(None)
            }
        }
    }

    /// Publishes what changed since the last time, and asks for the answers.
    pub(super) fn publish(&mut self) -> io::Result<()> {
        let mut fresh = Vec::new();
        for (uri, document) in &mut self.session.documents {
            if std::mem::take(&mut document.unpublished) {
                fresh.push((uri.clone(), std::mem::take(&mut document.quiet)));
            }
        }
        for (uri, quiet) in fresh {
            if !quiet {
                self.publish_one(&uri)?;
            }
            let Some(document) = self.session.documents.get(&uri) else {
                continue;
            };
            let reading = &document.read(&document.knowledge).reading;
            if crate::pipeline::has_errors(&reading.diagnostics) {
                self.solver.forget(&uri, document.turn);
                if quiet {
                    // No search will say it.
                    self.publish_one(&uri)?;
                }
                self.resume(&uri)?;
            } else {
                let locale = self.locale_of(document);
                self.solver.search(Question::of(&uri, document, locale));
            }
        }
        Ok(())
    }

    fn publish_one(&mut self, uri: &str) -> io::Result<()> {
        let Some(view) = self.session.view(&uri.into()) else {
            return Ok(());
        };
        let found = diagnostics::published(&view);
        self.notify("textDocument/publishDiagnostics", found)
    }

    fn searched(&mut self, outcome: Outcome) -> io::Result<()> {
        let Outcome { uri, turn, found } = outcome;
        let Some(document) = self.session.documents.get_mut(&uri) else {
            return Ok(());
        };
        if document.turn != turn {
            return Ok(());
        }
        match found {
            None => document.failed = Some(turn),
            Some(Found::Plan(page)) => {
                let page = Some(page);
                document.planned = Some(Planned { turn, page });
            }
            Some(Found::Answer(answer)) => {
                document.settle(*answer);
                self.answered(&uri)?;
            }
        }
        self.resume(&uri)
    }

    /// Tells what there is to say of a document that has an answer now.
    fn answered(&mut self, uri: &str) -> io::Result<()> {
        self.publish_one(uri)?;
        if self.session.client.refreshes_hints {
            self.call("workspace/inlayHint/refresh", Value::Null)?;
        }
        if self.session.client.refreshes_lenses {
            self.call("workspace/codeLens/refresh", Value::Null)?;
        }
        Ok(())
    }

    pub(super) fn notify(&mut self, method: &str, params: impl serde::Serialize) -> io::Result<()> {
        wire::send(
            &mut self.output,
            Notification::new(method.to_owned(), params),
        )
    }

    pub(super) fn call(&mut self, method: &str, params: Value) -> io::Result<()> {
        self.calls += 1;
        let request = Request::new(self.calls.into(), method.to_owned(), params);
        wire::send(&mut self.output, request)
    }

    /// Tells the developer of the client what went wrong where no answer can be given.
    fn complain(&mut self, message: &str) -> io::Result<()> {
        const WARNING: u32 = 2;
        let params = json!({ "type": WARNING, "message": format!("edgeplan: {message}") });
        self.notify("window/logMessage", params)
    }
}
