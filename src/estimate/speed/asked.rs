//! Which times, rates and energies somebody wants to know. Computes none.

use std::ops::BitOr;

/// A set of figures that depend on the chip; of thousands of stacks most are asked for a few of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Speeds(u8);

impl Speeds {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// Prefill speed.
    pub const PREFILL: Self = Self(1);
    /// Time to first token, and what it follows from.
    pub const TTFT: Self = Self(1 << 1 | Self::PREFILL.0);
    /// Decode speed.
    pub const DECODE: Self = Self(1 << 2);
    /// Prompt to last token, and what it follows from.
    pub const LATENCY: Self = Self(1 << 3 | Self::TTFT.0 | Self::DECODE.0);
    /// Energy of a token, and what it follows from.
    pub const ENERGY: Self = Self(1 << 4 | Self::DECODE.0);
    /// Battery drain, and what it follows from.
    pub const BATTERY: Self = Self(1 << 5 | Self::LATENCY.0);
    /// Process start to ready.
    pub const COLD_START: Self = Self(1 << 6);
    /// All of them.
    pub const ALL: Self = Self(Self::BATTERY.0 | Self::ENERGY.0 | Self::COLD_START.0);

    /// Whether all of `others` are in the set.
    #[must_use]
    pub const fn has(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }
}

impl BitOr for Speeds {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Speeds;

    #[test]
    fn what_a_figure_follows_from_is_asked_with_it() {
        assert!(Speeds::BATTERY.has(Speeds::LATENCY));
        assert!(Speeds::LATENCY.has(Speeds::TTFT | Speeds::DECODE));
        assert!(!(Speeds::TTFT | Speeds::ENERGY).has(Speeds::LATENCY));
        assert!(Speeds::ALL.has(Speeds::COLD_START | Speeds::BATTERY | Speeds::ENERGY));
    }
}
