//! From bytes to a [`Header`], versions 2 and 3, little endian. Never sets aside more memory than bytes were read.

use std::collections::BTreeSet;
use std::io::{self, Read};

use super::{ALIGNMENT, Fault, Header, Kind, List, Shaped, Stored, Value, Wrong};

/// Most keys of metadata; models have dozens.
const MAX_KEYS: u64 = 1 << 16;
/// Most tensors; the largest mixtures have some thousands in a file.
const MAX_TENSORS: u64 = 1 << 18;
/// Longest name of a key or tensor (bytes).
const MAX_NAME: u64 = 1 << 10;
/// Longest text that is kept (bytes); longer ones, such as chat templates of novels, are passed over.
const MAX_TEXT: u64 = 1 << 16;
/// Longest text at all (bytes).
const MAX_SKIPPED: u64 = 1 << 28;
/// Most entries of a list; vocabularies have some hundred thousand.
const MAX_ENTRIES: u64 = 1 << 26;
/// Most entries of a list that are kept: one for each block.
const MAX_KEPT: u64 = 1 << 12;
/// Longest header (bytes).
const MAX_HEADER: u64 = 1 << 30;
/// Longest axis of a tensor.
const MAX_AXIS: u64 = 1 << 40;
/// Largest data of a tensor or of a file (bytes).
const MAX_DATA: u64 = 1 << 50;

/// A reader that knows where it is.
struct Cursor<R> {
    reader: R,
    at: u64,
}

type Taken<T> = Result<T, Fault>;

/// Reads a header. Data behind it is not touched and need not be there.
///
/// # Errors
/// The first byte that no GGUF header has at its place.
pub fn read(reader: impl Read) -> Result<Header, Fault> {
    let mut cursor = Cursor {
        reader: reader.take(MAX_HEADER),
        at: 0,
    };
    let version = cursor.preamble()?;
    let tensors = cursor.count("gguf.what.tensors", MAX_TENSORS)?;
    let keys = cursor.count("gguf.what.keys", MAX_KEYS)?;
    let mut header = Header {
        version,
        parts: 1,
        ..Header::default()
    };
    let mut seen = BTreeSet::new();
    for _ in 0..keys {
        let at = cursor.at;
        let key = cursor.name()?;
        if !seen.insert(key.clone()) {
            return Err(Fault::new(at, Wrong::Twice(key)));
        }
        let kind = cursor.u32()?;
        let value = cursor.value(kind, &key)?;
        header.metadata.push((key, value));
    }
    let alignment = alignment(&header, cursor.at)?;
    let mut seen = BTreeSet::new();
    let mut end = 0;
    for _ in 0..tensors {
        let at = cursor.at;
        let tensor = cursor.tensor(alignment)?;
        // llama.cpp takes no file whose tensors do not lie one behind the other in the order of the header.
        if tensor.offset != end {
            let wrong = Wrong::Offset {
                name: tensor.shaped.name,
                given: tensor.offset,
                expected: end,
            };
            return Err(Fault::new(at, wrong));
        }
        end = tensor
            .offset
            .saturating_add(tensor.bytes())
            .next_multiple_of(alignment);
        if !seen.insert(tensor.shaped.name.clone()) {
            return Err(Fault::new(at, Wrong::Twice(tensor.shaped.name)));
        }
        header.tensors.push(tensor);
    }
    header.data_start = cursor.at.next_multiple_of(alignment);
    header.bytes = header.data_start + end;
    Ok(header)
}

fn alignment(header: &Header, at: u64) -> Taken<u64> {
    match header.get("general.alignment") {
        None => Ok(ALIGNMENT),
        Some(value) => match value.whole() {
            Some(number) if number.is_power_of_two() && (8..=1 << 20).contains(&number) => {
                Ok(number)
            }
            _ => Err(Fault::new(
                at,
                Wrong::Metadata("general.alignment".into(), format!("{value:?}")),
            )),
        },
    }
}

impl<R: Read> Cursor<R> {
    fn fill(&mut self, bytes: &mut [u8]) -> Taken<()> {
        self.reader.read_exact(bytes).map_err(|error| {
            let wrong = if error.kind() == io::ErrorKind::UnexpectedEof {
                Wrong::Ends
            } else {
                Wrong::Io(error.to_string())
            };
            Fault::new(self.at, wrong)
        })?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn bytes<const N: usize>(&mut self) -> Taken<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn u32(&mut self) -> Taken<u32> {
        self.bytes().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Taken<u64> {
        self.bytes().map(u64::from_le_bytes)
    }

    /// Magic and version. A version whose low half is empty was written in the other byte order.
    fn preamble(&mut self) -> Taken<u32> {
        let magic: [u8; 4] = self.bytes().map_err(|fault| match fault.wrong {
            Wrong::Ends => Fault::new(0, Wrong::NotGguf),
            _ => fault,
        })?;
        match &magic {
            b"GGUF" => {}
            b"FUGG" => return Err(Fault::new(0, Wrong::BigEndian)),
            _ => return Err(Fault::new(0, Wrong::NotGguf)),
        }
        let at = self.at;
        match self.u32()? {
            version @ (2 | 3) => Ok(version),
            version if version != 0 && version & 0xffff == 0 => {
                Err(Fault::new(at, Wrong::BigEndian))
            }
            version => Err(Fault::new(at, Wrong::Version(version))),
        }
    }

    fn count(&mut self, what: &'static str, limit: u64) -> Taken<u64> {
        let at = self.at;
        let given = self.u64()?;
        if given > limit {
            return Err(Fault::new(at, Wrong::Count { what, given, limit }));
        }
        Ok(given)
    }

    fn text(&mut self, length: u64) -> Taken<String> {
        let at = self.at;
        let mut bytes = Vec::new();
        let got = (&mut self.reader)
            .take(length)
            .read_to_end(&mut bytes)
            .map_err(|error| Fault::new(at, Wrong::Io(error.to_string())))?;
        self.at += got as u64;
        if (got as u64) < length {
            return Err(Fault::new(self.at, Wrong::Ends));
        }
        String::from_utf8(bytes).map_err(|_| Fault::new(at, Wrong::NotText))
    }

    fn name(&mut self) -> Taken<String> {
        let length = self.count("gguf.what.name", MAX_NAME)?;
        self.text(length)
    }

    fn skip(&mut self, length: u64) -> Taken<()> {
        let copied = io::copy(&mut (&mut self.reader).take(length), &mut io::sink())
            .map_err(|error| Fault::new(self.at, Wrong::Io(error.to_string())))?;
        self.at += copied;
        if copied < length {
            return Err(Fault::new(self.at, Wrong::Ends));
        }
        Ok(())
    }

    fn value(&mut self, kind: u32, key: &str) -> Taken<Value> {
        match kind {
            8 => {
                let length = self.count("gguf.what.text", MAX_SKIPPED)?;
                if length > MAX_TEXT {
                    self.skip(length)?;
                    return Ok(Value::List(List {
                        length,
                        entries: Vec::new(),
                    }));
                }
                self.text(length).map(Value::Text)
            }
            9 => self.list(key),
            kind => self.scalar(kind),
        }
    }

    fn scalar(&mut self, kind: u32) -> Taken<Value> {
        let at = self.at;
        let signed =
            |number: i64| u64::try_from(number).map_or(Value::Negative(number), Value::Whole);
        Ok(match kind {
            0 => Value::Whole(u64::from(self.bytes::<1>()?[0])),
            1 => signed(i64::from(i8::from_le_bytes(self.bytes()?))),
            2 => Value::Whole(u64::from(u16::from_le_bytes(self.bytes()?))),
            3 => signed(i64::from(i16::from_le_bytes(self.bytes()?))),
            4 => Value::Whole(u64::from(self.u32()?)),
            5 => signed(i64::from(i32::from_le_bytes(self.bytes()?))),
            6 => Value::Real(f64::from(f32::from_le_bytes(self.bytes()?))),
            7 => Value::Truth(self.bytes::<1>()?[0] != 0),
            10 => Value::Whole(self.u64()?),
            11 => signed(i64::from_le_bytes(self.bytes()?)),
            12 => Value::Real(f64::from_le_bytes(self.bytes()?)),
            kind => return Err(Fault::new(at, Wrong::Type(kind))),
        })
    }

    fn list(&mut self, key: &str) -> Taken<Value> {
        let at = self.at;
        let kind = self.u32()?;
        if kind == 9 {
            return Err(Fault::new(at, Wrong::Nested(key.to_owned())));
        }
        let length = self.count("gguf.what.entries", MAX_ENTRIES)?;
        let mut entries = Vec::new();
        if kind == 8 {
            for _ in 0..length {
                let bytes = self.count("gguf.what.text", MAX_SKIPPED)?;
                self.skip(bytes)?;
            }
        } else {
            for _ in 0..length {
                let value = self.scalar(kind)?;
                if length <= MAX_KEPT {
                    entries.push(value);
                }
            }
        }
        Ok(Value::List(List { length, entries }))
    }

    fn tensor(&mut self, alignment: u64) -> Taken<Stored> {
        let name = self.name()?;
        let at = self.at;
        let dimensions = self.u32()?;
        if !(1..=4).contains(&dimensions) {
            return Err(Fault::new(
                at,
                Wrong::Count {
                    what: "gguf.what.dimensions",
                    given: u64::from(dimensions),
                    limit: 4,
                },
            ));
        }
        let mut axes = [1; 4];
        for axis in axes.iter_mut().take(dimensions as usize) {
            *axis = self.count("gguf.what.axis", MAX_AXIS)?;
        }
        let kind_at = self.at;
        let number = self.u32()?;
        let kind =
            Kind::from_number(number).ok_or_else(|| Fault::new(kind_at, Wrong::Type(number)))?;
        let offset = self.count("gguf.what.offset", MAX_DATA)?;
        let tensor = Stored {
            shaped: Shaped { name, axes },
            kind,
            offset,
            file: 0,
        };
        let whole = axes[0].is_multiple_of(kind.block()) && !axes.contains(&0);
        if !whole || tensor.bytes() > MAX_DATA || !offset.is_multiple_of(alignment) {
            return Err(Fault::new(at, Wrong::Shape(tensor.shaped.name)));
        }
        Ok(tensor)
    }
}
