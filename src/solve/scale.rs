//! A limit as a person writes it: its value, and the step in which somebody would move it (0.1 GB, 10 ms, 1 tok/s).

use super::lines::{Line, LineKind};
use super::question::Question;
use super::types::DeviceClass;
use crate::quantity::{Bytes, Dimension, Quantity};
use crate::spec::expr::CompareOp;
use crate::spec::model::Amount;

/// From here on a time is written in seconds.
const SECOND: f64 = 1.0;
/// Steps of 10 ms in a tenth of a second.
const TENTH: i64 = 10;

/// The value of a line, in steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    /// The value now, in steps.
    from: f64,
    /// Base units of a step.
    step: f64,
    /// What the value is called, and how many steps make one.
    unit: &'static str,
    per_unit: f64,
    /// Digits after the point.
    digits: usize,
    /// `>=` lines are relaxed downwards.
    pub(super) downwards: bool,
}

impl Scale {
    /// Of a line on a class; none for what has no value. Steps mean the same on every class, their base units may not:
    /// one percent of more memory is more.
    pub(super) fn of(
        question: &Question<'_>,
        class: &DeviceClass,
        line: &Line<'_>,
    ) -> Option<Self> {
        match &line.kind {
            LineKind::Bound { op, limit, .. } => Some(Self {
                downwards: *op == CompareOp::AtLeast,
                ..Self::new(limit)
            }),
            LineKind::Memory => {
                let asked = question.spec.budget.memory.as_ref()?;
                Some(match asked.value {
                    Amount::Absolute(bytes) => {
                        Self::new(&Quantity::new(bytes.as_f64(), Dimension::Bytes))
                    }
                    Amount::OfRam(share) => Self {
                        from: share.get() * 100.0,
                        step: Bytes::gib(u64::from(class.phone.ram_gib)).as_f64() / 100.0,
                        unit: "% of ram",
                        per_unit: 1.0,
                        digits: 0,
                        downwards: false,
                    },
                })
            }
            LineKind::Demand(_) => None,
        }
    }

    /// Of an amount, as somebody would write it.
    pub(super) fn new(limit: &Quantity) -> Self {
        let (step, unit, per_unit, digits) = match limit.dimension {
            Dimension::Bytes if limit.value >= 1e9 => (1e8, "GB", 10.0, 1),
            Dimension::Bytes => (1e7, "MB", 0.1, 0),
            Dimension::Time if limit.value >= 1.0 => (0.1, "s", 10.0, 1),
            Dimension::Time => (0.01, "ms", 0.1, 0),
            Dimension::Rate if limit.value > 10.0 => (1.0, "tok/s", 1.0, 0),
            Dimension::Rate => (0.1, "tok/s", 10.0, 1),
            Dimension::Drain => (0.1, "%/h", 10.0, 1),
            _ => (1.0, "", 1.0, 0),
        };
        Self {
            from: limit.value / step,
            step,
            unit,
            per_unit,
            digits,
            downwards: false,
        }
    }

    /// The whole step at the value or on its tight side, from which relaxing starts.
    pub(super) fn start(&self) -> i64 {
        let from = self.from;
        // A value on the grid may miss it by the last bit.
        let near = (from - from.round()).abs() < 1e-6;
        let whole = match (near, self.downwards) {
            (true, _) => from.round(),
            (false, true) => from.ceil(),
            (false, false) => from.floor(),
        };
        whole as i64
    }

    /// The value so many steps looser than the start.
    pub(super) fn looser(&self, distance: i64) -> i64 {
        if self.downwards {
            self.start().saturating_sub(distance).max(0)
        } else {
            self.start().saturating_add(distance)
        }
    }

    /// A value in base units.
    pub(super) fn base(&self, steps: i64) -> f64 {
        steps as f64 * self.step
    }

    /// A value in base units, in steps.
    pub(super) fn place(&self, base: f64) -> f64 {
        base / self.step
    }

    /// The relative change from what is written.
    pub(super) fn change(&self, steps: i64) -> f64 {
        (steps as f64 - self.from).abs() / self.from.abs().max(1.0)
    }

    /// What is written.
    pub(super) fn shown(&self) -> String {
        self.text(self.from)
    }

    /// A value as it would be written.
    pub(super) fn show(&self, steps: i64) -> String {
        self.text(steps as f64)
    }

    /// The value in the step in which a value of its size is written: 38390 ms are 38.4 s. Never a tighter one.
    pub(super) fn coarse(&self, steps: i64) -> i64 {
        if self.unit == "ms" && self.base(steps) >= SECOND {
            (steps + TENTH - 1) / TENTH * TENTH
        } else {
            steps
        }
    }

    fn text(&self, steps: f64) -> String {
        if self.unit == "ms" && steps * self.step >= SECOND && steps % TENTH as f64 == 0.0 {
            return Self::new(&Quantity::new(steps * self.step, Dimension::Time)).shown();
        }
        let value = steps / self.per_unit;
        let whole = (value - value.round()).abs() < 1e-6;
        let digits = if whole { 0 } else { self.digits };
        format!("{value:.digits$} {}", self.unit)
    }
}
