//! Placeholders: what they are, what they are set to, who reads them.

use super::desk::{Desk, show};
use super::languages;
use super::{Overrides, Settled};
use crate::diagnostic::{Applicability, Code, Diagnostic, Span, Text};
use crate::quantity::Dimension;
use crate::spec::model::Param;
use crate::spec::units;
use crate::syntax::nearest::nearest;
use crate::syntax::term::TermKind;
use crate::syntax::tree::{StatementKind, Tree, ValueKind, Word};
use crate::syntax::value_of;

/// The types a parameter may declare, with the dimension of those that are quantities.
const TYPES: &[(&str, Option<Dimension>)] = &[
    ("language", None),
    ("text", None),
    ("flag", None),
    ("number", Some(Dimension::Number)),
    ("memory", Some(Dimension::Bytes)),
    ("time", Some(Dimension::Time)),
    ("rate", Some(Dimension::Rate)),
    ("tokens", Some(Dimension::Tokens)),
    ("share", Some(Dimension::Share)),
    ("params", Some(Dimension::Params)),
    ("battery", Some(Dimension::Drain)),
];

/// The names of the types a parameter may declare.
pub fn type_names() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|(name, _)| *name)
}

/// The name of the type of a parameter with the dimension it is measured in, as far as its declaration tells.
#[must_use]
pub fn type_of(
    declared: Option<&Word>,
    default: Option<&ValueKind>,
) -> Option<(&'static str, Option<Dimension>)> {
    if let Some(word) = declared {
        return TYPES.iter().find(|(name, _)| *name == word.text).copied();
    }
    match default? {
        ValueKind::Number(number) => {
            let dimension = units::literal(number).ok()?.dimension;
            let measured = |(_, of): &&(_, Option<Dimension>)| *of == Some(dimension);
            TYPES.iter().find(measured).copied()
        }
        ValueKind::Bool(_) => Some(("flag", None)),
        ValueKind::Text(_) | ValueKind::Word(_) => Some(("text", None)),
        ValueKind::Param(_) => None,
    }
}

/// A parameter and its value in this build.
struct Slot {
    param: Param,
    value: Option<ValueKind>,
}

/// All parameters, in order.
pub(super) struct Params {
    slots: Vec<Slot>,
    /// Where another declaration would follow: behind the last one, else behind the version.
    behind: Option<Span>,
}

impl Params {
    pub(super) const fn new() -> Self {
        Self {
            slots: Vec::new(),
            behind: None,
        }
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.slots.iter().position(|slot| slot.param.name == name)
    }

    /// The value of `$name`, read at `span`, and where it is declared. An unset parameter was reported where it is
    /// declared, so reading it says nothing. An unknown one would be declared with the value of the example.
    pub(super) fn read(
        &mut self,
        name: &str,
        span: Span,
        example: Option<&str>,
    ) -> Result<(ValueKind, Span), Option<Box<Diagnostic>>> {
        let Some(index) = self.find(name) else {
            return Err(Some(Box::new(self.undeclared(name, span, example))));
        };
        let Some(slot) = self.slots.get_mut(index) else {
            return Err(None);
        };
        slot.param.uses.push(span);
        match &slot.value {
            Some(value) => Ok((value.clone(), slot.param.span)),
            None => Err(None),
        }
    }

    /// An unknown parameter that a spec reads, with the nearest name or a declaration as its fix.
    fn undeclared(&self, name: &str, span: Span, example: Option<&str>) -> Diagnostic {
        let message = Text::key("language.param.unknown").arg("name", name);
        let finding = Diagnostic::error(Code(210), span, message);
        if let Some(meant) = nearest(name, self.slots.iter().map(|slot| slot.param.name.as_str())) {
            let title = Text::key("language.did-you-mean").arg("name", meant);
            return finding.fix(Applicability::Suggested, title, span, format!("${meant}"));
        }
        // What it is compared with is not known here: then whoever builds says what it is.
        let declared = match example {
            Some(example) => format!("param {name} = {example}"),
            None => format!("param {name}: text"),
        };
        let title = Text::key("language.write").arg("what", declared.as_str());
        let (place, edit) = match self.behind {
            Some(place) => (place, format!("\n{declared}")),
            None => (Span::new(span.file, 0, 0), format!("{declared}\n")),
        };
        finding.fix(Applicability::Suggested, title, place, edit)
    }

    fn unknown(&self, name: &str, span: Span) -> Diagnostic {
        let message = Text::key("language.param.unknown").arg("name", name);
        let finding = Diagnostic::error(Code(210), span, message);
        match nearest(name, self.slots.iter().map(|slot| slot.param.name.as_str())) {
            Some(meant) => finding.help(Text::key("language.did-you-mean").arg("name", meant)),
            None => finding.help(Text::key("language.param.declare").arg("name", name)),
        }
    }
}

impl Desk<'_> {
    /// `$name` in an expression as a literal.
    pub(super) fn param_term(&mut self, name: &str, span: Span) -> Option<TermKind> {
        let value = crate::syntax::tree::Value {
            kind: ValueKind::Param(name.to_owned()),
            span,
        };
        let Settled { kind, .. } = self.settle(&value)?;
        Some(match kind {
            ValueKind::Number(number) => TermKind::Number(number),
            ValueKind::Bool(value) => TermKind::Bool(value),
            ValueKind::Text(text) | ValueKind::Word(text) => TermKind::Text(text),
            ValueKind::Param(_) => return None,
        })
    }

    /// Checks what a test sets a parameter to.
    pub(super) fn check_set(&mut self, name: &Word, kind: &ValueKind, span: Span) {
        let Some(index) = self.params.find(&name.text) else {
            let finding = self.params.unknown(&name.text, name.span);
            self.report(finding);
            return;
        };
        let Some(slot) = self.params.slots.get_mut(index) else {
            return;
        };
        slot.param.uses.push(name.span);
        let declared = slot.param.kind.clone();
        if let Some(finding) = mismatch(kind, &declared, span) {
            self.report(finding);
        }
    }
}

/// Takes in all declarations and what was set from outside.
pub(super) fn declare(desk: &mut Desk<'_>, tree: &Tree, overrides: &Overrides) {
    for statement in &tree.statements {
        if let StatementKind::Version(_) | StatementKind::Param { .. } = &statement.kind {
            let end = statement.span.end;
            desk.params.behind = Some(Span {
                start: end,
                ..statement.span
            });
        }
        let StatementKind::Param {
            name,
            declared,
            default,
        } = &statement.kind
        else {
            continue;
        };
        if let Some(first) = desk.params.find(&name.text) {
            let message = Text::key("language.duplicate-name").arg("name", name.text.as_str());
            let first = desk.params.slots.get(first).map(|slot| slot.param.span);
            let mut finding = Diagnostic::error(Code(218), name.span, message);
            if let Some(first) = first {
                finding = finding.also(first, Text::key("language.first-here"));
            }
            desk.report(finding);
            continue;
        }
        let kind = kind_of(desk, declared.as_ref(), default.as_ref().map(|v| &v.kind));
        if let Some(default) = default
            && let Some(finding) = mismatch(&default.kind, &kind, default.span)
        {
            desk.report(finding);
        }
        let given = overrides
            .values
            .get(&name.text)
            .map(|text| value_of(text, name.span));
        if let Some(given) = &given
            && let Some(mut finding) = mismatch(given, &kind, name.span)
        {
            // The value stands outside the file: no edit of the file mends it.
            finding.fixes.clear();
            desk.report(finding);
        }
        let value = given
            .clone()
            .or_else(|| default.as_ref().map(|value| value.kind.clone()));
        if value.is_none() {
            let message = Text::key("language.param.unset").arg("name", name.text.as_str());
            let help = Text::key("language.param.set")
                .arg("name", name.text.as_str())
                .arg("example", example(&kind));
            desk.report(Diagnostic::error(Code(211), name.span, message).help(help));
        }
        desk.params.slots.push(Slot {
            param: Param {
                name: name.text.clone(),
                span: name.span,
                kind,
                default: default.as_ref().map(|value| show(&value.kind)),
                value: value.as_ref().map(show),
                overridden: given.is_some(),
                uses: Vec::new(),
            },
            value,
        });
    }
    for name in overrides.values.keys() {
        if desk.params.find(name).is_none() && !desk.damaged {
            let finding = desk.params.unknown(name, Span::new(tree.file, 0, 0));
            desk.report(Diagnostic {
                code: Code(223),
                message: Text::key("language.param.no-such-override").arg("name", name.as_str()),
                ..finding
            });
        }
    }
}

/// Reports parameters nobody reads, and hands all over.
pub(super) fn finish(desk: &mut Desk<'_>, damaged: bool) -> Vec<Param> {
    let params = std::mem::replace(&mut desk.params, Params::new());
    let params: Vec<Param> = params.slots.into_iter().map(|slot| slot.param).collect();
    for param in &params {
        if param.uses.is_empty() && !damaged {
            let message = Text::key("language.param.unused").arg("name", param.name.as_str());
            desk.report(Diagnostic::warning(Code(601), param.span, message));
        }
    }
    params
}

fn kind_of(desk: &mut Desk<'_>, declared: Option<&Word>, default: Option<&ValueKind>) -> String {
    if let Some(word) = declared {
        if TYPES.iter().any(|(name, _)| *name == word.text) {
            return word.text.clone();
        }
        let known = TYPES.iter().map(|(name, _)| *name);
        desk.unknown(229, "language.what.type", &word.text, word.span, known);
        return String::new();
    }
    type_of(None, default)
        .map_or("", |(name, _)| name)
        .to_owned()
}

/// What is wrong with a value for a parameter of that type; an unknown type takes anything.
fn mismatch(value: &ValueKind, kind: &str, span: Span) -> Option<Diagnostic> {
    let (_, wanted) = TYPES.iter().find(|(name, _)| *name == kind)?;
    let fits = match (value, wanted) {
        (ValueKind::Number(number), Some(wanted)) => {
            return match units::expect(number, *wanted) {
                Ok(_) => None,
                Err(finding) => Some(at(*finding, span)),
            };
        }
        (ValueKind::Bool(_), None) => kind == "flag",
        (ValueKind::Word(word) | ValueKind::Text(word), None) if kind == "language" => {
            languages::base(word).is_some()
        }
        (ValueKind::Word(_) | ValueKind::Text(_), None) => kind == "text",
        (ValueKind::Param(_), _) => false,
        _ => false,
    };
    let written = match kind {
        "language" => "language.param.written.language",
        "flag" => "language.param.written.flag",
        _ => "language.param.written.text",
    };
    let message = Text::key("language.param.type")
        .arg("found", show(value))
        .arg("type", kind);
    (!fits).then(|| Diagnostic::error(Code(225), span, message).help(Text::key(written)))
}

/// The finding with its labels at `span` and without fixes that would edit another place.
fn at(mut finding: Diagnostic, span: Span) -> Diagnostic {
    for label in &mut finding.labels {
        if label.span.start < span.start || label.span.end > span.end {
            label.span = span;
            finding.fixes.clear();
        }
    }
    finding
}

/// A value of that dimension as a spec might write it.
pub(super) const fn example_of(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Number => "3",
        Dimension::Bytes => "8 GB",
        Dimension::Time => "2 s",
        Dimension::Rate => "8 tok/s",
        Dimension::Tokens => "4096 tokens",
        Dimension::Energy => "100 J",
        Dimension::EnergyPerToken => "1 J/token",
        Dimension::Power => "5 W",
        Dimension::Drain => "6 %/h",
        Dimension::Share => "50 %",
        Dimension::Params => "4 B",
        Dimension::Bits => "4 bit",
        Dimension::Bandwidth => "50 GB/s",
    }
}

/// A value a user might set.
fn example(kind: &str) -> &'static str {
    match kind {
        "language" => "en",
        "flag" => "true",
        "number" => "3",
        "memory" => "8GB",
        "time" => "2s",
        "rate" => "8tok/s",
        "tokens" => "4096tokens",
        "share" => "50%",
        "params" => "4B",
        "battery" => "6%/h",
        _ => "\"...\"",
    }
}
