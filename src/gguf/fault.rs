//! What is wrong with a header, and at which byte. Words are the message catalogue's.

use crate::diagnostic::{Code, Diagnostic, Severity, Text};

/// Why a header was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Bytes from the start of the file to what is wrong.
    pub at: u64,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What is wrong with a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// The first four bytes are not `GGUF`.
    NotGguf,
    /// Written on a machine of the other byte order.
    BigEndian,
    /// A version that is not 2 or 3.
    Version(u32),
    /// The file ends inside the header.
    Ends,
    /// The operating system could not read on.
    Io(String),
    /// A count or length that no model has.
    Count {
        /// What is counted: a key of `gguf.what.*`.
        what: &'static str,
        /// As the file says.
        given: u64,
        /// The largest that is read.
        limit: u64,
    },
    /// A type of value or of storage that does not exist.
    Type(u32),
    /// An array of arrays.
    Nested(String),
    /// A text that is not UTF-8.
    NotText,
    /// A key or tensor that stands there twice.
    Twice(String),
    /// A tensor with no elements, or with rows that do not fill its blocks, or larger than any address.
    Shape(String),
    /// A tensor whose data do not begin where those of the one before it end.
    Offset {
        /// The tensor.
        name: String,
        /// Bytes into the data, as the file says.
        given: u64,
        /// Bytes into the data at which the tensor before it ends.
        expected: u64,
    },
    /// A number of the metadata that no model has: its key and what it says.
    Metadata(String, String),
    /// Parts of a split model: one has no neighbour of this name.
    Missing(String),
    /// Parts of a split model that say different things.
    Parts(String),
    /// No tensors, and no vocabulary that would explain it; perhaps no architecture either.
    NoTensors {
        /// The header names no `general.architecture`.
        nameless: bool,
    },
}

impl Fault {
    /// A fault at a byte.
    #[must_use]
    pub const fn new(at: u64, wrong: Wrong) -> Self {
        Self { at, wrong }
    }

    /// The finding for the file `path`.
    #[must_use]
    pub fn finding(&self, path: &str) -> Diagnostic {
        let path: String = path.chars().filter(|c| !c.is_control()).collect();
        let (code, message) = self.words();
        Diagnostic {
            code: Code(code),
            severity: Severity::Error,
            message: message.arg("path", path).arg("at", self.at.to_string()),
            labels: Vec::new(),
            values: Vec::new(),
            fixes: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
        }
    }

    fn words(&self) -> (u16, Text) {
        let shown =
            |name: &str| -> String { name.chars().filter(|c| !c.is_control()).take(80).collect() };
        match &self.wrong {
            Wrong::NotGguf => (751, Text::key("gguf.not_gguf")),
            Wrong::BigEndian => (751, Text::key("gguf.big_endian")),
            Wrong::Version(version) => (
                751,
                Text::key("gguf.version").arg("version", version.to_string()),
            ),
            Wrong::Ends => (752, Text::key("gguf.ends")),
            Wrong::Io(reason) => (752, Text::key("gguf.io").arg("reason", reason.as_str())),
            Wrong::Count { what, given, limit } => (
                753,
                Text::key("gguf.count")
                    .arg("what", Text::key(what))
                    .arg("given", given.to_string())
                    .arg("limit", limit.to_string()),
            ),
            Wrong::Type(number) => (
                753,
                Text::key("gguf.type").arg("number", number.to_string()),
            ),
            Wrong::Nested(key) => (753, Text::key("gguf.nested").arg("key", shown(key))),
            Wrong::NotText => (753, Text::key("gguf.not_text")),
            Wrong::Twice(name) => (753, Text::key("gguf.twice").arg("name", shown(name))),
            Wrong::Shape(name) => (753, Text::key("gguf.shape").arg("name", shown(name))),
            Wrong::Offset {
                name,
                given,
                expected,
            } => (
                753,
                Text::key("gguf.offset")
                    .arg("name", shown(name))
                    .arg("given", given.to_string())
                    .arg("expected", expected.to_string()),
            ),
            Wrong::Metadata(key, given) => (
                753,
                Text::key("gguf.metadata")
                    .arg("key", shown(key))
                    .arg("given", shown(given)),
            ),
            Wrong::Missing(name) => (754, Text::key("gguf.missing").arg("name", shown(name))),
            Wrong::Parts(name) => (754, Text::key("gguf.parts").arg("name", shown(name))),
            Wrong::NoTensors { nameless: false } => (755, Text::key("gguf.no_tensors")),
            Wrong::NoTensors { nameless: true } => (755, Text::key("gguf.no_tensors_nameless")),
        }
    }
}
