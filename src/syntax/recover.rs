//! Says what is wrong with a line no statement fits: parses it alone, and turns the furthest point the parser reached
//! into a place and a short list of what could stand there. Rule names never show.

use std::ops::Range;

use pest::error::{Error, ErrorVariant, InputLocation};

use super::grammar::Rule;
use super::reader::Reader;
use crate::diagnostic::{Code, Diagnostic, Text};

/// What a parse error of the slice `range` of the reader's text says.
pub(super) fn unexpected(
    reader: &Reader<'_>,
    range: Range<usize>,
    error: &Error<Rule>,
) -> Diagnostic {
    let slice = reader.text.get(range.clone()).unwrap_or("");
    let offset = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at.min(slice.len()),
    };
    let rest = slice.get(offset..).unwrap_or("");
    let blanks = rest.len() - rest.trim_start().len();
    let at = offset + blanks;
    let found = first_word(rest.trim_start());
    let expected = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => expectations(positives),
        ErrorVariant::CustomError { .. } => Vec::new(),
    };
    if found.is_empty() {
        // The line ends too early: point just behind its last character.
        let end = range.start + slice.trim_end().len();
        let start = slice
            .trim_end()
            .char_indices()
            .next_back()
            .map_or(end, |(index, _)| range.start + index);
        let span = reader.place(&(start.min(end)..end));
        let message = Text::key("language.ends-early").arg("expected", list(&expected));
        return Diagnostic::error(Code(116), span, message);
    }
    let start = range.start + at;
    let span = reader.place(&(start..start + found.len()));
    let message = Text::key("language.unexpected")
        .arg("found", found)
        .arg("expected", list(&expected));
    Diagnostic::error(Code(101), span, message)
}

/// What the parser would have taken, in words, without repeats, at most six.
fn expectations(rules: &[Rule]) -> Vec<&'static str> {
    let mut terms: Vec<&'static str> = Vec::new();
    for rule in rules {
        if let Some(term) = term(*rule)
            && !terms.contains(&term)
        {
            terms.push(term);
        }
    }
    terms.sort_unstable();
    // Where a line may end, every operator that could go on is possible too; saying so would only hide the point.
    if terms.contains(&"language.term.end") {
        terms.retain(|term| !matches!(*term, "language.term.arithmetic" | "language.term.test"));
    }
    terms.truncate(6);
    terms
}

/// `a, b or c` as a text in the reader's language.
fn list(terms: &[&'static str]) -> Text {
    let mut terms = terms.iter().rev();
    let Some(last) = terms.next() else {
        return Text::key("language.term.something-else");
    };
    let mut all = Text::key(last);
    for (index, term) in terms.enumerate() {
        let joiner = if index == 0 {
            "language.list.or"
        } else {
            "language.list.and-so-on"
        };
        all = Text::key(joiner)
            .arg("left", Text::key(term))
            .arg("right", all);
    }
    all
}

/// The word of the user's text that did not fit: a run of letters and digits, or one mark.
pub(super) fn first_word(text: &str) -> &str {
    let wordy = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$');
    let mut chars = text.char_indices();
    let Some((_, first)) = chars.next() else {
        return "";
    };
    let end = if wordy(first) {
        text.find(|c| !wordy(c)).unwrap_or(text.len())
    } else {
        chars.next().map_or(text.len(), |(index, _)| index)
    };
    text.get(..end).unwrap_or("")
}

/// What a rule is to a reader; `None` for rules that only exist to accept slips or to glue others together.
const fn term(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::EOI => "language.term.end",
        Rule::number | Rule::quantity | Rule::os_version | Rule::plain => "language.term.quantity",
        Rule::unit => "language.term.unit",
        Rule::value | Rule::amount => "language.term.value",
        Rule::word_value
        | Rule::word
        | Rule::ident
        | Rule::param_type
        | Rule::language_term
        | Rule::platform_term => "language.term.name",
        Rule::text | Rule::string | Rule::odd_unquoted | Rule::selection => "language.term.string",
        Rule::path => "language.term.fact",
        Rule::expression | Rule::negation => "language.term.expression",
        Rule::group => "language.term.parenthesis",
        Rule::list => "language.term.list",
        Rule::boolean => "language.term.boolean",
        Rule::comma => "language.term.comma",
        Rule::bar => "language.term.bar",
        Rule::before => "language.term.before",
        Rule::arrow => "language.term.arrow",
        Rule::dots | Rule::odd_dots => "language.term.dots",
        Rule::assign | Rule::odd_equals | Rule::odd_colon => "language.term.assign",
        Rule::relation | Rule::odd_relation | Rule::compare | Rule::contained | Rule::has => {
            "language.term.comparison"
        }
        Rule::plus | Rule::minus | Rule::times | Rule::divide => "language.term.arithmetic",
        Rule::logic_and | Rule::logic_or | Rule::postfix => "language.term.test",
        Rule::kw_with => "language.term.with",
        Rule::kw_share => "language.term.share",
        Rule::kw_because => "language.term.because",
        Rule::kw_ram => "language.term.ram",
        Rule::known | Rule::unknown => "language.term.known",
        Rule::body => "language.term.brace",
        Rule::outcome => "language.term.outcome",
        Rule::simple | Rule::statement => "language.term.statement",
        _ => return None,
    })
}
