//! The charged peak: a sum of parts that stand in their own figures. Adds, nothing else.

use super::step::{known, reason, step};
use super::types::Figure;
use crate::quantity::{Bytes, Interval};

/// Charged weights + cache + compute; a part that does not apply counts nothing, an unknown part makes it unknown.
pub(crate) fn peak(
    charged: &Figure<Bytes>,
    kv_cache: &Figure<Bytes>,
    compute: &Figure<Bytes>,
) -> Figure<Bytes> {
    let parts = [charged, kv_cache, compute];
    let mut total = Interval::exact(Bytes::new(0));
    let mut words: Vec<String> = Vec::new();
    for figure in parts {
        match figure {
            Figure::Known { value, .. } => {
                total = total + *value;
                words.push(value.likely.to_string());
            }
            Figure::NotApplicable => {}
            Figure::Unknown { .. } => {
                return reason(figure).unwrap_or(Figure::NotApplicable);
            }
        }
    }
    if words.is_empty() {
        return Figure::NotApplicable;
    }
    let line = step("step.peak", words.join(" + "), &total, &[]);
    known(total, vec![line])
}
