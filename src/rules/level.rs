//! Levels of rules set from outside their files. A rule may be made graver by anybody; less grave only where it says that it is
//! overridable.

use super::set::RuleSet;
use super::types::Level;

/// What a rule shall do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetLevel {
    /// Judge at this level.
    At(Level),
    /// Nothing.
    Off,
}

impl SetLevel {
    /// `reject`, `warn`, `advise` or `off`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let levels = [Level::Reject, Level::Warn, Level::Advise];
        let level = levels.into_iter().find(|level| level.id() == word);
        match level {
            Some(level) => Some(Self::At(level)),
            None => (word == "off").then_some(Self::Off),
        }
    }

    const fn id(self) -> &'static str {
        match self {
            Self::At(level) => level.id(),
            Self::Off => "off",
        }
    }
}

/// Why a level cannot be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsettable {
    /// There is no such rule.
    Unknown,
    /// The rule stands for a limit and stays at least at this level.
    Limit(Level),
}

impl Level {
    /// The word of rule files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Reject => "reject",
            Self::Warn => "warn",
            Self::Advise => "advise",
        }
    }
}

impl RuleSet {
    /// Sets the level of a rule. The digest of the set takes note of it.
    ///
    /// # Errors
    /// When there is no such rule, or it does not let itself be made less grave.
    pub fn set_level(&mut self, id: &str, level: SetLevel) -> Result<(), Unsettable> {
        let at = self.rules.iter().position(|rule| rule.id == id);
        let at = at.ok_or(Unsettable::Unknown)?;
        let rule = &mut self.rules[at];
        // `Level` is in the order of gravity, gravest first.
        let milder = match level {
            SetLevel::At(level) => level > rule.level,
            SetLevel::Off => true,
        };
        if milder && !rule.overridable {
            return Err(Unsettable::Limit(rule.level));
        }
        match level {
            SetLevel::At(level) if level == rule.level => return Ok(()),
            SetLevel::At(level) => rule.level = level,
            SetLevel::Off => {
                self.rules.remove(at);
            }
        }
        // Spans count files by their index, so the note stands after all others.
        self.files
            .push((format!("level of {id}").into(), level.id().into()));
        self.seal();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::builtin;

    fn some(level: Level, overridable: bool) -> String {
        let mut rules = builtin().rules.iter();
        let found = rules.find(|rule| rule.level == level && rule.overridable == overridable);
        found.map(|rule| rule.id.clone()).unwrap()
    }

    #[test]
    fn a_limit_cannot_be_lowered_and_a_policy_can() {
        let mut rules = builtin().clone();
        let (limit, policy) = (some(Level::Reject, false), some(Level::Reject, true));
        for word in ["warn", "advise", "off"] {
            let level = SetLevel::parse(word).unwrap();
            assert_eq!(
                rules.set_level(&limit, level),
                Err(Unsettable::Limit(Level::Reject))
            );
        }
        assert_eq!(&rules, builtin());
        assert_eq!(rules.set_level(&policy, SetLevel::Off), Ok(()));
        assert!(rules.rules.iter().all(|rule| rule.id != policy));
        assert_eq!(
            rules.set_level(&policy, SetLevel::Off),
            Err(Unsettable::Unknown)
        );
    }

    #[test]
    fn a_level_that_is_set_is_part_of_the_digest() {
        let mut rules = builtin().clone();
        let remark = some(Level::Warn, true);
        assert_eq!(rules.set_level(&remark, SetLevel::At(Level::Warn)), Ok(()));
        assert_eq!(rules.digest(), builtin().digest());
        assert_eq!(
            rules.set_level(&remark, SetLevel::At(Level::Reject)),
            Ok(())
        );
        assert_ne!(rules.digest(), builtin().digest());
    }
}
