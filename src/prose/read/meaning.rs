//! What the words of the lexicon mean. Values only: the words themselves are in `templates/prose/lexicon.yaml`, and what
//! follows from them is for the verifier to say.

use serde::Deserialize;

use crate::prose::facts::Attribute;

/// How one figure stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Compare {
    /// Not above.
    AtMost,
    /// Below.
    Less,
    /// Not below.
    AtLeast,
    /// Above.
    More,
    /// The peak fits the limit.
    Fits,
    /// It does not.
    Misfits,
}

impl Compare {
    /// What it is when denied.
    pub(crate) const fn denied(self) -> Self {
        match self {
            Self::AtMost => Self::More,
            Self::Less => Self::AtLeast,
            Self::AtLeast => Self::Less,
            Self::More => Self::AtMost,
            Self::Fits => Self::Misfits,
            Self::Misfits => Self::Fits,
        }
    }
}

/// How the names before and after a word stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Link {
    /// What stands before runs on what stands after.
    RunsOn,
    /// What stands before runs what stands right after.
    Runs,
    /// A runtime before its engine.
    Wraps,
    /// An engine before its runtime.
    Wrapped,
    /// The engine of the runtime right before it.
    Engine,
    /// A phone before the class it is the reference of.
    StandsFor,
    /// A phone and the class it is the reference of, in any order.
    Reference,
}

/// Which end of an interval is spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum End {
    /// The worse one for the user.
    Worst,
    /// The better one.
    Best,
    /// The larger one, of the quantity right after.
    High,
    /// The smaller one, of the quantity right after.
    Low,
    /// The best single value.
    Likely,
}

/// Which of several is spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Extreme {
    /// The one with the largest figure.
    Most,
    /// The one with the smallest figure.
    Least,
    /// The one with the shortest time or the highest rate.
    Fastest,
    /// The one with the longest time or the lowest rate.
    Slowest,
    /// The class with the least memory left.
    Tightest,
    /// The step of a pipeline that takes longest.
    SlowestStep,
}

/// How the weights come to the app; what figures say without being said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// None of the weights is charged to the app.
    Uncharged,
    /// All of them are.
    Charged,
    /// All of them are mapped from the file.
    Mapped,
    /// Nothing is downloaded.
    Undownloaded,
    /// The limit is one of the spec.
    BySpec,
    /// The limit is one of the platform.
    ByPlatform,
}

/// What a number before a noun counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Counted {
    /// All classes of the plan.
    Classes,
    /// The models of a class.
    Models,
    /// The requests in an hour that drains are given for.
    Requests,
}

/// What is the same on several classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Alike {
    /// A figure.
    Figures,
    /// The models.
    Models,
}

/// Which way one thing differs from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Way {
    /// Its figure is larger.
    More,
    /// Its figure is smaller.
    Less,
    /// Its time is shorter or its rate higher.
    Faster,
    /// Its time is longer or its rate lower.
    Slower,
}

/// How far two figures lie apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Degree {
    /// Less than a quarter.
    Slight,
    /// Half as much again, or more.
    Far,
}

impl Degree {
    /// Whether two figures lie so far apart.
    pub(crate) fn holds(self, one: f64, other: f64) -> bool {
        let (small, large) = (one.min(other), one.max(other));
        match self {
            Self::Slight => large <= small * 1.25,
            Self::Far => large >= small * 1.5 && large > 0.0,
        }
    }
}

/// What an entry of the lexicon means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A figure of this.
    Attribute(Attribute),
    /// A comparison with what follows.
    Compare(Compare),
    /// A comparison with what stands before.
    CompareAfter(Compare),
    /// The figure is rounded.
    About,
    /// Turns a statement round.
    Negation,
    /// Another turning word, by its group.
    Guard(String),
    /// Several figures for several things.
    Pairing,
    /// Puts the names around it into an order.
    Link(Link),
    /// An end of an interval.
    End(End),
    /// One of several.
    Extreme(Extreme),
    /// How the weights come to the app.
    State(State),
    /// All classes of the plan, or so many.
    Everywhere(Option<u32>),
    /// Before the thing that is compared with.
    Than,
    /// Figures are added up.
    Sum,
    /// One and the same on several classes.
    Same(Alike),
    /// The number beside it is what is left.
    Left,
    /// How far two figures lie apart.
    Degree(Degree),
    /// Said of none of the classes.
    Nowhere,
    /// The classes that were not spoken of yet.
    Others {
        /// How many there are must follow.
        counted: bool,
    },
    /// Says nothing among figures, and has its place in a statement.
    Topic,
    /// Says nothing by itself.
    Glue,
    /// A plain word.
    Plain,
    /// Speaks to a machine or of the writer.
    Instruction,
}
