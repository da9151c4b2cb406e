//! What the compiler has to say about a spec, a rule or a catalog file: one type, many renderers.
//!
//! Every station makes diagnostics; this one depends on none of them and does no IO. Wording lives in
//! the message catalogues (`templates/messages/`), so a diagnostic is data until it is rendered.

pub mod codes;
mod finding;
pub mod fingerprint;
pub mod lines;
mod locale;
pub mod messages;
pub mod render;
mod source;
pub mod template;
mod text;
pub mod yaml;

pub use finding::{Applicability, Code, Diagnostic, Edit, Fix, Label, OperandValue, Severity};
pub use locale::Locale;
pub use source::{FileId, SourceFile, Sources, Span};
pub use text::{Arg, Text};
