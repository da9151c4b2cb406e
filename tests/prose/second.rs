//! A second checker, made another way: no grammar, no subjects, only the set of all numbers and the set of all names.
//!
//! It knows less than the verifier and cannot be fooled by what the verifier believes to have understood: whatever is
//! accepted must have its numbers and names somewhere in the facts.

use std::collections::BTreeSet;

use edgeplan::prose::facts::{Facts, Fate};
use edgeplan::quantity::Dimension;

/// Units by what they count, with their size; kept apart from the product's table on purpose.
const UNITS: [(&str, &str, f64); 24] = [
    ("GiB", "bytes", 1024.0 * 1024.0 * 1024.0),
    ("MiB", "bytes", 1024.0 * 1024.0),
    ("GB", "bytes", 1e9),
    ("MB", "bytes", 1e6),
    ("tok/s", "rate", 1.0),
    ("tokens per second", "rate", 1.0),
    ("token/秒", "rate", 1.0),
    ("tokens", "tokens", 1.0),
    ("个 token", "any", 1.0),
    ("J/token", "energy", 1.0),
    ("%/h", "drain", 1.0),
    ("percent per hour", "drain", 1.0),
    ("ms", "time", 1e-3),
    ("毫秒", "time", 1e-3),
    ("seconds", "time", 1.0),
    ("秒", "time", 1.0),
    ("s", "time", 1.0),
    ("亿个参数", "params", 1e8),
    ("亿参数", "params", 1e8),
    ("billion", "params", 1e9),
    ("million", "params", 1e6),
    ("B", "params", 1e9),
    ("%", "any", 1.0),
    ("", "any", 1.0),
];

/// All that the facts hold.
pub(crate) struct Sets {
    numbers: Vec<(String, f64)>,
    /// Names of the rows, longest first.
    rows: Vec<String>,
    names: String,
}

impl Sets {
    /// Collects every figure, bound, and number of a statement, and every name.
    pub(crate) fn of(facts: &Facts) -> Self {
        let mut numbers = Vec::new();
        let mut names = String::new();
        for row in &facts.rows {
            for (attribute, figure) in &row.figures {
                let kind = match attribute.dimension().id() {
                    "energy-per-token" => "energy",
                    "number" | "bits" => "any",
                    other => other,
                };
                for value in [figure.low, figure.likely, figure.high] {
                    numbers.push((kind.to_owned(), value));
                }
            }
            for name in row.names.values() {
                names.push_str(&format!(" {name} "));
            }
        }
        for statement in &facts.statements {
            numbers.extend(found(&plain(&statement.text)));
            names.push_str(&format!(" {} ", statement.text));
        }
        for rival in &facts.rivals {
            names.push_str(&format!(" {} ", rival.model));
            let of = |dimension: Dimension| dimension.id().to_owned();
            match &rival.fate {
                Fate::Lost { own, theirs, .. } => {
                    let values = own.iter().chain(theirs);
                    numbers.extend(
                        values.map(|value| {
                            (value.dimension.map_or("any".to_owned(), of), value.value)
                        }),
                    );
                }
                Fate::Refused(grounds) => {
                    for ground in grounds {
                        numbers.extend(ground.limit.map(|limit| ("any".to_owned(), limit)));
                        if let Some((attribute, figure)) = &ground.figure {
                            for value in [figure.low, figure.likely, figure.high] {
                                numbers.push((of(attribute.dimension()), value));
                            }
                        }
                    }
                }
            }
        }
        // Their names in full, and by their first words.
        let is_rival = |name: &&String| {
            let mut rivals = facts.rivals.iter();
            rivals.any(|rival| rival.model.starts_with(name.as_str()))
        };
        let rivals = facts.others.iter().filter(is_rival).cloned();
        let mut rows: Vec<String> = facts
            .spellings()
            .into_iter()
            .map(|(_, spelling, _)| spelling)
            .chain(rivals)
            .filter(|name| name.len() > 2)
            .collect();
        rows.sort_by_key(|name| std::cmp::Reverse(name.len()));
        Self {
            numbers,
            rows,
            names: names.to_lowercase(),
        }
    }

    /// Names hold numbers that are no figures.
    fn without_names(&self, text: &str) -> String {
        let cut = |text: String, name: &String| text.replace(name, " ");
        self.rows.iter().fold(text.to_owned(), cut)
    }

    /// The first number or name of `text` that the facts do not hold.
    pub(crate) fn stranger(&self, text: &str) -> Option<String> {
        let text = self.without_names(&plain(text));
        for (kind, value) in found(&text) {
            let known = self.numbers.iter().any(|(of, known)| {
                let near = |known: f64| (known - value).abs() <= 0.06 * known.abs().max(1e-9);
                match kind.as_str() {
                    // A bound in a bracket has the unit of the figure before it.
                    "any" => UNITS.iter().any(|(.., size)| near(known / size)),
                    _ => (of == "any" || *of == kind) && near(*known),
                }
            });
            if !known && !self.names.contains(&format!("{value}")) {
                return Some(format!("{value} {kind}"));
            }
        }
        name_like(&text)
            .into_iter()
            .find(|name| !self.names.contains(&name.to_lowercase()))
    }
}

/// Full-width digits and letters as plain ones.
fn plain(text: &str) -> String {
    let fold = |c: char| match u32::from(c) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap(),
        _ => c,
    };
    text.chars().map(fold).collect()
}

/// Every run of digits with the unit after it, in base units.
fn found(text: &str) -> Vec<(String, f64)> {
    let characters: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        let inside = at > 0
            && (characters[at - 1].is_ascii_alphanumeric()
                || matches!(characters[at - 1], '_' | '.' | '-'));
        if !characters[at].is_ascii_digit() || inside {
            at += 1;
            continue;
        }
        let mut end = at;
        let digit = |index: usize| characters.get(index).is_some_and(char::is_ascii_digit);
        while digit(end) || (matches!(characters.get(end), Some('.' | ',')) && digit(end + 1)) {
            end += 1;
        }
        let number: String = characters[at..end].iter().filter(|c| **c != ',').collect();
        let rest: String = characters[end..].iter().collect();
        if let Ok(value) = number.parse::<f64>() {
            let rest = rest.trim_start();
            let (_, kind, size) = UNITS
                .iter()
                .find(|(unit, ..)| rest.starts_with(unit))
                .unwrap();
            out.push(((*kind).to_owned(), value * size));
        }
        at = end.max(at + 1);
    }
    out
}

/// Words with digits, underscores or inner capitals, letters first.
fn name_like(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.')))
        .map(|word| word.trim_matches('.'))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()))
        .filter(|word| {
            word.chars()
                .skip(1)
                .any(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        })
        .filter(|word| !UNITS.iter().any(|(unit, ..)| unit == word))
        .map(str::to_owned)
        .collect()
}
