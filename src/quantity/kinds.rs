//! The physical kinds, one newtype each, with the few operations that make sense between them.
//!
//! Counts (`Bytes`, `Tokens`, `Params`) are exact integers; rates and times are `f64`.

use std::fmt;
use std::ops::{Add, Div, Mul, Sub};

use serde::{Deserialize, Serialize};

/// Declares a kind once: a transparent newtype with `new`, `get` and ordering.
macro_rules! kind {
    ($(#[$doc:meta])* $name:ident($repr:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name($repr);

        impl $name {
            /// Wraps a number that is already in this kind's unit.
            #[must_use]
            pub const fn new(value: $repr) -> Self {
                Self(value)
            }

            /// The number, in this kind's unit.
            #[must_use]
            pub const fn get(self) -> $repr {
                self.0
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl std::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                items.fold(Self::default(), |total, item| total + item)
            }
        }
    };
}

kind!(
    /// A count of bytes, exact.
    #[derive(Eq, Ord)]
    Bytes(u64)
);
kind!(
    /// A count of tokens, exact.
    #[derive(Eq, Ord)]
    Tokens(u64)
);
kind!(
    /// A count of model parameters, exact where the source is.
    #[derive(Eq, Ord)]
    Params(u64)
);
kind!(
    /// A duration in seconds.
    Seconds(f64)
);
kind!(
    /// Tokens processed or produced in a second.
    TokensPerSecond(f64)
);
kind!(
    /// Memory traffic or storage read speed.
    BytesPerSecond(f64)
);
kind!(
    /// Energy per generated token.
    JoulesPerToken(f64)
);
kind!(
    /// Electrical power.
    Watts(f64)
);
kind!(
    /// Battery charge lost per hour of use, in percent of a full battery.
    BatteryDrain(f64)
);
kind!(
    /// A part of a whole; 1.0 is all of it.
    Share(f64)
);

impl Bytes {
    /// `n` MiB (1024² bytes).
    #[must_use]
    pub const fn mib(n: u64) -> Self {
        Self(n * 1024 * 1024)
    }

    /// `n` GiB (1024³ bytes).
    #[must_use]
    pub const fn gib(n: u64) -> Self {
        Self(n * 1024 * 1024 * 1024)
    }

    /// This amount in MiB, for display and division.
    #[must_use]
    pub fn as_mib(self) -> f64 {
        self.0 as f64 / 1_048_576.0
    }

    /// This amount as a float, for predicted quantities.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.0 as f64
    }

    /// The difference, or zero where `other` is larger.
    #[must_use]
    pub fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Scaled by a share, rounded to the nearest byte.
    #[must_use]
    pub fn scaled(self, share: Share) -> Self {
        Self((self.0 as f64 * share.get()).round() as u64)
    }
}

impl Div<BytesPerSecond> for Bytes {
    type Output = Seconds;
    fn div(self, speed: BytesPerSecond) -> Seconds {
        Seconds(self.0 as f64 / speed.0)
    }
}

impl Div<TokensPerSecond> for Tokens {
    type Output = Seconds;
    fn div(self, speed: TokensPerSecond) -> Seconds {
        Seconds(self.0 as f64 / speed.0)
    }
}

impl Mul<TokensPerSecond> for JoulesPerToken {
    type Output = Watts;
    fn mul(self, speed: TokensPerSecond) -> Watts {
        Watts(self.0 * speed.0)
    }
}

impl Sub for Seconds {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl fmt::Display for Bytes {
    /// Amounts set by people in round decimal units, such as store limits and budgets, are shown as they set them (`3 GB`,
    /// `200 MB`); all others as GiB from 1 GiB on, as MiB from 1 MiB on; below that
    /// round ones as `1 MB` and KB, others as bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MIB: u64 = 1024 * 1024;
        const ROUND: u64 = 100_000_000;
        match self.0 {
            n if n > 0 && n % ROUND == 0 && n % MIB != 0 => match n {
                n if n >= 1_000_000_000 => write!(f, "{} GB", n as f64 / 1e9),
                n => write!(f, "{} MB", n / 1_000_000),
            },
            n if n >= 1024 * MIB => write!(f, "{:.2} GiB", n as f64 / (1024 * MIB) as f64),
            n if n >= MIB => write!(f, "{:.0} MiB", n as f64 / MIB as f64),
            1_000_000 => f.write_str("1 MB"),
            n if n > 0 && n % 1000 == 0 => write!(f, "{} KB", n / 1000),
            n => write!(f, "{n} B"),
        }
    }
}

impl fmt::Display for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tokens", self.0)
    }
}

impl fmt::Display for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            n if n >= 1_000_000_000 => write!(f, "{:.2} B", n as f64 / 1e9),
            n => write!(f, "{:.0} M", n as f64 / 1e6),
        }
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            s if s < 1.0 => write!(f, "{:.0} ms", s * 1000.0),
            s if s < 10.0 => write!(f, "{s:.1} s"),
            s => write!(f, "{s:.0} s"),
        }
    }
}

impl fmt::Display for TokensPerSecond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            r if r < 10.0 => write!(f, "{r:.1} tok/s"),
            r => write!(f, "{r:.0} tok/s"),
        }
    }
}

impl fmt::Display for BytesPerSecond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} GB/s", self.0 / 1e9)
    }
}

impl fmt::Display for JoulesPerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            j if j < 0.1 => write!(f, "{j:.3} J/token"),
            j => write!(f, "{j:.2} J/token"),
        }
    }
}

impl fmt::Display for Watts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} W", self.0)
    }
}

impl fmt::Display for BatteryDrain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} %/h", self.0)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} %", self.0 * 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Bytes;

    #[test]
    fn bytes_are_shown_as_they_are_thought_of() {
        let cases = [
            (0, "0 B"),
            (512, "512 B"),
            (1_000, "1 KB"),
            (1_024, "1024 B"),
            (999_000, "999 KB"),
            (1_000_000, "1 MB"),
            (1_048_576, "1 MiB"),
            (200_000_000, "200 MB"),
            (1_500_000_000, "1.5 GB"),
            (3_000_000_000, "3 GB"),
            (1_048_576 * 880, "880 MiB"),
            (4_294_967_296, "4.00 GiB"),
            (2_497_281_120, "2.33 GiB"),
        ];
        for (bytes, shown) in cases {
            assert_eq!(Bytes::new(bytes).to_string(), shown);
        }
    }
}
