//! A header as read: metadata and tensors, and ways to ask for them. Knows no architecture.

use super::{Fault, Stored, Wrong};

/// A value of the metadata. Texts and lists that are longer than anything here needs are kept as their length.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Whole number.
    Whole(u64),
    /// Negative whole number.
    Negative(i64),
    /// Number with a fraction.
    Real(f64),
    /// Truth value.
    Truth(bool),
    /// Text.
    Text(String),
    /// List.
    List(List),
}

/// A list of the metadata.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// How many entries the file holds.
    pub length: u64,
    /// The entries, of short lists of numbers and truth values; else none.
    pub entries: Vec<Value>,
}

/// The header of a model, of all its parts where it is split.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Header {
    /// Version of the format.
    pub version: u32,
    /// Keys and values in the order of the file.
    pub metadata: Vec<(String, Value)>,
    /// Tensors in the order of the file.
    pub tensors: Vec<Stored>,
    /// Bytes before the data of the first tensor, of the first part.
    pub data_start: u64,
    /// Bytes of header and data of all parts, as the tensors say; the file at hand may be shorter.
    pub bytes: u64,
    /// Files it came from.
    pub parts: u16,
}

impl Header {
    /// Tokens of a file that holds a tokenizer and no weights, as llama.cpp's own tests use; `None` for models.
    #[must_use]
    pub fn vocabulary_alone(&self) -> Option<u64> {
        match self.get("tokenizer.ggml.tokens")? {
            Value::List(list) if self.tensors.is_empty() => Some(list.length),
            _ => None,
        }
    }

    /// What makes the file of no use to anyone who would run it: it holds nothing.
    #[must_use]
    pub fn nothing_inside(&self) -> Option<Fault> {
        let empty = self.tensors.is_empty() && self.vocabulary_alone().is_none();
        let nameless = self.text("general.architecture").is_none();
        empty.then(|| Fault::new(self.data_start, Wrong::NoTensors { nameless }))
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.metadata
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// A text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number that is not negative.
    #[must_use]
    pub fn whole(&self, key: &str) -> Option<u64> {
        self.get(key).and_then(Value::whole)
    }

    /// A number.
    #[must_use]
    pub fn real(&self, key: &str) -> Option<f64> {
        match self.get(key)? {
            Value::Real(number) => Some(*number),
            Value::Whole(number) => Some(*number as f64),
            _ => None,
        }
    }

    /// A truth value.
    #[must_use]
    pub fn truth(&self, key: &str) -> Option<bool> {
        match self.get(key)? {
            Value::Truth(truth) => Some(*truth),
            _ => None,
        }
    }

    /// `count` whole numbers: a list of that length at least, or one number for all.
    #[must_use]
    pub fn wholes(&self, key: &str, count: usize) -> Option<Vec<u64>> {
        match self.get(key)? {
            Value::List(list) => list
                .entries
                .get(..count)?
                .iter()
                .map(Value::whole)
                .collect(),
            value => value.whole().map(|number| vec![number; count]),
        }
    }

    /// The tensor of a name.
    #[must_use]
    pub fn tensor(&self, name: &str) -> Option<&Stored> {
        self.tensors.iter().find(|it| it.shaped.name == name)
    }
}

impl Value {
    /// A whole number that is not negative; truth values count as 0 and 1.
    #[must_use]
    pub fn whole(&self) -> Option<u64> {
        match self {
            Self::Whole(number) => Some(*number),
            Self::Truth(truth) => Some(u64::from(*truth)),
            _ => None,
        }
    }
}
