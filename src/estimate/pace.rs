//! The constants of a runner on a chip, each found once: many stacks ask for the same ones. Computes no figure.

use std::sync::Arc;

use super::calibration::{self, Metric};
use super::case::Case;
use super::factors::{Rate, Shared};
use super::memo::Memo;
use crate::catalog::types::{BackendIx, QuantIx, RuntimeIx, SocIx};

/// What the times of a runner with a quantization on a chip follow from.
#[derive(Debug)]
pub(crate) struct Pace {
    /// In the order of [`Rate::ALL`]; `None` where nobody measured the runner anywhere.
    rates: [Option<Shared>; 2],
    /// Numbers of the calibrations that fit best, in the order of [`Metric::ALL`].
    rows: Vec<Option<usize>>,
}

impl Pace {
    fn of(case: &Case) -> Self {
        let factors = case.constants.factors();
        let metrics = Metric::ALL.iter();
        Self {
            rates: Rate::ALL.map(|rate| factors.shared(rate, case)),
            rows: metrics
                .map(|&metric| calibration::find_row(case, metric))
                .collect(),
        }
    }

    /// The factors of a rate but the model's.
    pub(crate) const fn rate(&self, rate: Rate) -> Option<&Shared> {
        self.rates[rate as usize].as_ref()
    }

    /// The number of the measured constant that fits best.
    pub(crate) fn row(&self, metric: Metric) -> Option<usize> {
        self.rows.get(metric as usize).copied().flatten()
    }
}

/// The engine, the backend, the quantization and the chip.
type Key = (RuntimeIx, BackendIx, QuantIx, Option<SocIx>);

/// What was asked for before.
#[derive(Debug, Default, Clone)]
pub(crate) struct Paces {
    known: Memo<Key, Arc<Pace>>,
}

impl Paces {
    /// The constants of `case`.
    pub(crate) fn of(&self, case: &Case) -> Arc<Pace> {
        let key = (
            case.engine,
            case.stack.backend,
            case.artifact.quant,
            case.phone.soc,
        );
        self.known.get(key, || Arc::new(Pace::of(case)))
    }
}
