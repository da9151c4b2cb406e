//! One finding: code, places, operands, fixes. Data only; how it looks is the renderers' business.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Span, Text};

/// `EPnnnn`, registered in `codes.rs`; a number is never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EP{:04}", self.0)
    }
}

/// How much a finding weighs: errors stop the plan, warnings do not, advice improves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// No plan can be made, or not this one.
    Error,
    /// The plan stands, but look here.
    Warning,
    /// The plan could be better.
    Advice,
}

impl Severity {
    /// The identifier used in machine formats.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
        }
    }
}

/// A stretch of a file and what is to be said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What; empty where the underline says enough.
    pub text: Text,
    /// Primary labels are where the mistake is; the others say why it is one.
    pub primary: bool,
}

/// One side of a failed comparison, with the name a spec would use for it.
#[derive(Debug, Clone, PartialEq)]
pub struct OperandValue {
    /// A fact path (`peak_memory`) or the literal as written.
    pub name: String,
    /// Its value, formatted with its unit.
    pub value: String,
    /// Where it is defined, when that is in a file.
    pub span: Option<Span>,
}

/// Whether a fix may be applied without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applicability {
    /// Surely what was meant.
    Automatic,
    /// Probably; a person should look.
    Suggested,
}

/// One replacement of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// By what.
    pub replacement: String,
}

/// A change that would mend the finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// What it does, in the imperative.
    pub title: Text,
    /// The edits, not overlapping.
    pub edits: Vec<Edit>,
    /// Whether it may be applied unseen.
    pub applicability: Applicability,
}

/// One finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// Which kind.
    pub code: Code,
    /// How grave.
    pub severity: Severity,
    /// The one sentence that must stand alone in an editor pop-up.
    pub message: Text,
    /// Where; the first primary label is the position of the finding.
    pub labels: Vec<Label>,
    /// The arithmetic, operand by operand.
    pub values: Vec<OperandValue>,
    /// How to mend it mechanically.
    pub fixes: Vec<Fix>,
    /// Why it matters, what was tried.
    pub notes: Vec<Text>,
    /// What to do, when no mechanical fix exists.
    pub helps: Vec<Text>,
}

impl Diagnostic {
    /// A finding of `severity` with its primary position.
    #[must_use]
    pub fn new(code: Code, severity: Severity, span: Span, message: Text) -> Self {
        Self {
            code,
            severity,
            message,
            labels: vec![Label {
                span,
                text: Text::empty(),
                primary: true,
            }],
            values: Vec::new(),
            fixes: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
        }
    }

    /// An error at `span`.
    #[must_use]
    pub fn error(code: Code, span: Span, message: Text) -> Self {
        Self::new(code, Severity::Error, span, message)
    }

    /// A warning at `span`.
    #[must_use]
    pub fn warning(code: Code, span: Span, message: Text) -> Self {
        Self::new(code, Severity::Warning, span, message)
    }

    /// Words under the primary underline.
    #[must_use]
    pub fn labelled(mut self, text: Text) -> Self {
        if let Some(label) = self.labels.iter_mut().find(|label| label.primary) {
            label.text = text;
        }
        self
    }

    /// A second place, in this or another file.
    #[must_use]
    pub fn also(mut self, span: Span, text: Text) -> Self {
        self.labels.push(Label {
            span,
            text,
            primary: false,
        });
        self
    }

    /// An operand of the comparison that failed.
    #[must_use]
    pub fn value(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
        span: Option<Span>,
    ) -> Self {
        self.values.push(OperandValue {
            name: name.into(),
            value: value.into(),
            span,
        });
        self
    }

    /// A single-edit fix.
    #[must_use]
    pub fn fix(
        mut self,
        applicability: Applicability,
        title: Text,
        span: Span,
        replacement: impl Into<String>,
    ) -> Self {
        let edits = vec![Edit {
            span,
            replacement: replacement.into(),
        }];
        self.fixes.push(Fix {
            title,
            edits,
            applicability,
        });
        self
    }

    /// A note.
    #[must_use]
    pub fn note(mut self, text: Text) -> Self {
        self.notes.push(text);
        self
    }

    /// A help.
    #[must_use]
    pub fn help(mut self, text: Text) -> Self {
        self.helps.push(text);
        self
    }

    /// Where the finding stands, if it stands anywhere.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.labels
            .iter()
            .find(|label| label.primary)
            .map(|label| label.span)
    }
}
