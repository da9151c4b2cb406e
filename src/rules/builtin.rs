//! The rules that are compiled in. `build.rs` reads them, so that starting costs no YAML.

use std::sync::LazyLock;

use super::set::RuleSet;

/// Names and texts of the built-in files, sorted by name.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The rule set with its conditions parsed, as postcard.
const COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.postcard"));

/// The built-in rules and challenges, decoded once, on first use.
#[must_use]
pub fn builtin() -> &'static RuleSet {
    static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
        // The blob was written by the build script of this very crate from these very types; a test decodes it.
        let mut rules: RuleSet = postcard::from_bytes(COMPILED).unwrap_or_default();
        let file = |(name, text): &(&'static str, &'static str)| ((*name).into(), (*text).into());
        rules.files = FILES.iter().map(file).collect();
        rules
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
    use crate::catalog;
    use crate::diagnostic::Locale;
    use crate::rules::load::load;

    #[test]
    fn what_is_compiled_in_is_what_the_files_say() {
        assert_eq!(load(builtin_files()).ok().as_ref(), Some(builtin()));
    }

    #[test]
    fn every_file_is_a_rule_or_a_challenge() {
        let rules = builtin();
        assert_eq!(rules.rules.len() + rules.challenges.len(), FILES.len());
        assert!(!FILES.is_empty());
    }

    #[test]
    fn the_built_in_rules_load_and_their_examples_come_out_right() {
        let (sources, findings) = load(builtin_files()).err().unwrap_or_default();
        let lines: Vec<String> = findings
            .iter()
            .map(|finding| {
                let file = finding.span().and_then(|span| sources.file(span.file));
                let name = file.map_or("", |file| file.name.as_str());
                let text = finding.span().map_or("", |span| sources.text(span));
                let message = finding.message.render(Locale::En);
                format!("{name}: {}: {message}: {text}", finding.code)
            })
            .collect();
        assert!(lines.is_empty(), "{lines:#?}");
    }

    #[test]
    fn what_rules_rest_on_is_a_source_of_the_catalog() {
        let known: Vec<&str> = catalog::builtin()
            .sources
            .iter()
            .map(|s| s.id.as_str())
            .collect();
        let rules = builtin().rules.iter().map(|rule| (&rule.id, &rule.sources));
        let challenges = builtin().challenges.iter().map(|c| (&c.id, &c.sources));
        for (id, sources) in rules.chain(challenges) {
            assert!(!sources.is_empty(), "{id} names no source");
            for source in sources {
                assert!(known.contains(&source.as_str()), "{id}: no source {source}");
            }
        }
    }

    #[test]
    fn every_rule_has_an_example_of_both_kinds() {
        for rule in &builtin().rules {
            for fires in [true, false] {
                assert!(
                    rule.examples.iter().any(|one| one.fires == fires),
                    "{}",
                    rule.id
                );
            }
        }
    }
}
