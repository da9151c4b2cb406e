//! From the interval an estimate carries to the one a spec's confidence asks for.

use crate::quantity::{Interval, Share, exp, ln};

/// Half-widths of the central interval of a normal distribution, in units of the half-width at 90 % (1.6449 standard
/// deviations): quantiles of the standard normal at (1 + c) / 2, divided by 1.6449. Tabled, because functions other
/// than `+ - * /` differ between machines.
const WIDTHS: [(f64, f64); 9] = [
    (0.0, 0.0),
    (0.50, 0.4101),
    (0.60, 0.5117),
    (0.70, 0.6301),
    (0.80, 0.7791),
    (0.90, 1.0),
    (0.95, 1.1916),
    (0.98, 1.4143),
    (0.99, 1.5660),
];

/// The interval that holds with `confidence`, from one that runs from the 5th to the 95th percentile (90 %).
///
/// Each side is scaled apart, by its ratio to the likely value, as speeds and times scatter: a skewed interval stays skewed, and
/// no confidence takes a speed to zero. An end that is zero is scaled by its distance. Between the rows of the table the
/// width is interpolated, and above 99 % it stays what it is at 99 %.
#[must_use]
pub fn narrow(interval: Interval<f64>, confidence: Share) -> Interval<f64> {
    let width = width(confidence.get());
    let likely = interval.likely;
    let end = |at: f64| {
        if width == 1.0 || at == likely {
            at
        } else if at > 0.0 && likely > 0.0 {
            likely * exp(width * ln(at / likely))
        } else {
            (likely + (at - likely) * width).max(0.0)
        }
    };
    Interval {
        low: end(interval.low),
        likely,
        high: end(interval.high),
    }
}

fn width(confidence: f64) -> f64 {
    let mut below = WIDTHS[0];
    for row in WIDTHS {
        if confidence < row.0 {
            let share = (confidence - below.0) / (row.0 - below.0);
            return below.1 + (row.1 - below.1) * share.max(0.0);
        }
        below = row;
    }
    below.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ten() -> Interval<f64> {
        Interval::of(6.0, 10.0, 20.0)
    }

    #[test]
    fn ninety_percent_is_the_interval_itself() {
        assert_eq!(narrow(ten(), Share::new(0.9)), ten());
    }

    #[test]
    fn more_confidence_is_wider_and_less_is_narrower() {
        let half = narrow(ten(), Share::new(0.5));
        assert!(half.low > 6.0 && half.high < 20.0 && half.low < 10.0);
        let sure = narrow(ten(), Share::new(0.99));
        assert!(sure.low < 6.0 && sure.high > 20.0);
        assert_eq!(narrow(ten(), Share::new(1.0)), sure);
        assert_eq!(narrow(ten(), Share::new(0.0)), Interval::exact(10.0));
    }

    /// A third and the threefold at 90 % are the 5.6th part and the 5.6-fold at 99 %.
    #[test]
    fn ends_are_scaled_by_their_ratios() {
        let wide = narrow(Interval::of(10.0, 30.0, 90.0), Share::new(0.99));
        let ratio = wide.high / 30.0;
        assert!((ratio - 5.587).abs() < 0.001, "{ratio}");
        assert!((wide.low * ratio / 30.0 - 1.0).abs() < 1e-9);
        let open = narrow(Interval::of(0.0, 10.0, 20.0), Share::new(0.99));
        assert_eq!(open.low, 0.0);
    }

    #[test]
    fn what_is_exact_stays_exact() {
        let exact = Interval::exact(3.5);
        assert_eq!(narrow(exact, Share::new(0.97)), exact);
    }
}
