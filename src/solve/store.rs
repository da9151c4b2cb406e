//! The store's memory threshold as a goal. Holds no threshold: they are the catalog's, by platform and class of RAM.

use super::instance::baseline;
use super::question::Question;
use super::types::DeviceClass;
use crate::estimate::types::{Estimate, Figure};
use crate::quantity::Bytes;
use crate::rules::facts::Budgets;

/// The memory of the process with one stack, beside the threshold of its class.
pub(super) enum AtStore {
    /// No store sets a threshold, or the process is charged nothing.
    Free,
    /// Nobody published a size that the memory needs.
    Unknown,
    /// Both are known.
    Known {
        /// The app and the stack, likely.
        process: Bytes,
        /// What the store counts as excessive when it is exceeded.
        threshold: Bytes,
    },
}

impl AtStore {
    /// By the likely figure, as rules warn of it.
    pub(super) fn of(question: &Question<'_>, class: &DeviceClass, estimate: &Estimate) -> Self {
        let limits = Budgets::of(question.catalog, question.spec, &class.phone);
        let Some(threshold) = limits.store else {
            return Self::Free;
        };
        match &estimate.peak {
            Figure::NotApplicable => Self::Free,
            Figure::Unknown { .. } => Self::Unknown,
            Figure::Known { value, .. } => Self::Known {
                process: value.likely + Bytes::new(baseline(question, class)),
                threshold,
            },
        }
    }

    /// 1 within the threshold, 0 over it, by however much: a store counts a session as excessive or not.
    pub(super) fn score(&self) -> f64 {
        match self {
            Self::Unknown => -1.0,
            Self::Known { process, threshold } if process > threshold => 0.0,
            Self::Free | Self::Known { .. } => 1.0,
        }
    }

    /// The memory, and in brackets on which side of which threshold it is.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Free => "–".to_owned(),
            Self::Unknown => "?".to_owned(),
            Self::Known { process, threshold } if process > threshold => {
                format!("{process} (> {threshold})")
            }
            Self::Known { process, threshold } => format!("{process} (≤ {threshold})"),
        }
    }
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
