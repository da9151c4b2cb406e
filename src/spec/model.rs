//! What is asked, and where each word stands: the result of resolving a syntax tree.
//!
//! Parameters are substituted, defaults filled in and marked as such, units turned into base units, names of
//! models, runtimes, devices, licences and languages checked against a [`super::Vocabulary`]. Nothing here decides.

use serde::{Deserialize, Serialize};

use super::expr::Expr;
use crate::diagnostic::{Code, FileId, Locale, Span};
use crate::quantity::{Bytes, Quantity, Seconds, Share, Tokens, TokensPerSecond};

/// A value with the place it was written at; `None` where it is a default.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked<T> {
    /// The value.
    pub value: T,
    /// The words that say so; `None` for defaults.
    pub span: Option<Span>,
}

impl<T> Asked<T> {
    /// Written in the spec.
    pub const fn written(value: T, span: Span) -> Self {
        Self {
            value,
            span: Some(span),
        }
    }

    /// Taken as the default.
    pub const fn default(value: T) -> Self {
        Self { value, span: None }
    }

    /// Whether it is a default.
    pub const fn is_default(&self) -> bool {
        self.span.is_none()
    }
}

/// A spec, resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// The file it came from.
    pub file: FileId,
    /// Language version (1).
    pub version: u32,
    /// The app's name.
    pub name: Option<Asked<String>>,
    /// Languages of the plan, first is the main one; never empty.
    pub locales: Asked<Vec<Locale>>,
    /// Placeholders, in order.
    pub params: Vec<Param>,
    /// Operating systems, in order; never empty.
    pub platforms: Vec<PlatformAsk>,
    /// App toolkit id: `native`, `flutter`, `react-native`, `kmp`, `unity`, `maui`.
    pub ui: Asked<String>,
    /// RAM classes asked for, GiB as phones are sold.
    pub ram: Asked<RamRange>,
    /// Named devices (catalog ids), planned one by one.
    pub devices: Vec<Asked<String>>,
    /// Nothing leaves the device at run time.
    pub offline: Asked<bool>,
    /// How sure a hard limit must be to hold, 0..1.
    pub confidence: Asked<Share>,
    /// Features, in order; never empty.
    pub features: Vec<Feature>,
    /// Shared limits.
    pub budget: Budget,
    /// `use`, `forbid`, `require`, `pin` of the top level, in order.
    pub demands: Vec<Demand>,
    /// `allow EPnnnn because "..."`.
    pub allows: Vec<Allow>,
    /// Preferences for features that state none.
    pub prefer: Asked<Vec<Objective>>,
    /// How common each class is.
    pub fleet: Vec<FleetShare>,
    /// `test` blocks.
    pub tests: Vec<SpecTest>,
    /// App facts a licence or store rule may need; all optional.
    pub app: App,
}

/// Facts about the app itself that licences and stores ask for. All are optional statements of the language:
/// `users 2000000`, `revenue ...`, `region CN, EU`, `distribution play, app-store`, `commercial` are refinements.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct App {
    /// The app is commercial; default true.
    pub non_commercial: Option<Asked<bool>>,
    /// Monthly active users expected.
    pub monthly_users: Option<Asked<u64>>,
    /// Regions it ships to, ISO codes; `EU` stands for the union.
    pub regions: Vec<Asked<String>>,
}

/// A placeholder and the value it has in this build.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Name without `$`.
    pub name: String,
    /// Where it is declared.
    pub span: Span,
    /// Declared type, `None` when it follows from the default.
    pub kind: String,
    /// The default as written, if any.
    pub default: Option<String>,
    /// The value used, as written; `None` only when the spec has errors.
    pub value: Option<String>,
    /// Set from outside (`--set`) rather than by its default.
    pub overridden: bool,
    /// Spans of the statements that read it.
    pub uses: Vec<Span>,
}

/// One operating system.
#[derive(Debug, Clone, PartialEq)]
pub struct PlatformAsk {
    /// `ios`, `android`, `harmonyos`.
    pub id: String,
    /// Where it was written (for `platform flutter`: that word).
    pub span: Span,
    /// Lowest OS version; a default is the platform's.
    pub min_os: Option<Asked<f64>>,
}

/// RAM classes, GiB as sold, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RamRange {
    /// Smallest class.
    pub min_gib: u32,
    /// Largest class; `None` for no upper end.
    pub max_gib: Option<u32>,
}

/// What a feature does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Dialogue.
    Chat,
    /// Shorten.
    Summarize,
    /// Read and judge a text (mood, themes).
    Analyze,
    /// Pull fields out of a text.
    Extract,
    /// Put a text in a class.
    Classify,
    /// Rephrase.
    Rewrite,
    /// Text to text in another language.
    Translate,
    /// Speech to text.
    Transcribe,
    /// Speech to speech in another language.
    TranslateSpeech,
    /// Text to speech.
    Speak,
    /// Find by meaning.
    Search,
    /// Answer from documents: search, then chat.
    Rag,
    /// Answer questions about an image.
    VisionQa,
    /// Text in an image.
    Ocr,
    /// Call the app's functions.
    ToolUse,
}

impl Task {
    /// All of them, in the order documentation lists them.
    pub const ALL: [Self; 15] = [
        Self::Chat,
        Self::Summarize,
        Self::Analyze,
        Self::Extract,
        Self::Classify,
        Self::Rewrite,
        Self::Translate,
        Self::Transcribe,
        Self::TranslateSpeech,
        Self::Speak,
        Self::Search,
        Self::Rag,
        Self::VisionQa,
        Self::Ocr,
        Self::ToolUse,
    ];

    /// As written in a spec.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Summarize => "summarize",
            Self::Analyze => "analyze",
            Self::Extract => "extract",
            Self::Classify => "classify",
            Self::Rewrite => "rewrite",
            Self::Translate => "translate",
            Self::Transcribe => "transcribe",
            Self::TranslateSpeech => "translate-speech",
            Self::Speak => "speak",
            Self::Search => "search",
            Self::Rag => "rag",
            Self::VisionQa => "vision-qa",
            Self::Ocr => "ocr",
            Self::ToolUse => "tool-use",
        }
    }

    /// The task spelled so.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|task| task.id() == id)
    }

    /// The roles of its pipeline, in order, by the ids of `catalog::Role`.
    #[must_use]
    pub const fn roles(self) -> &'static [&'static str] {
        match self {
            Self::Transcribe => &["asr"],
            Self::Translate => &["translate"],
            Self::TranslateSpeech => &["asr", "translate", "tts"],
            Self::Speak => &["tts"],
            Self::Search => &["embed"],
            Self::Rag => &["embed", "llm"],
            Self::VisionQa => &["vision"],
            Self::Ocr => &["ocr"],
            _ => &["llm"],
        }
    }
}

/// What to optimise, lexicographically.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Objective {
    /// Higher place in the quality order.
    Quality,
    /// Less peak memory.
    Memory,
    /// Smaller download.
    Download,
    /// Less storage.
    Storage,
    /// Shorter time to first token.
    Ttft,
    /// Faster decoding.
    Decode,
    /// Faster end to end (same as `ttft` where there are no tokens).
    Latency,
    /// Less energy per token.
    Energy,
    /// Shorter cold start.
    ColdStart,
    /// As brisk as the task is expected to be; see `spec::defaults`.
    Comfort,
    /// Memory within the threshold at which the store of the platform acts.
    Store,
}

impl Objective {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Quality,
        Self::Memory,
        Self::Download,
        Self::Storage,
        Self::Ttft,
        Self::Decode,
        Self::Latency,
        Self::Energy,
        Self::ColdStart,
        Self::Comfort,
        Self::Store,
    ];

    /// As written in a spec.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Quality => "quality",
            Self::Memory => "memory",
            Self::Download => "download",
            Self::Storage => "storage",
            Self::Ttft => "ttft",
            Self::Decode => "decode",
            Self::Latency => "latency",
            Self::Energy => "energy",
            Self::ColdStart => "cold-start",
            Self::Comfort => "comfort",
            Self::Store => "store",
        }
    }

    /// The objective spelled so.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|objective| objective.id() == id)
    }
}

/// One AI feature of the app.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Identifier.
    pub id: String,
    /// Where the identifier stands.
    pub span: Span,
    /// The description in the user's words.
    pub title: Option<Asked<String>>,
    /// What it does; a default is inferred from the id and title, and said so in the plan.
    pub task: Asked<Task>,
    /// Languages it must handle, ISO 639-1, sorted, no repeats.
    pub languages: Asked<Vec<String>>,
    /// Directions of translation, in order.
    pub directions: Vec<(String, String)>,
    /// Longest input of one request.
    pub input: Asked<Tokens>,
    /// Longest output of one request.
    pub output: Asked<Tokens>,
    /// Context to allocate.
    pub context: Asked<Tokens>,
    /// Upper bounds, as written.
    pub ttft: Option<Asked<Seconds>>,
    /// Lower bound of decoding speed.
    pub decode: Option<Asked<TokensPerSecond>>,
    /// Upper bound end to end.
    pub latency: Option<Asked<Seconds>>,
    /// Upper bound from process start to ready.
    pub cold_start: Option<Asked<Seconds>>,
    /// Upper bound of this feature's own peak memory.
    pub memory: Option<Asked<Bytes>>,
    /// `require`, `use`, `forbid` and `pin` of this feature.
    pub demands: Vec<Demand>,
    /// Preferences, in order.
    pub prefer: Asked<Vec<Objective>>,
    /// How it shares memory with other features.
    pub residency: Asked<Residency>,
}

/// Who is in memory together.
#[derive(Debug, Clone, PartialEq)]
pub enum Residency {
    /// Loaded at the same time as these features.
    With(Vec<String>),
    /// Unloads the others while it runs; the default.
    Exclusive,
}

/// An amount, absolute or as a share of the phone's RAM.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// Bytes.
    Absolute(Bytes),
    /// Share of physical RAM.
    OfRam(Share),
}

/// Limits over all features together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Budget {
    /// Peak memory; the platform's grant always holds besides.
    pub memory: Option<Asked<Amount>>,
    /// Sum of distinct files.
    pub download: Option<Asked<Bytes>>,
    /// Sum of distinct files plus what is unpacked beside them.
    pub storage: Option<Asked<Bytes>>,
    /// Percent of the battery per hour of use.
    pub battery: Option<Asked<f64>>,
}

/// A hard demand on the chosen stack.
#[derive(Debug, Clone, PartialEq)]
pub struct Demand {
    /// Which kind.
    pub kind: DemandKind,
    /// The statement.
    pub span: Span,
    /// The `because` text.
    pub reason: Option<String>,
}

/// The kinds of hard demand.
#[derive(Debug, Clone, PartialEq)]
pub enum DemandKind {
    /// `use runtime "a" | "b"`: the fact must be one of these.
    Use {
        /// Fact path (`runtime.id`, `model.id`, `backend.id`, `quant.id`, `license.id`, ...).
        fact: String,
        /// Catalog ids or free text, as resolved.
        any_of: Vec<String>,
    },
    /// `forbid license "x"`: the fact must be none of these.
    ForbidValue {
        /// Fact path.
        fact: String,
        /// Values.
        any_of: Vec<String>,
    },
    /// `forbid model.params > 10 B`: the condition must not hold.
    Forbid(Expr),
    /// `require model.params <= 4 B`: the condition must hold.
    Require(Expr),
    /// `pin diary.model = "..."`: this feature's fact has exactly this value.
    Pin {
        /// Feature id.
        feature: String,
        /// Role id, when the path names one (`interpreter.asr.model`).
        role: Option<String>,
        /// Fact path without the feature: `model.id`, `quant.id`, ...
        fact: String,
        /// Catalog id.
        value: String,
    },
}

/// Silences one overridable finding.
#[derive(Debug, Clone, PartialEq)]
pub struct Allow {
    /// Which.
    pub code: Code,
    /// The statement.
    pub span: Span,
    /// The reason given.
    pub reason: String,
}

/// The share of one class in the fleet.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetShare {
    /// Which phones.
    pub class: FleetClass,
    /// How many of all.
    pub share: Share,
    /// The line.
    pub span: Span,
}

/// A class as named in a fleet block or an `on` clause.
#[derive(Debug, Clone, PartialEq)]
pub enum FleetClass {
    /// All phones of a RAM class.
    Ram(u32),
    /// One device, by catalog id.
    Device(String),
}

/// A `test` block.
#[derive(Debug, Clone, PartialEq)]
pub struct SpecTest {
    /// Its title.
    pub name: String,
    /// The header.
    pub span: Span,
    /// `set name = value`, the value as written.
    pub sets: Vec<(String, String, Span)>,
    /// What must hold.
    pub expects: Vec<Expectation>,
}

/// One `expect`.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// The statement.
    pub span: Span,
    /// What.
    pub kind: ExpectKind,
    /// Only on this class.
    pub on: Option<FleetClass>,
}

/// Kinds of expectation.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpectKind {
    /// A plan exists.
    Feasible,
    /// None exists.
    Infeasible,
    /// A condition over a feature's chosen stack.
    That {
        /// Feature id; `None` for facts of the whole plan (`download`, `storage`).
        feature: Option<String>,
        /// The condition, with the feature prefix removed.
        condition: Expr,
    },
}

/// A literal in base units, for messages that repeat what was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The number.
    pub quantity: Quantity,
    /// As written.
    pub text: String,
    /// Where.
    pub span: Span,
}
