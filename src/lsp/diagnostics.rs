//! Findings as the protocol has them, with their fixes as data.

use gen_lsp_types::{
    Code, CodeDescription, Diagnostic as Published, DiagnosticRelatedInformation,
    DiagnosticSeverity, DiagnosticTag, Location, Message, PublishDiagnosticsParams, Range, Uri,
};
use serde_json::json;

use super::cache;
use super::drift::carried;
use super::position::Lines;
use super::session::View;
use crate::diagnostic::{Applicability, Diagnostic, Locale, Severity, Sources, Span, codes};
use crate::pipeline::has_errors;

/// The code of a parameter that nothing reads.
const UNUSED: u16 = 601;

/// All findings of a document: those of its text as it stands, and those of the search. Until the search has been made for
/// this text, those of the last one stand where their words are still the same, unless the text has mistakes now.
#[must_use]
pub(super) fn published(view: &View<'_>) -> PublishDiagnosticsParams {
    let version = Some(view.document.version);
    PublishDiagnosticsParams::new(view.uri.clone(), version, findings(view))
}

fn findings(view: &View<'_>) -> Vec<Published> {
    if let Some(answer) = view.answer() {
        let found = &answer.compilation;
        return found
            .diagnostics
            .iter()
            .map(|finding| publish(view, finding, &found.sources))
            .collect();
    }
    let reading = &view.document.read(view.knowledge).reading;
    let mut all: Vec<Published> = reading
        .diagnostics
        .iter()
        .map(|finding| publish(view, finding, &reading.sources))
        .collect();
    let document = view.document;
    let earlier = document.answer.as_ref().or(document.held.as_ref());
    if let Some(earlier) = earlier.filter(|_| !has_errors(&reading.diagnostics)) {
        let found = &earlier.compilation;
        let searched = found.diagnostics.iter().skip(earlier.of_text);
        let file = reading.tree.file;
        all.extend(
            searched
                .filter_map(|finding| carried(finding, &document.drift, file))
                .map(|finding| publish(view, &finding, &found.sources)),
        );
    }
    all
}

fn publish(view: &View<'_>, finding: &Diagnostic, sources: &Sources) -> Published {
    let own = |span: &Span| {
        sources
            .file(span.file)
            .is_some_and(|f| f.name == view.document.name)
    };
    let span = finding.span().filter(own);
    let range = span.map_or_else(
        || view.document.lines.range(&view.document.text, 0, 0),
        |span| view.document.range(span),
    );
    Published {
        tags: (finding.code.0 == UNUSED).then(|| vec![DiagnosticTag::Unnecessary]),
        related_information: Some(related(view, finding, sources)),
        data: data(view, finding),
        ..plain(finding, range, view.locale())
    }
}

/// A finding at a range, without what only an open spec has.
pub(super) fn plain(finding: &Diagnostic, range: Range, locale: Locale) -> Published {
    let mut message = finding.message.render(locale);
    for extra in finding.notes.iter().chain(&finding.helps) {
        message.push('\n');
        message.push_str(&extra.render(locale));
    }
    Published {
        range,
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
            Severity::Advice => DiagnosticSeverity::Information,
        }),
        code: Some(Code::String(finding.code.to_string())),
        code_description: Some(CodeDescription::new(Uri(codes::url(finding.code, locale)))),
        source: Some("edgeplan".to_owned()),
        message: Message::String(message),
        tags: None,
        related_information: None,
        data: None,
    }
}

/// The other labels, in this file or in those of the catalog and the rules.
fn related(
    view: &View<'_>,
    finding: &Diagnostic,
    sources: &Sources,
) -> Vec<DiagnosticRelatedInformation> {
    let primary = finding.span();
    let others = finding
        .labels
        .iter()
        .filter(|label| !label.text.is_empty() || Some(label.span) != primary);
    others
        .filter_map(|label| {
            let location = location(view, label.span, sources)?;
            let mut text = label.text.render(view.locale());
            if text.is_empty() {
                text = sources.text(label.span).to_owned();
            }
            Some(DiagnosticRelatedInformation::new(location, text))
        })
        .collect()
}

/// Where a span stands: in the document, or in a file of the catalog or the rules.
pub(super) fn location(view: &View<'_>, span: Span, sources: &Sources) -> Option<Location> {
    let file = sources.file(span.file)?;
    if file.name == view.document.name {
        return Some(Location::new(view.uri.clone(), view.document.range(span)));
    }
    let uri = cache::file(view.cache, &file.name, &file.text)?;
    let lines = Lines::new(&file.text, view.client.encoding);
    let range = span.range();
    Some(Location::new(
        uri,
        lines.range(&file.text, range.start, range.end),
    ))
}

/// The fixes: `{version, fixes: [{title, preferred, edits}]}`, for [`super::quick_fix`].
fn data(view: &View<'_>, finding: &Diagnostic) -> Option<serde_json::Value> {
    let fixes: Vec<serde_json::Value> = finding
        .fixes
        .iter()
        .map(|fix| {
            let edits: Vec<serde_json::Value> = fix
                .edits
                .iter()
                .map(|edit| json!({ "range": view.document.range(edit.span), "newText": edit.replacement }))
                .collect();
            json!({
                "title": fix.title.render(view.locale()),
                "preferred": fix.applicability == Applicability::Automatic,
                "edits": edits,
            })
        })
        .collect();
    (!fixes.is_empty()).then(|| json!({ "version": view.document.version, "fixes": fixes }))
}
