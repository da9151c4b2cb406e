//! Pure arithmetic over a stack on a phone: intervals with derivations. Decides nothing, reads nothing.

mod calibration;
mod case;
mod compute;
pub(crate) mod factors;
pub mod fit;
mod gguf;
mod kv;
#[cfg(test)]
mod laws_test;
mod memory;
#[cfg(test)]
mod oracle_test;
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
pub use self::settings::default_settings;
use self::trail::Detail;
use self::types::{Estimate, Load, Phone, Stack};
use crate::catalog::types::Catalog;

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

    /// The same figures without a word: no derivation, and an unknown one does not say whose it is.
    #[must_use]
    pub fn figures(&self, stack: &Stack, phone: &Phone, load: &Load) -> Estimate {
        let detail = Detail::Figures;
        predict(&Case::new(&self.constants, stack, phone, load, detail))
    }
}

fn predict(case: &Case) -> Estimate {
    let weights = weights::weights(case);
    let kv_cache = kv::kv_cache(case);
    let compute = compute::compute(case, weights.total.value());
    let peak = memory::peak(case.detail, &weights.charged, &kv_cache, &compute);
    let prefill = speed::prefill(case);
    let decode = speed::decode(case);
    let ttft = speed::ttft(case, &prefill);
    let latency = speed::latency(case, &ttft, &decode);
    Estimate {
        energy: speed::energy(case, &decode),
        battery: speed::battery(case, &latency),
        latency,
        cold_start: speed::cold_start(case, weights.total.value()),
        weights: weights.total,
        weights_charged: weights.charged,
        mapped: weights.mapped,
        kv_cache,
        compute,
        peak,
        largest_tensor: weights.largest_tensor,
        download: weights.download,
        storage: weights.storage,
        ttft,
        prefill,
        decode,
    }
}
