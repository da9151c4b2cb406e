//! The one stream of pseudo-random numbers of tests and benchmarks: a seed means the same everywhere and for good.
//!
//! No part of the library: whoever needs it names this file by its path.

/// A linear congruence with Knuth's MMIX constants, by its state; the high bits are used.
pub(super) struct Lcg(pub(super) u64);

impl Lcg {
    /// A number in `0..bound`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}
