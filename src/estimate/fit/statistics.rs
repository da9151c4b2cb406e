//! Order statistics of small samples. Knows no physics.

use crate::quantity::Interval;

/// The middle value; of an even count, the mean of the two in the middle.
pub(super) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    quantile(values, 0.5)
}

/// The value below which a share of the sorted values lies, by linear interpolation.
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let place = share * last as f64;
    let below = place as usize;
    let above = if below < last { below + 1 } else { last };
    sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64)
}

/// Rows of one chip share their models: held-out models scatter this much wider than fitted ones.
const UNSEEN_MODELS: f64 = 1.25;
/// What other chips do to a median, at least, as shares of it below and above: one chip, a few, four or more.
const ONE_CHIP: (f64, f64) = (0.65, 1.5);
const FEW_CHIPS: (f64, f64) = (0.5, 0.8);
const MANY_CHIPS: (f64, f64) = (0.3, 0.45);

/// 5th percentile, median and 95th percentile, widened for what few values and few chips cannot show. The low end
/// stays above a fifth of the median.
pub(super) fn spread(values: &[f64], pooled_chips: Option<usize>) -> Interval<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = quantile(&sorted, 0.5);
    let width = UNSEEN_MODELS + 2.0 / sorted.len().max(1) as f64;
    let least = match pooled_chips {
        None => (0.05, 0.05),
        Some(0..=1) => ONE_CHIP,
        Some(2..=3) => FEW_CHIPS,
        Some(_) => MANY_CHIPS,
    };
    let below = larger((middle - quantile(&sorted, 0.05)) * width, least.0 * middle);
    let above = larger((quantile(&sorted, 0.95) - middle) * width, least.1 * middle);
    Interval {
        low: larger(middle - below, middle / 5.0),
        likely: middle,
        high: middle + above,
    }
}

fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_of_even_and_odd_counts() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), 2.5);
    }

    #[test]
    fn pooling_widens() {
        let values = [10.0, 11.0, 12.0, 13.0, 14.0];
        let own = spread(&values, None);
        let pooled = spread(&values, Some(2));
        assert!(pooled.low < own.low && own.high < pooled.high);
        assert_eq!(own.likely, pooled.likely);
    }
}
