//! Every spelling of a name: as the plan prints it, a class the other way round, a phone by its platform, a model by the
//! first words of its name. Nothing is looked up in a text here.

use std::collections::BTreeSet;

use super::{Facts, Kind};

/// What phones of a platform are called besides.
const PHONES: [(&str, &str); 2] = [("iOS", "iPhone"), ("iOS", "iPhones")];

/// Least number of letters of a short name: `H 1B` is none.
const LEAST_LETTERS: usize = 3;

impl Facts {
    /// Every spelling with its kind and the name it stands for.
    #[must_use]
    pub fn spellings(&self) -> Vec<(Kind, String, String)> {
        let mut all: BTreeSet<(Kind, String, String)> = self.aliases.iter().cloned().collect();
        for row in &self.rows {
            for (kind, name) in &row.names {
                all.insert((*kind, name.clone(), name.clone()));
                if *kind == Kind::Class
                    && let Some((platform, ram)) = class_parts(name)
                {
                    all.insert((*kind, format!("{ram} {platform}"), name.clone()));
                    all.insert((*kind, format!("{platform}（{ram}）"), name.clone()));
                }
                // `Core ML (CPU, GPU and Neural Engine)` is called Core ML.
                if *kind == Kind::Backend
                    && let Some((short, _)) = name.split_once(" (")
                {
                    all.insert((*kind, short.to_owned(), name.clone()));
                }
                if *kind == Kind::Platform {
                    let own = PHONES.iter().filter(|(platform, _)| platform == name);
                    all.extend(own.map(|(_, phone)| (*kind, (*phone).to_owned(), name.clone())));
                }
            }
        }
        for model in self.models() {
            let short = self.short_names(model).into_iter();
            all.extend(short.map(|short| (Kind::Model, short.to_owned(), model.to_owned())));
        }
        all.into_iter().collect()
    }

    /// The models of the rows, each once.
    fn models(&self) -> BTreeSet<&str> {
        let models = self
            .rows
            .iter()
            .filter_map(|row| row.names.get(&Kind::Model));
        models.map(String::as_str).collect()
    }

    /// `Whisper` and `Granite 4.0 H`: the first words of a model's name, where those of no other model of the rows are the same
    /// and nothing else is called so.
    fn short_names<'a>(&self, model: &'a str) -> Vec<&'a str> {
        let models = self.models();
        let is_free = |short: &&str| {
            let begins = |name: &str| {
                let rest = name.strip_prefix(short);
                rest.is_some_and(|rest| rest.starts_with(' '))
            };
            let alone = !models.iter().any(|other| *other != model && begins(other));
            let letters = short.chars().filter(char::is_ascii_alphabetic).count();
            letters >= LEAST_LETTERS && alone && !self.calls_something(short)
        };
        let ends = model.match_indices(' ').map(|(at, _)| &model[..at]);
        ends.filter(is_free).collect()
    }

    /// Whether anything but a model of the rows is called so, or by a name with this word in it.
    fn calls_something(&self, short: &str) -> bool {
        let has_word = |name: &String| {
            let mut words = name.split(' ');
            words.any(|word| word.eq_ignore_ascii_case(short))
        };
        let mut names = self.rows.iter().flat_map(|row| &row.names);
        let known = names.any(|(kind, name)| *kind != Kind::Model && has_word(name));
        let mut others = self.others.iter();
        known || others.any(|other| other.eq_ignore_ascii_case(short))
    }
}

/// `Android` and `8 GB` of `Android 8 GB`.
fn class_parts(name: &str) -> Option<(&str, &str)> {
    let (platform, ram) = name.split_once(' ')?;
    (ram.ends_with(" GB") && ram.starts_with(|c: char| c.is_ascii_digit()))
        .then_some((platform, ram))
}
