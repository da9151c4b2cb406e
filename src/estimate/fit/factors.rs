//! Shrinks what was measured into factors: one a level of `estimate::factors`. Knows logarithms, not what they are of.
//!
//! Each row is the sum of a mean, of one factor a level, of its source's own bias and of scatter. The factors are found
//! level by level until they settle (Gauss-Seidel on the equations of a mixed model); a factor is the mean of what is
//! left, divided by `n + scatter / scale`. Rows far from the rest count less, as under a t distribution with four
//! degrees of freedom.

use std::collections::{BTreeMap, BTreeSet};

use crate::estimate::factors::{HALF_WIDTH, LEVELS, Level, OWN, Rate, absorbed};
use crate::quantity::ln;

/// How far sources differ on one chip and engine, as scales of the levels.
const SOURCE_SCALE: [f64; 2] = [0.2, 0.3];
/// Rounds of re-weighting, and sweeps over the levels in each.
const ROUNDS: usize = 6;
const SWEEPS: usize = 8;
/// Scatter the first round starts from.
const FIRST_SCATTER: f64 = 0.04;

/// A measurement: the logarithm of its rate, and what it is of.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Logarithm of the rate per byte/s of peak bandwidth.
    pub(super) value: f64,
    /// Engine, backend, family, quantization, chip, model; empty where not known. The order of the bits of a level.
    pub(super) parts: [String; 6],
    /// Who measured.
    pub(super) source: String,
    /// On which device.
    pub(super) device: String,
}

impl Row {
    /// What of the row a level looks at; `None` where the row does not say.
    fn of(&self, level: Level) -> Option<[&str; 6]> {
        let mut parts = [""; 6];
        for (bit, part) in self.parts.iter().enumerate() {
            if level >> bit & 1 == 1 {
                if part.is_empty() {
                    return None;
                }
                parts[bit] = part;
            }
        }
        Some(parts)
    }

    fn source_group(&self) -> [&str; 6] {
        let [runtime, backend, _, _, soc, _] = &self.parts;
        [&self.source, runtime, backend, soc, "", ""]
    }
}

/// A factor: its logarithm, half the width of its interval, and the rows behind it.
#[derive(Debug, Clone)]
pub(super) struct Factor {
    pub(super) level: Level,
    pub(super) parts: [String; 6],
    pub(super) value: f64,
    pub(super) half: f64,
    pub(super) n: usize,
    pub(super) sources: BTreeSet<String>,
}

/// The result.
#[derive(Debug, Clone)]
pub(super) struct Shrunk {
    pub(super) mean: f64,
    /// Variance of what no factor explains.
    scatter: f64,
    pub(super) factors: Vec<Factor>,
}

impl Shrunk {
    /// Half the width of the scatter.
    pub(super) fn scatter_half(&self) -> f64 {
        HALF_WIDTH * self.scatter.sqrt()
    }

    /// Predicts a row: the logarithm, and half the width of its interval before widening.
    fn predict(
        &self,
        index: &BTreeMap<(Level, [&str; 6]), &Factor>,
        row: &Row,
        rate: Rate,
    ) -> (f64, f64) {
        let mut value = self.mean;
        let mut square = HALF_WIDTH * HALF_WIDTH * self.scatter;
        let known = |level| row.of(level).and_then(|parts| index.get(&(level, parts)));
        let own = known(OWN).is_some();
        for (level, scales) in LEVELS {
            let found = known(level);
            value += found.map_or(0.0, |factor| factor.value);
            if own && absorbed(level) {
                continue;
            }
            if let Some(factor) = found {
                square += factor.half * factor.half;
            } else {
                let half = HALF_WIDTH * scales[rate as usize];
                square += half * half;
            }
        }
        (value, square.sqrt())
    }

    fn index(&self) -> BTreeMap<(Level, [&str; 6]), &Factor> {
        let mut index = BTreeMap::new();
        for factor in &self.factors {
            let parts = factor.parts.each_ref().map(String::as_str);
            index.insert((factor.level, parts), factor);
        }
        index
    }
}

/// One level under way: the group of each row, and the factor of each group.
struct Groups<'a> {
    level: Option<Level>,
    scale: f64,
    names: Vec<[&'a str; 6]>,
    of_row: Vec<Option<usize>>,
    values: Vec<f64>,
    weights: Vec<f64>,
}

impl<'a> Groups<'a> {
    fn new(
        level: Option<Level>,
        scale: f64,
        rows: &'a [Row],
        name: impl Fn(&'a Row) -> Option<[&'a str; 6]>,
    ) -> Self {
        let names: BTreeSet<[&str; 6]> = rows.iter().filter_map(&name).collect();
        let names: Vec<[&str; 6]> = names.into_iter().collect();
        let of_row = rows
            .iter()
            .map(|row| name(row).and_then(|name| names.binary_search(&name).ok()))
            .collect();
        Self {
            level,
            scale: scale * scale,
            of_row,
            values: vec![0.0; names.len()],
            weights: vec![0.0; names.len()],
            names,
        }
    }

    /// The factor of each group from what the others leave; `left` is kept up to date.
    fn settle(&mut self, left: &mut [f64], weights: &[f64], scatter: f64) {
        let mut sums = vec![0.0; self.values.len()];
        self.weights.iter_mut().for_each(|it| *it = 0.0);
        for ((group, left), weight) in self.of_row.iter().zip(&*left).zip(weights) {
            if let Some(group) = *group {
                sums[group] += weight * (left + self.values[group]);
                self.weights[group] += weight;
            }
        }
        for ((sum, weight), value) in sums.iter_mut().zip(&self.weights).zip(&mut self.values) {
            let next = *sum / (weight + scatter / self.scale);
            *sum = *value - next;
            *value = next;
        }
        for (group, left) in self.of_row.iter().zip(left) {
            if let Some(group) = *group {
                *left += sums[group];
            }
        }
    }

    /// How many parameters the shrunken factors are worth.
    fn worth(&self, scatter: f64) -> f64 {
        let share = |weight: &f64| weight / (weight + scatter / self.scale);
        self.weights.iter().map(share).sum()
    }
}

/// Shrinks the rows of one rate.
pub(super) fn shrink(rows: &[Row], rate: Rate) -> Shrunk {
    let at = rate as usize;
    let mut groups: Vec<Groups> = LEVELS
        .iter()
        .map(|&(level, scales)| {
            Groups::new(Some(level), scales[at], rows, move |row| row.of(level))
        })
        .collect();
    let of_source = |row| Some(Row::source_group(row));
    groups.push(Groups::new(None, SOURCE_SCALE[at], rows, of_source));
    let count = rows.len().max(1) as f64;
    let mut mean = rows.iter().map(|row| row.value).sum::<f64>() / count;
    let mut left: Vec<f64> = rows.iter().map(|row| row.value - mean).collect();
    let mut weights = vec![1.0; rows.len()];
    let mut scatter = FIRST_SCATTER;
    for _ in 0..ROUNDS {
        for _ in 0..SWEEPS {
            for group in &mut groups {
                group.settle(&mut left, &weights, scatter);
            }
            let total: f64 = weights.iter().sum();
            let shift = left.iter().zip(&weights).map(|(l, w)| l * w).sum::<f64>() / total.max(1.0);
            mean += shift;
            left.iter_mut().for_each(|it| *it -= shift);
        }
        for (weight, left) in weights.iter_mut().zip(&left) {
            *weight = 5.0 / (4.0 + left * left / scatter);
        }
        let worth: f64 = groups.iter().map(|it| it.worth(scatter)).sum();
        let free = (count - worth).max(0.4 * count);
        let squares: f64 = left.iter().zip(&weights).map(|(l, w)| w * l * l).sum();
        scatter = (squares / free).max(1e-3);
    }
    let factors = groups
        .iter()
        .filter_map(|group| Some((group.level?, group)))
        .flat_map(|(level, group)| factors(level, group, rows, scatter))
        .collect();
    Shrunk {
        mean,
        scatter,
        factors,
    }
}

fn factors(level: Level, groups: &Groups, rows: &[Row], scatter: f64) -> Vec<Factor> {
    let mut out: Vec<Factor> = groups
        .names
        .iter()
        .zip(&groups.values)
        .zip(&groups.weights)
        .map(|((name, value), weight)| Factor {
            level,
            parts: name.map(str::to_owned),
            value: *value,
            half: HALF_WIDTH * (scatter / (weight + scatter / groups.scale)).sqrt(),
            n: 0,
            sources: BTreeSet::new(),
        })
        .collect();
    for (row, group) in rows.iter().zip(&groups.of_row) {
        if let Some(factor) = group.and_then(|group| out.get_mut(group)) {
            factor.n += 1;
            factor.sources.insert(row.source.clone());
        }
    }
    out
}

/// The widening under which nine in ten rows lie inside their interval when their model, their device or their source
/// was left out of the fit: what the shrinkage of each factor by itself does not know of the others.
pub(super) fn widening(rows: &[Row], rate: Rate) -> f64 {
    let mut misses = Vec::new();
    let by: [fn(&Row) -> &str; 3] = [|row| &row.parts[5], |row| &row.device, |row| &row.source];
    for of in by {
        let groups: BTreeSet<&str> = rows.iter().map(of).collect();
        for group in groups {
            let (out, kept): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| of(row) == group);
            let kept: Vec<Row> = kept.into_iter().cloned().collect();
            let shrunk = shrink(&kept, rate);
            let index = shrunk.index();
            for row in out {
                let (value, half) = shrunk.predict(&index, row, rate);
                misses.push((row.value - value).abs() / half);
            }
        }
    }
    misses.sort_by(f64::total_cmp);
    super::statistics::quantile(&misses, 0.9)
}

/// The logarithm of a rate over a bandwidth.
pub(super) fn log_share(rate: f64, peak: f64) -> f64 {
    ln(rate / peak)
}
