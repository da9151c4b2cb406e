//! Pure arithmetic over a stack on a phone: intervals with derivations. Decides nothing, reads nothing.

mod buffers;
mod calibration;
mod case;
mod compute;
pub(crate) mod factors;
pub mod fit;
mod gguf;
mod kv;
#[cfg(test)]
mod laws_test;
pub mod llama;
mod memory;
#[cfg(test)]
mod oracle_test;
mod pace;
mod parts;
pub mod report;
mod settings;
mod speed;
#[cfg(test)]
mod testing;
mod trail;
pub mod types;
mod weights;

use self::calibration::Constants;
use self::case::Case;
pub(crate) use self::case::backend_row;
pub use self::settings::{default_settings, threads};
use self::speed::{Demand, Timing};
use self::trail::Detail;
use self::types::{Estimate, Load, Phone, Stack};
use crate::catalog::types::Catalog;

/// The version of the formulas: it goes up when the same inputs give other figures. Locks keep it.
pub const FORMULAS: u32 = 1;

/// Predicts everything that is known to be predictable about `stack` on `phone` under `load`.
///
/// All indices must be of `catalog`. What lacks an input says which one. For many stacks use an [`Estimator`].
#[must_use]
pub fn estimate(catalog: &Catalog, stack: &Stack, phone: &Phone, load: &Load) -> Estimate {
    Estimator::new(catalog).estimate(stack, phone, load)
}

/// Estimates many stacks of one catalog, whose measured constants it keeps at hand.
#[derive(Debug, Clone)]
pub struct Estimator<'a> {
    constants: Constants<'a>,
}

impl<'a> Estimator<'a> {
    /// An estimator for stacks of `catalog`.
    #[must_use]
    pub fn new(catalog: &'a Catalog) -> Self {
        Self {
            constants: Constants::new(catalog),
        }
    }

    /// Figures with their derivations, as [`estimate`].
    #[must_use]
    pub fn estimate(&self, stack: &Stack, phone: &Phone, load: &Load) -> Estimate {
        let detail = Detail::Derivation;
        predict(&Case::new(&self.constants, stack, phone, load, detail))
    }

    /// The same figures without their derivations.
    #[must_use]
    pub fn outline(&self, stack: &Stack, phone: &Phone, load: &Load) -> Estimate {
        let detail = Detail::Named;
        predict(&Case::new(&self.constants, stack, phone, load, detail))
    }

    /// What the stack takes, without a word; its speeds are left out, as [`types::Figure::NotApplicable`].
    ///
    /// Of the phone it reads the platform alone, so that all phones of a platform share the answer.
    #[must_use]
    pub fn footprint(&self, stack: &Stack, phone: &Phone, load: &Load) -> Footprint {
        let case = self.without_words(stack, phone, load);
        Footprint {
            estimate: footprint(&case),
            demand: Demand::of(&case),
        }
    }

    /// A footprint of the same stack with the speeds. What is unknown does not say whose it is.
    #[must_use]
    pub fn complete(
        &self,
        footprint: &Footprint,
        stack: &Stack,
        phone: &Phone,
        load: &Load,
    ) -> Estimate {
        let case = self.without_words(stack, phone, load);
        let mut estimate = footprint.estimate.clone();
        add_speeds(&Timing::new(case, footprint.demand), &mut estimate);
        estimate
    }

    /// All figures without a word: no derivation, and an unknown one does not say whose it is.
    #[must_use]
    pub fn figures(&self, stack: &Stack, phone: &Phone, load: &Load) -> Estimate {
        predict(&self.without_words(stack, phone, load))
    }

    fn without_words<'c>(&'c self, stack: &'c Stack, phone: &'c Phone, load: &'c Load) -> Case<'c> {
        Case::new(&self.constants, stack, phone, load, Detail::Figures)
    }
}

/// What all phones of a platform share of an estimate.
#[derive(Debug, Clone)]
pub struct Footprint {
    /// The figures; speeds are [`types::Figure::NotApplicable`].
    pub estimate: Estimate,
    demand: Demand,
}

fn predict(case: &Case) -> Estimate {
    let mut estimate = footprint(case);
    add_speeds(&Timing::new(*case, Demand::of(case)), &mut estimate);
    estimate
}

/// Memory and storage.
fn footprint(case: &Case) -> Estimate {
    let weights = weights::weights(case);
    let kv_cache = kv::kv_cache(case);
    let compute = compute::compute(case, weights.total.value());
    let peak = memory::peak(case.detail, &weights.charged, &kv_cache, &compute);
    Estimate {
        weights: weights.total,
        weights_charged: weights.charged,
        mapped: weights.mapped,
        kv_cache,
        compute,
        peak,
        largest_tensor: weights.largest_tensor,
        download: weights.download,
        storage: weights.storage,
        ..Estimate::NOTHING
    }
}

/// Times, rates and energy.
fn add_speeds(case: &Timing, estimate: &mut Estimate) {
    let prefill = speed::prefill(case);
    let decode = speed::decode(case);
    let ttft = speed::ttft(case, &prefill);
    estimate.latency = speed::latency(case, &ttft, &decode);
    estimate.energy = speed::energy(case, &decode);
    estimate.battery = speed::battery(case, &estimate.latency);
    estimate.cold_start = speed::cold_start(case, estimate.weights.value());
    estimate.ttft = ttft;
    estimate.prefill = prefill;
    estimate.decode = decode;
}
