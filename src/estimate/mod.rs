//! Pure arithmetic over a stack on a phone: intervals with derivations. Decides nothing, reads nothing.

mod calibration;
mod case;
mod compute;
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
mod step;
#[cfg(test)]
mod testing;
pub mod types;
mod weights;

use self::case::Case;
pub use self::settings::default_settings;
use self::types::{Estimate, Load, Phone, Stack};
use crate::catalog::types::Catalog;

/// Predicts everything that is known to be predictable about `stack` on `phone` under `load`.
///
/// All indices must be of `catalog`. What lacks an input says which one.
#[must_use]
pub fn estimate(catalog: &Catalog, stack: &Stack, phone: &Phone, load: &Load) -> Estimate {
    let case = Case::new(catalog, stack, phone, load);
    let weights = weights::weights(&case);
    let kv_cache = kv::kv_cache(&case);
    let compute = compute::compute(&case, weights.total.value());
    let peak = memory::peak(&weights.charged, &kv_cache, &compute);
    let prefill = speed::prefill(&case);
    let decode = speed::decode(&case);
    let ttft = speed::ttft(&case, &prefill);
    Estimate {
        latency: speed::latency(&case, &ttft, &decode),
        energy: speed::energy(&case, &decode),
        battery: speed::battery(&case),
        cold_start: speed::cold_start(&case, weights.total.value()),
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
