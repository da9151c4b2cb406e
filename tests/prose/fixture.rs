//! The facts and sentences of the corpus, read from their files.

use edgeplan::diagnostic::Locale;
use edgeplan::prose::facts::{Attribute, Facts, Figure, Kind, Row, Statement};
use edgeplan::prose::read::figure;
use serde_yaml::Value;

use crate::support::{read, root};

/// One line of a corpus.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// Whether it must be accepted.
    pub(crate) holds: bool,
    /// The kind of truth, or of near-miss.
    pub(crate) kind: String,
    /// One or more sentences.
    pub(crate) text: String,
}

/// The corpus of a language.
pub(crate) fn corpus(locale: Locale) -> Vec<Case> {
    read(&root().join(format!("tests/prose/corpus.{locale}.tsv")))
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [verdict, kind, text] = fields.as_slice() else {
                panic!("{line}: three fields");
            };
            assert!(matches!(*verdict, "+" | "-"), "{line}: the verdict");
            Case {
                holds: *verdict == "+",
                kind: (*kind).to_owned(),
                text: unescaped(text),
            }
        })
        .collect()
}

/// `\u{200b}` as the character.
fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\u{") {
        let (number, tail) = after.split_once('}').unwrap();
        let character = u32::from_str_radix(number, 16)
            .ok()
            .and_then(char::from_u32);
        out.push_str(before);
        out.push(character.unwrap());
        rest = tail;
    }
    out + rest
}

/// The facts of `tests/prose/facts.yaml` in one language.
pub(crate) fn facts(locale: Locale) -> Facts {
    let file: Value = serde_yaml::from_str(&read(&root().join("tests/prose/facts.yaml"))).unwrap();
    let list = |key: &str| file[key].as_sequence().unwrap().clone();
    let words = |value: &Value| {
        let text = value.as_str().or_else(|| value[locale.tag()].as_str());
        text.unwrap().to_owned()
    };
    let mut facts = Facts::new(locale);
    for record in list("rows") {
        let mut row = Row::default();
        for (kind, name) in record["names"].as_mapping().unwrap() {
            let kind: Kind = serde_yaml::from_value(kind.clone()).unwrap();
            row.names.insert(kind, words(name));
        }
        for (attribute, value) in record["figures"].as_mapping().unwrap() {
            let attribute: Attribute = serde_yaml::from_value(attribute.clone()).unwrap();
            row.figures.insert(attribute, interval(attribute, value));
        }
        facts.rows.push(row);
    }
    facts.others = list("others").iter().map(words).collect();
    facts.statements = list("statements")
        .iter()
        .enumerate()
        .map(|(number, statement)| Statement {
            id: number.to_string(),
            text: words(statement),
            about: Vec::new(),
        })
        .collect();
    facts
}

/// `2.29 GiB`, or three of them from low to high.
fn interval(attribute: Attribute, value: &Value) -> Figure {
    let number = |value: &Value| match value.as_str() {
        Some(text) => figure(text, attribute.dimension()).unwrap_or_else(|| panic!("{text}")),
        None => value.as_f64().unwrap(),
    };
    match value.as_sequence().map(Vec::as_slice) {
        Some([low, likely, high]) => Figure {
            low: number(low),
            likely: number(likely),
            high: number(high),
        },
        _ => Figure::exact(number(value)),
    }
}
