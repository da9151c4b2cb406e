//! GGUF, the container of llama.cpp's models: headers as read, tensors, storage types. Reads no weights, judges nothing.
//!
//! A header may come from anywhere: every count and length is checked before memory is set aside for it, and all that
//! is not GGUF ends in a [`Fault`] with the byte it was met at.

mod fault;
mod header;
mod kind;
mod read;
#[cfg(test)]
mod read_test;
mod split;
mod tensor;
#[cfg(test)]
pub(crate) mod testing;

pub use self::fault::{Fault, Wrong};
pub use self::header::{Header, List, Value};
pub use self::kind::Kind;
pub use self::read::read;
pub use self::split::{PartName, join};
pub use self::tensor::{ALIGNMENT, Shaped, Stored, laid_out};
