//! Models in several files: how their parts are named and joined. Opens no file.

use std::collections::BTreeSet;

use super::{Fault, Header, Wrong};

/// Most parts of a model.
const MAX_PARTS: u16 = 1024;

/// A file name that says which part of a model it is: `model-00002-of-00003.gguf`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartName {
    stem: String,
    /// This part, from 1.
    pub number: u16,
    /// All parts.
    pub count: u16,
}

impl PartName {
    /// Reads a file name; `None` for models in one file.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let rest = name.strip_suffix(".gguf")?;
        let (rest, count) = rest.rsplit_once("-of-")?;
        let (stem, number) = rest.rsplit_once('-')?;
        let digits = |text: &str| {
            (text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| text.parse().ok())
                .flatten()
        };
        let (number, count): (u16, u16) = (digits(number)?, digits(count)?);
        ((1..=count).contains(&number) && count <= MAX_PARTS).then(|| Self {
            stem: stem.to_owned(),
            number,
            count,
        })
    }

    /// The file names of all parts, first to last.
    #[must_use]
    pub fn all(&self) -> Vec<String> {
        (1..=self.count)
            .map(|number| format!("{}-{number:05}-of-{:05}.gguf", self.stem, self.count))
            .collect()
    }
}

/// Joins the headers of all parts, first to last, each with its file's name.
///
/// # Errors
/// Parts that number themselves differently, hold one tensor twice, or are fewer than they say.
pub fn join(parts: Vec<(String, Header)>) -> Result<Header, (String, Fault)> {
    let count = parts.len() as u64;
    let mut names = BTreeSet::new();
    let mut whole: Option<Header> = None;
    for (at, (file, mut part)) in parts.into_iter().enumerate() {
        let wrong = |wrong| (file.clone(), Fault::new(part.data_start, wrong));
        let says = |key: &str, is: u64| part.whole(key).is_none_or(|given| given == is);
        if !(says("split.count", count) && says("split.no", at as u64)) {
            return Err(wrong(Wrong::Parts(file.clone())));
        }
        for tensor in &mut part.tensors {
            tensor.file = at as u16;
            if !names.insert(tensor.shaped.name.clone()) {
                let name = tensor.shaped.name.clone();
                return Err((file, Fault::new(part.data_start, Wrong::Twice(name))));
            }
        }
        match &mut whole {
            None => whole = Some(part),
            Some(whole) => {
                whole.tensors.append(&mut part.tensors);
                whole.bytes = whole.bytes.saturating_add(part.bytes);
                whole.parts += 1;
            }
        }
    }
    let whole = whole.unwrap_or_default();
    let tensors = whole.tensors.len() as u64;
    match whole.whole("split.tensors.count") {
        Some(said) if count > 1 && said != tensors => {
            let key = "split.tensors.count".to_owned();
            let fault = Fault::new(whole.data_start, Wrong::Metadata(key, said.to_string()));
            Err((String::new(), fault))
        }
        _ => Ok(whole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parts_are_read_and_written() {
        let name = "qwen-00002-of-00003.gguf";
        let part = PartName::parse(name).expect("a part");
        assert_eq!((part.number, part.count), (2, 3));
        assert_eq!(part.all()[1], name);
        for other in [
            "qwen.gguf",
            "a-00004-of-00003.gguf",
            "a-1-of-2.gguf",
            "a-00000-of-00000.gguf",
        ] {
            assert_eq!(PartName::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_tensor_in_two_parts_is_refused() {
        let tensor = super::super::Stored {
            shaped: super::super::Shaped {
                name: "output.weight".into(),
                axes: [32, 1, 1, 1],
            },
            kind: super::super::Kind::F32,
            offset: 0,
            file: 0,
        };
        let part = Header {
            tensors: vec![tensor],
            ..Header::default()
        };
        let parts = vec![("a".into(), part.clone()), ("b".into(), part)];
        let (file, fault) = join(parts).expect_err("twice");
        assert_eq!(file, "b");
        assert_eq!(fault.wrong, Wrong::Twice("output.weight".into()));
    }
}
