//! What a figure of the plan is a figure of. The words for it are in the lexicon, not here.

use serde::{Deserialize, Serialize};

use crate::quantity::Dimension;

/// One measurable thing a plan says of a stack on a class of phones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attribute {
    /// Peak charged to the process, app included.
    PeakMemory,
    /// What the process may be charged.
    Limit,
    /// What is left of the limit at the pessimistic end.
    Slack,
    /// Limit of the platform without entitlement.
    BaseLimit,
    /// Above this the store flags the app.
    StoreThreshold,
    /// The app itself.
    App,
    /// Weights charged to the process.
    ChargedWeights,
    /// Weights mapped from the file and not charged.
    MappedWeights,
    /// KV cache and state.
    KvCache,
    /// Compute and output buffers.
    Compute,
    /// The file of weights.
    File,
    /// What users download.
    Download,
    /// What stays on disk.
    Storage,
    /// Process start to ready.
    ColdStart,
    /// Prompt to first token.
    FirstToken,
    /// Prefill speed.
    Prefill,
    /// Decode speed.
    Decode,
    /// Prompt to last token.
    Latency,
    /// Energy per generated token.
    Energy,
    /// Battery drain at 20 requests an hour.
    Battery,
    /// Parameters of the model.
    Params,
    /// Bits per weight.
    Bits,
    /// Context to allocate.
    Context,
    /// Longest input.
    Input,
    /// Longest output.
    Output,
    /// Physical batch.
    Batch,
    /// CPU threads.
    Threads,
    /// RAM of the phone as sold.
    Ram,
    /// Lowest version of the operating system.
    OsVersion,
    /// How many phones of the catalog belong to the class.
    Phones,
    /// The limit of the spec on memory, where it is the one that counts.
    SpecLimit,
    /// The limit of the platform on memory, where it is the one that counts.
    PlatformLimit,
    /// The limit of the spec on the download.
    DownloadLimit,
    /// The limit of the spec on storage.
    StorageLimit,
    /// Input to the end of the answer, through all steps of a feature.
    Turnaround,
    /// How many combinations the plan judged.
    Combinations,
    /// How many of them were admissible.
    Admissible,
    /// The score of quality of the model in its quantization.
    Quality,
    /// What the platform grants, with the entitlement where there is one.
    Entitled,
}

impl Attribute {
    /// What parts and classes are compared in where a sentence gives two numbers and no words for them.
    pub(crate) const FIGURES: [Self; 9] = [
        Self::PeakMemory,
        Self::File,
        Self::Download,
        Self::KvCache,
        Self::ColdStart,
        Self::FirstToken,
        Self::Decode,
        Self::Latency,
        Self::Energy,
    ];

    /// The one attribute that is measured so, where there is only one.
    #[must_use]
    pub const fn only_of(dimension: Dimension) -> Option<Self> {
        match dimension {
            Dimension::EnergyPerToken => Some(Self::Energy),
            Dimension::Drain => Some(Self::Battery),
            Dimension::Params => Some(Self::Params),
            Dimension::Bits => Some(Self::Bits),
            // Tokens in a second without further words are those that are generated.
            Dimension::Rate => Some(Self::Decode),
            _ => None,
        }
    }

    /// Whether it is one figure for all stacks of a class together.
    #[must_use]
    pub const fn is_of_whole(self) -> bool {
        matches!(
            self,
            Self::PeakMemory | Self::Slack | Self::Download | Self::Storage | Self::Turnaround
        )
    }

    /// Whether it is what others are held against.
    #[must_use]
    pub const fn is_bound(self) -> bool {
        matches!(
            self,
            Self::Limit
                | Self::BaseLimit
                | Self::StoreThreshold
                | Self::SpecLimit
                | Self::PlatformLimit
                | Self::DownloadLimit
                | Self::StorageLimit
                | Self::Entitled
        )
    }

    /// What its figures are measured in.
    #[must_use]
    pub const fn dimension(self) -> Dimension {
        match self {
            Self::PeakMemory
            | Self::Limit
            | Self::Slack
            | Self::BaseLimit
            | Self::StoreThreshold
            | Self::App
            | Self::ChargedWeights
            | Self::MappedWeights
            | Self::KvCache
            | Self::Compute
            | Self::File
            | Self::Download
            | Self::Storage
            | Self::Ram
            | Self::SpecLimit
            | Self::PlatformLimit
            | Self::DownloadLimit
            | Self::Entitled
            | Self::StorageLimit => Dimension::Bytes,
            Self::ColdStart | Self::FirstToken | Self::Latency | Self::Turnaround => {
                Dimension::Time
            }
            Self::Prefill | Self::Decode => Dimension::Rate,
            Self::Energy => Dimension::EnergyPerToken,
            Self::Battery => Dimension::Drain,
            Self::Params => Dimension::Params,
            Self::Bits => Dimension::Bits,
            Self::Context | Self::Input | Self::Output => Dimension::Tokens,
            Self::Batch
            | Self::Threads
            | Self::OsVersion
            | Self::Phones
            | Self::Combinations
            | Self::Admissible
            | Self::Quality => Dimension::Number,
        }
    }
}
