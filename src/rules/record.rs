//! Rule and challenge files as they are written. Nothing is resolved or judged here; `load` does that.
//!
//! The same types make the JSON Schemas that editors complete from.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::types::Level;
use crate::catalog::record::Located;

/// A rule file: one judgement.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "edgeplan rule")]
pub struct RuleRecord {
    /// Kebab-case, the name of the file without `.yaml`.
    pub id: Located<String>,
    /// The diagnostic code of its findings: `EP03xx` does not fit, `EP04xx` not compatible, `EP064x` to `EP069x` improvable.
    pub code: Located<String>,
    /// What it does when it fires.
    pub level: Level,
    /// Whether `allow EPnnnn because "..."` may silence it. Never for physical limits.
    #[serde(default)]
    pub overridable: bool,
    /// Roles it looks at (`asr`, `llm`, `translate`, `tts`, `embed`, `vision`, `ocr`); all when left out.
    #[serde(default)]
    pub roles: Vec<Located<String>>,
    /// When it fires: a condition in the language of specs.
    pub when: Located<String>,
    /// What is found. `{fact}` placeholders are filled with the stack's figures.
    pub message: WordsRecord,
    /// What to do about it.
    pub remedy: WordsRecord,
    /// Ids of catalog sources it rests on.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Stacks it must fire on and stacks it must let pass, as facts. Run whenever the rule is loaded.
    pub examples: ExamplesRecord,
}

/// A text in both languages.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WordsRecord {
    /// English.
    pub en: Located<String>,
    /// Simplified Chinese.
    pub zh: Located<String>,
}

/// What a rule must do on given facts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExamplesRecord {
    /// It must fire on each of these.
    pub fires: Vec<AssignmentRecord>,
    /// It must not fire on any of these.
    pub passes: Vec<AssignmentRecord>,
}

/// Facts of an imagined stack. A fact that is left out has no meaning there; `?` makes one unknown.
pub type AssignmentRecord = BTreeMap<String, Located<Assigned>>;

/// The value of a fact: a quantity with its unit, a name, a flag or a list of names.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[serde(untagged)]
pub enum Assigned {
    /// As written.
    One(String),
    /// A list of names.
    Many(Vec<String>),
}

impl<'de> Deserialize<'de> for Assigned {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyScalar;
        impl<'de> Visitor<'de> for AnyScalar {
            type Value = Assigned;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a quantity with its unit, a name, `true`, `false` or a list of names")
            }
            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Assigned, E> {
                Ok(Assigned::One(value.to_string()))
            }
            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Assigned, E> {
                Ok(Assigned::One(value.to_string()))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Assigned, E> {
                Ok(Assigned::One(value.to_string()))
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Assigned, E> {
                Ok(Assigned::One(value.to_string()))
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<Assigned, E> {
                Ok(Assigned::One(value.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Assigned, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = items.next_element()? {
                    names.push(name);
                }
                Ok(Assigned::Many(names))
            }
        }
        deserializer.deserialize_any(AnyScalar)
    }
}

/// A challenge file: knowledge about one engineering problem of on-device AI.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "edgeplan challenge")]
pub struct ChallengeRecord {
    /// Kebab-case, the name of the file without `.yaml`.
    pub id: Located<String>,
    /// The field it belongs to; among the first three of a plan no field comes twice.
    pub area: AreaRecord,
    /// When it matters for a stack: a condition in the language of specs, judged on likely values.
    pub when: Located<String>,
    /// How much it matters, 0 to 100.
    pub weight: u32,
    /// What makes it matter more.
    #[serde(default)]
    pub boosts: Vec<BoostRecord>,
    /// The heading.
    pub title: WordsRecord,
    /// Why it matters for this stack. `{fact}` placeholders are filled with the stack's figures.
    pub problem: WordsRecord,
    /// What to do, in order.
    pub remedies: Vec<RemedyRecord>,
    /// Ids of catalog sources it rests on.
    #[serde(default)]
    pub sources: Vec<String>,
}

/// The field of a challenge.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AreaRecord {
    /// Limits of the process and of the phone.
    Memory,
    /// Waiting.
    Latency,
    /// Heat and battery.
    Thermal,
    /// Background, interruption, availability.
    Lifecycle,
    /// Getting the weights onto the phone.
    Delivery,
    /// What leaves the phone and what lies on it.
    Privacy,
    /// What the answers are worth.
    Quality,
    /// Chips, drivers, builds.
    Compatibility,
    /// Terms of models and libraries.
    Licence,
    /// Harm by answers.
    Safety,
}

impl AreaRecord {
    /// As kept in the compiled challenge.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Latency => "latency",
            Self::Thermal => "thermal",
            Self::Lifecycle => "lifecycle",
            Self::Delivery => "delivery",
            Self::Privacy => "privacy",
            Self::Quality => "quality",
            Self::Compatibility => "compatibility",
            Self::Licence => "licence",
            Self::Safety => "safety",
        }
    }
}

/// A condition under which a challenge matters more.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BoostRecord {
    /// The condition.
    pub when: Located<String>,
    /// Added to the weight.
    pub add: u32,
}

/// One step against a challenge.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemedyRecord {
    /// Only when this holds; always when left out.
    #[serde(default)]
    pub when: Option<Located<String>>,
    /// What to do. `{fact}` placeholders are filled with the stack's figures.
    pub text: WordsRecord,
    /// API names, options, manifest entries.
    #[serde(default)]
    pub apis: Vec<String>,
    /// Those of some stacks alone, such as an engine's own names for the step.
    #[serde(default)]
    pub apis_when: Vec<ApisRecord>,
}

/// API names that go with a step under a condition.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApisRecord {
    /// The condition.
    pub when: Located<String>,
    /// API names, options, manifest entries.
    pub names: Vec<String>,
}
