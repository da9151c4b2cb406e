//! A figure that is known within bounds.

use std::fmt;
use std::ops::Add;

use serde::{Deserialize, Serialize};

/// `low <= likely <= high`. What is known exactly has all three equal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval<T> {
    /// The optimistic or pessimistic end, whichever is smaller.
    pub low: T,
    /// The single best figure.
    pub likely: T,
    /// The larger end.
    pub high: T,
}

impl<T: Copy + PartialOrd> Interval<T> {
    /// An interval of no width.
    #[must_use]
    pub fn exact(value: T) -> Self {
        Self {
            low: value,
            likely: value,
            high: value,
        }
    }

    /// Builds an interval from its three figures, in any order.
    #[must_use]
    pub fn of(a: T, b: T, c: T) -> Self {
        let (low, rest) = if a <= b { (a, b) } else { (b, a) };
        let (low, likely, high) = if c < low {
            (c, low, rest)
        } else if c < rest {
            (low, c, rest)
        } else {
            (low, rest, c)
        };
        Self { low, likely, high }
    }

    /// Whether the figure is known exactly.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.low == self.high
    }

    /// The same interval in another kind; `convert` may fall, the ends are put in order again.
    #[must_use]
    pub fn map<U: Copy + PartialOrd>(self, convert: impl Fn(T) -> U) -> Interval<U> {
        Interval::of(convert(self.low), convert(self.likely), convert(self.high))
    }
}

impl<T: Copy + PartialOrd + Add<Output = T>> Add for Interval<T> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            low: self.low + other.low,
            likely: self.likely + other.likely,
            high: self.high + other.high,
        }
    }
}

impl<T: fmt::Display + PartialOrd + Copy> fmt::Display for Interval<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [low, likely, high] = [self.low, self.likely, self.high].map(|end| end.to_string());
        // Ends that read alike say nothing: "1.90 GiB (1.90 GiB – 1.90 GiB)".
        if low == high {
            f.write_str(&likely)
        } else {
            write!(f, "{likely} ({low} – {high})")
        }
    }
}
