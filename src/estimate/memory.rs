//! The charged peak: a sum of parts that stand in their own figures. Adds, nothing else.

use std::fmt::{self, Display, Formatter};

use super::trail::{Detail, reason};
use super::types::Figure;
use crate::quantity::{Bytes, Interval};

/// Charged weights + cache + compute; a part that does not apply counts nothing, an unknown part makes it unknown.
pub(crate) fn peak(
    detail: Detail,
    charged: &Figure<Bytes>,
    kv_cache: &Figure<Bytes>,
    compute: &Figure<Bytes>,
) -> Figure<Bytes> {
    let parts = [charged, kv_cache, compute];
    let mut total = Interval::exact(Bytes::new(0));
    let mut known = [None; 3];
    for (term, figure) in known.iter_mut().zip(parts) {
        match figure {
            Figure::Known { value, .. } => {
                total = total + *value;
                *term = Some(value.likely);
            }
            Figure::NotApplicable => {}
            Figure::Unknown { .. } => {
                return reason(figure).unwrap_or(Figure::NotApplicable);
            }
        }
    }
    if known.iter().all(Option::is_none) {
        return Figure::NotApplicable;
    }
    let mut trail = detail.trail();
    trail.line("step.peak", Terms(known), total, &[]);
    trail.known(total)
}

/// The terms of a sum.
struct Terms([Option<Bytes>; 3]);

impl Display for Terms {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, term) in self.0.iter().flatten().enumerate() {
            if at > 0 {
                f.write_str(" + ")?;
            }
            write!(f, "{term}")?;
        }
        Ok(())
    }
}
