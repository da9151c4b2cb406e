//! The lock: what a build chose and from what, to be committed beside the spec. Plain data with a stable order; writes nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::types::Plan;
use crate::diagnostic::Text;
use crate::estimate::FORMULAS;
use crate::rules::RuleSet;
use crate::solve::{Locked, StackIds};

/// The format of the lock.
const VERSION: u32 = 1;

/// The first line of every lock.
const HEAD: &str =
    "# Written by edgeplanc; commit it beside the spec. `edgeplanc update` moves it.\n";

/// What a build chose and from what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The format.
    version: u32,
    /// The version of the formulas behind all figures.
    formulas: u32,
    /// Digest of the catalog.
    catalog: String,
    /// Digest of the rules.
    rules: String,
    /// The parameters with their values.
    params: BTreeMap<String, String>,
    /// The stacks, in the order of the plan.
    choices: Vec<Choice>,
}

/// One stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    /// The class of phones.
    class: String,
    /// The feature and the role: `chat.llm`.
    slot: String,
    model: String,
    quantization: String,
    /// Catalog id of the file.
    file: String,
    /// Its size, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    /// Its SHA-256, where known; locks of before there were digests have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    runtime: String,
    backend: String,
}

/// All that is read of a lock whose format may be another.
#[derive(Deserialize)]
struct Format {
    version: u32,
}

/// How lines begin that git puts around what it could not merge.
const MERGE_MARKS: [&str; 2] = ["<<<<<<< ", ">>>>>>> "];

/// Why a text is no lock that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoLock {
    /// A later edgeplanc wrote it, in this format.
    Later(u32),
    /// A merge has not been finished.
    Merging,
    /// It is something else, for this reason.
    Broken(String),
}

impl NoLock {
    /// What is wrong with the lock of a spec, and what mends it.
    #[must_use]
    pub fn text(&self, path: &str, spec: &str) -> Text {
        let text = match self {
            Self::Later(format) => Text::key("lock.later")
                .arg("format", format.to_string())
                .arg("known", VERSION.to_string()),
            Self::Merging => Text::key("lock.merging").arg("spec", spec),
            Self::Broken(reason) => Text::key("lock.unreadable")
                .arg("reason", reason.as_str())
                .arg("spec", spec),
        };
        text.arg("path", path)
    }
}

/// A choice that is another now.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// The class of phones.
    pub class: String,
    /// The feature and the role.
    pub slot: String,
    /// The model of before, where there was one.
    pub model: Option<String>,
    /// The move in words.
    pub text: Text,
}

impl Lock {
    /// The lock of a plan that was made under these rules.
    #[must_use]
    pub fn of(plan: &Plan, rules: &RuleSet) -> Self {
        let params = plan.asked.parameters.iter();
        let params = params
            .filter(|param| param.declared)
            .map(|param| (param.name.clone(), param.value.clone()))
            .collect();
        let mut choices = Vec::new();
        for tier in &plan.tiers {
            for class in &tier.classes {
                for stack in &tier.stacks {
                    choices.push(Choice {
                        class: class.id.clone(),
                        slot: format!("{}.{}", stack.feature, stack.role),
                        model: stack.model.id.clone(),
                        quantization: stack.quantization.id.clone(),
                        file: stack.file.id.clone(),
                        bytes: stack.file.bytes,
                        sha256: stack.file.sha256.clone(),
                        runtime: stack.runtime.id.clone(),
                        backend: stack.backend.clone(),
                    });
                }
            }
        }
        Self {
            version: VERSION,
            formulas: FORMULAS,
            catalog: plan.generated_from.catalog.clone(),
            rules: rules.digest().to_owned(),
            params,
            choices,
        }
    }

    /// The lock as its file.
    ///
    /// # Errors
    /// Never in practice: texts and numbers have a form in YAML.
    pub fn text(&self) -> Result<String, serde_yaml::Error> {
        Ok(format!("{HEAD}{}", serde_yaml::to_string(self)?))
    }

    /// Reads a lock.
    ///
    /// # Errors
    /// When the text is none, or of a later format.
    pub fn parse(text: &str) -> Result<Self, NoLock> {
        if let Ok(format) = serde_yaml::from_str::<Format>(text)
            && format.version > VERSION
        {
            return Err(NoLock::Later(format.version));
        }
        let merging = |line: &str| MERGE_MARKS.iter().any(|mark| line.starts_with(mark));
        if text.lines().any(merging) {
            return Err(NoLock::Merging);
        }
        serde_yaml::from_str(text).map_err(|error| NoLock::Broken(error.to_string()))
    }

    /// The choices, for the solver.
    #[must_use]
    pub fn locked(&self) -> Locked {
        let stacks = self.choices.iter().map(|choice| {
            let ids = StackIds {
                file: choice.file.clone(),
                runtime: choice.runtime.clone(),
                backend: choice.backend.clone(),
            };
            ((choice.class.clone(), choice.slot.clone()), ids)
        });
        Locked {
            stacks: stacks.collect(),
        }
    }

    /// What a build rests on that is not as it was: catalog, rules, formulas, parameters.
    #[must_use]
    pub fn causes(&self, new: &Self) -> Vec<Text> {
        let mut causes = Vec::new();
        if self.catalog != new.catalog {
            causes.push(Text::key("lock.catalog"));
        }
        if self.rules != new.rules {
            causes.push(Text::key("lock.rules"));
        }
        if self.formulas != new.formulas {
            causes.push(
                Text::key("lock.formulas")
                    .arg("old", self.formulas.to_string())
                    .arg("new", new.formulas.to_string()),
            );
        }
        if new
            .choices
            .iter()
            .any(|choice| choice.has_digest_come_or_gone(self))
        {
            causes.push(Text::key("lock.digests"));
        }
        let mut names: Vec<&String> = self.params.keys().chain(new.params.keys()).collect();
        names.sort();
        names.dedup();
        for name in names {
            let (old, new) = (self.params.get(name), new.params.get(name));
            if old != new {
                let shown = |value: Option<&String>| value.map_or("-", String::as_str).to_owned();
                causes.push(
                    Text::key("lock.param")
                        .arg("name", name.as_str())
                        .arg("old", shown(old))
                        .arg("new", shown(new)),
                );
            }
        }
        causes
    }

    /// The choices that are others in a new lock, in its order; then those that are gone.
    #[must_use]
    pub fn moves(&self, new: &Self) -> Vec<Move> {
        let mut moves = Vec::new();
        for choice in &new.choices {
            let old = self.place_of(choice);
            let text = match old {
                Some(old) if old.is_but_for_digest(choice) => continue,
                Some(old) => match old.replaced_by(choice) {
                    Some(replaced) => replaced,
                    None => Text::key("lock.moved")
                        .arg("old", old.shown(choice))
                        .arg("new", choice.shown(old)),
                },
                None => Text::key("lock.added").arg("new", choice.shown(choice)),
            };
            moves.push(choice.moved(old, text));
        }
        for choice in &self.choices {
            if new.place_of(choice).is_none() {
                let text = Text::key("lock.gone").arg("old", choice.shown(choice));
                moves.push(choice.moved(Some(choice), text));
            }
        }
        moves
    }

    /// What is chosen for the class and slot of a choice.
    fn place_of(&self, choice: &Choice) -> Option<&Choice> {
        let same = |other: &&Choice| (&other.class, &other.slot) == (&choice.class, &choice.slot);
        self.choices.iter().find(same)
    }
}

impl Choice {
    /// Everything but the digest, for comparing.
    fn without_digest(&self) -> Self {
        Self {
            sha256: None,
            ..self.clone()
        }
    }

    /// The same choice of the same file, as far as digests tell: one that is not on record tells nothing.
    fn is_but_for_digest(&self, new: &Self) -> bool {
        !self.has_other_bytes(new) && self.without_digest() == new.without_digest()
    }

    /// The digest of a file that is otherwise the same is on record here or in the old lock, not in both.
    fn has_digest_come_or_gone(&self, old: &Lock) -> bool {
        let known = |old: &Self| old.is_but_for_digest(self) && old.sha256 != self.sha256;
        old.place_of(self).is_some_and(known)
    }

    /// Both digests are on record, and differ.
    fn has_other_bytes(&self, new: &Self) -> bool {
        self.sha256.is_some() && new.sha256.is_some() && self.sha256 != new.sha256
    }

    /// That nothing was chosen anew, but the file has other bytes under its name.
    fn replaced_by(&self, new: &Self) -> Option<Text> {
        let (old_digest, new_digest) = (self.sha256.as_ref()?, new.sha256.as_ref()?);
        let same = Self {
            bytes: new.bytes,
            ..self.without_digest()
        } == new.without_digest();
        (same && self.has_other_bytes(new)).then(|| {
            Text::key("lock.replaced")
                .arg("file", self.file.as_str())
                .arg("old", old_digest.as_str())
                .arg("new", new_digest.as_str())
        })
    }

    /// Model and quantization, and beside another choice also what else differs.
    fn shown(&self, beside: &Self) -> String {
        let mut shown = format!("{} {}", self.model, self.quantization);
        let differs = (&self.runtime, &self.backend) != (&beside.runtime, &beside.backend);
        let twin = (&self.model, &self.quantization) == (&beside.model, &beside.quantization);
        if differs || (twin && self.file != beside.file) {
            shown.push_str(&format!(" ({}, {})", self.runtime, self.backend));
        }
        if twin && (self.bytes != beside.bytes || self.file != beside.file) {
            let bytes = self.bytes.map_or("-".to_owned(), |bytes| bytes.to_string());
            shown.push_str(&format!(" [{}, {bytes} B]", self.file));
        }
        shown
    }

    fn moved(&self, old: Option<&Self>, text: Text) -> Move {
        Move {
            class: self.class.clone(),
            slot: self.slot.clone(),
            model: old.map(|old| old.model.clone()),
            text: text
                .arg("class", self.class.as_str())
                .arg("slot", self.slot.as_str()),
        }
    }
}
