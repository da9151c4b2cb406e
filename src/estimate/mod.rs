//! Pure arithmetic over a stack on a phone: intervals with derivations. Decides nothing, reads nothing.

mod arithmetic;
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
mod memo;
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
pub(crate) use self::compute::overhead;
pub use self::settings::{default_settings, threads};
pub(crate) use self::speed::REQUESTS;
pub use self::speed::Speeds;
use self::speed::{Demand, Timing};
use self::trail::Detail;
use self::types::{Estimate, Figure, Load, Phone, Stack};
use crate::catalog::types::Catalog;

/// The version of the formulas: it goes up when the same inputs give other figures. Locks keep it.
pub const FORMULAS: u32 = 7;

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

    /// What the stack takes, without a word; its speeds are left out, as [`Figure::NotApplicable`].
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

    /// Puts the speeds that are asked for into a footprint of the same stack, in place of those of another phone. What is
    /// unknown does not say whose it is.
    pub fn complete(
        &self,
        footprint: &mut Footprint,
        stack: &Stack,
        phone: &Phone,
        load: &Load,
        asked: Speeds,
    ) {
        let case = self.without_words(stack, phone, load);
        let timing = Timing::new(case, footprint.demand);
        add_speeds(&timing, asked, &mut footprint.estimate);
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
    /// The figures; speeds are [`Figure::NotApplicable`].
    pub estimate: Estimate,
    demand: Demand,
}

fn predict(case: &Case) -> Estimate {
    let mut estimate = footprint(case);
    let timing = Timing::new(*case, Demand::of(case));
    add_speeds(&timing, Speeds::ALL, &mut estimate);
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

/// Times, rates and energy, those that are asked for; the others become [`Figure::NotApplicable`].
fn add_speeds(case: &Timing, asked: Speeds, estimate: &mut Estimate) {
    let decode = given(asked.has(Speeds::DECODE), || speed::decode(case));
    let prefill = || speed::prefill(case, decode.value());
    let prefill = given(asked.has(Speeds::PREFILL), prefill);
    let ttft = given(asked.has(Speeds::TTFT), || speed::ttft(case, &prefill));
    let latency = || speed::latency(case, &ttft, &decode);
    let latency = given(asked.has(Speeds::LATENCY), latency);
    let energy = || speed::energy(case, &decode);
    estimate.energy = given(asked.has(Speeds::ENERGY), energy);
    let battery = || speed::battery(case, &latency);
    estimate.battery = given(asked.has(Speeds::BATTERY), battery);
    let weights = estimate.weights.value();
    let cold_start = || speed::cold_start(case, weights);
    estimate.cold_start = given(asked.has(Speeds::COLD_START), cold_start);
    estimate.latency = latency;
    estimate.ttft = ttft;
    estimate.prefill = prefill;
    estimate.decode = decode;
}

/// The figure where it is asked for.
fn given<T>(asked: bool, figure: impl FnOnce() -> Figure<T>) -> Figure<T> {
    if asked {
        figure()
    } else {
        Figure::NotApplicable
    }
}
