//! Requests that wait for a search: they are answered when it has ended, and meanwhile everything else goes on.

use std::io::{self, Write};

use lsp_server::{ErrorCode, RequestId};
use serde_json::Value;

use super::document::Planned;
use super::refusal::Refusal;
use super::server::Server;
use super::solver::Question;

/// A request.
pub(super) struct Pending {
    /// The document whose search it waits for.
    uri: String,
    id: RequestId,
    method: String,
    params: Value,
}

impl<W: Write> Server<W> {
    /// Lets a request wait for the search of a document, which begins at once.
    pub(super) fn postpone(
        &mut self,
        uri: String,
        (id, method, params): (RequestId, String, Value),
    ) -> io::Result<()> {
        // What changed with messages just before is asked first.
        self.publish()?;
        self.solver.hurry(&uri);
        self.plan(&uri);
        self.pending.push(Pending {
            uri,
            id,
            method,
            params,
        });
        Ok(())
    }

    /// Has the plan of a document searched that has an answer and no plan yet.
    fn plan(&mut self, uri: &str) {
        let asked = self.session.client.locale;
        let Some(document) = self.session.documents.get_mut(uri) else {
            return;
        };
        let turn = document.turn;
        let is_answered = document.answer.as_ref().is_some_and(|it| it.turn == turn);
        let is_asked = document.planned.as_ref().is_some_and(|it| it.turn == turn);
        if is_answered && !is_asked {
            document.planned = Some(Planned { turn, page: None });
            let locale = asked.or(document.knowledge.locale).unwrap_or_default();
            self.planner.search(Question::of(uri, document, locale));
        }
    }

    /// Ends the search of a plan that nobody waits for.
    fn unplan(&mut self, uri: &str) {
        let document = self.session.documents.get_mut(uri);
        let waits = self.pending.iter().any(|pending| pending.uri == uri);
        if let Some(document) = document.filter(|_| !waits)
            && (document.planned.as_ref()).is_some_and(|planned| planned.page.is_none())
        {
            document.planned = None;
            self.planner.forget(uri, u64::MAX);
        }
    }

    /// Answers what waited for a document about which more is known now; it may have to wait for the next search.
    pub(super) fn resume(&mut self, uri: &str) -> io::Result<()> {
        for Pending {
            id, method, params, ..
        } in self.take(|pending| pending.uri == uri)
        {
            self.work(id, method, params)?;
        }
        Ok(())
    }

    /// Refuses the request that the client does not want answered any more; of all of them, without an id.
    pub(super) fn cancel(&mut self, id: Option<&RequestId>) -> io::Result<()> {
        for pending in self.take(|pending| id.is_none_or(|id| *id == pending.id)) {
            let cancelled = Refusal::new(ErrorCode::RequestCanceled, "cancelled");
            self.respond(pending.id, Err(cancelled))?;
            self.unplan(&pending.uri);
        }
        self.unseek(id)
    }

    fn take(&mut self, wanted: impl Fn(&Pending) -> bool) -> Vec<Pending> {
        let all = std::mem::take(&mut self.pending);
        let (taken, left) = all.into_iter().partition(wanted);
        self.pending = left;
        taken
    }
}
