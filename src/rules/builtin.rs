//! The rules that are compiled in.

use std::sync::LazyLock;

use super::load::load;
use super::set::RuleSet;

/// Names and texts of the built-in files, sorted by name.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The built-in rules and challenges, read once, on first use.
#[must_use]
pub fn builtin() -> &'static RuleSet {
    static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
        // A test loads the built-in files and shows what is wrong with them.
        load(builtin_files()).unwrap_or_default()
    });
    &RULES
}

/// Names and texts of the built-in files, for `overlay`.
#[must_use]
pub fn builtin_files() -> Vec<(String, String)> {
    let own = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
    FILES.iter().map(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Locale;

    #[test]
    fn every_file_is_a_rule_or_a_challenge() {
        let rules = builtin();
        assert_eq!(rules.rules.len() + rules.challenges.len(), FILES.len());
        assert!(!FILES.is_empty());
    }

    #[test]
    fn the_built_in_rules_load_and_their_examples_come_out_right() {
        if let Err((sources, findings)) = load(builtin_files()) {
            for finding in &findings {
                let place = finding.span().map(|span| {
                    let name = sources.file(span.file).map(|file| file.name.clone());
                    format!("{}: `{}`", name.unwrap_or_default(), sources.text(span))
                });
                eprintln!(
                    "{}: {}: {}",
                    finding.code,
                    finding.message.render(Locale::En),
                    place.unwrap_or_default()
                );
            }
            panic!("{} findings", findings.len());
        }
    }
}
