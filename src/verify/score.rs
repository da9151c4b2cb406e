//! Predictions beside measurements: errors and coverage, by quantity. Predicts nothing.

use std::collections::BTreeMap;

use super::measured::{Measured, Quantity};
use crate::diagnostic::Text;
use crate::quantity::Interval;

/// Rows named as the worst of a quantity.
const WORST: usize = 5;

/// A row and what is predicted of it.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The row.
    pub row: Measured,
    /// Ids of the chip, engine and backend it was taken for.
    pub combination: Option<[String; 3]>,
    /// Why nothing is predicted.
    pub reason: Option<Text>,
    predicted: [Option<Interval<f64>>; 5],
}

impl Outcome {
    pub(super) fn new(row: Measured) -> Self {
        Self {
            row,
            combination: None,
            reason: None,
            predicted: [None; 5],
        }
    }

    pub(super) fn set(&mut self, quantity: Quantity, value: Option<Interval<f64>>) {
        self.predicted[quantity as usize] = value;
    }

    /// The prediction, in the unit of the row's column.
    #[must_use]
    pub fn predicted(&self, quantity: Quantity) -> Option<Interval<f64>> {
        self.predicted[quantity as usize]
    }

    fn error(&self, quantity: Quantity) -> Option<f64> {
        let seen = self.row.seen(quantity)?;
        let predicted = self.predicted(quantity)?;
        Some(predicted.likely / seen - 1.0)
    }
}

/// Errors of one quantity over some rows.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// Measured and predicted.
    pub rows: usize,
    /// Measured, not predicted.
    pub unpredicted: usize,
    /// Median of the absolute relative error.
    pub median_error: f64,
    /// Share of rows inside their interval.
    pub inside: f64,
}

/// The summary of a table.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Rows read.
    pub rows: usize,
    /// Rows with a prediction of something that was measured.
    pub predicted: usize,
    /// By quantity, in the order of `Quantity::ALL`.
    pub scores: Vec<(Quantity, Score)>,
    /// By quantity and combination, where a combination has five rows.
    pub combinations: Vec<(Quantity, String, Score)>,
    /// The rows farthest off: id, quantity, prediction over measurement less one.
    pub worst: Vec<(String, Quantity, f64)>,
    /// Why rows are not predicted, and how many for each reason.
    pub reasons: Vec<(Text, usize)>,
}

/// Counts.
pub(super) fn summarize(outcomes: &[Outcome]) -> Summary {
    let all: Vec<&Outcome> = outcomes.iter().collect();
    let mut by_combination: BTreeMap<&[String; 3], Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        if let Some(combination) = &outcome.combination {
            by_combination.entry(combination).or_default().push(outcome);
        }
    }
    let mut combinations = Vec::new();
    let mut worst = Vec::new();
    for quantity in Quantity::ALL {
        for (name, outcomes) in &by_combination {
            let score = score(outcomes, quantity);
            if score.rows >= 5 {
                combinations.push((quantity, name.join(" / "), score));
            }
        }
        worst.extend(farthest(outcomes, quantity));
    }
    let predicted = outcomes
        .iter()
        .filter(|it| Quantity::ALL.iter().any(|q| it.error(*q).is_some()));
    Summary {
        rows: outcomes.len(),
        predicted: predicted.count(),
        scores: Quantity::ALL.map(|it| (it, score(&all, it))).to_vec(),
        combinations,
        worst,
        reasons: reasons(outcomes),
    }
}

fn score(outcomes: &[&Outcome], quantity: Quantity) -> Score {
    let mut errors = Vec::new();
    let (mut inside, mut unpredicted) = (0_usize, 0);
    for outcome in outcomes {
        let Some(seen) = outcome.row.seen(quantity) else {
            continue;
        };
        let Some(predicted) = outcome.predicted(quantity) else {
            unpredicted += 1;
            continue;
        };
        errors.push((predicted.likely / seen - 1.0).abs());
        inside += usize::from(predicted.low <= seen && seen <= predicted.high);
    }
    errors.sort_by(f64::total_cmp);
    let rows = errors.len();
    let middle = (errors.get(rows / 2), errors.get(rows.saturating_sub(1) / 2));
    Score {
        rows,
        unpredicted,
        median_error: match middle {
            (Some(a), Some(b)) => (a + b) / 2.0,
            _ => 0.0,
        },
        inside: if rows == 0 {
            0.0
        } else {
            inside as f64 / rows as f64
        },
    }
}

/// The rows whose prediction is farthest off, as a ratio.
fn farthest(outcomes: &[Outcome], quantity: Quantity) -> Vec<(String, Quantity, f64)> {
    let mut rows: Vec<(f64, &Outcome, f64)> = outcomes
        .iter()
        .filter_map(|it| {
            let error = it.error(quantity)?;
            let ratio = 1.0 + error;
            Some((if ratio < 1.0 { 1.0 / ratio } else { ratio }, it, error))
        })
        .collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    rows.into_iter()
        .take(WORST)
        .map(|(_, it, error)| (it.row.id.clone(), quantity, error))
        .collect()
}

fn reasons(outcomes: &[Outcome]) -> Vec<(Text, usize)> {
    let mut counted: Vec<(Text, usize)> = Vec::new();
    for reason in outcomes.iter().filter_map(|it| it.reason.as_ref()) {
        match counted.iter_mut().find(|(known, _)| known == reason) {
            Some((_, count)) => *count += 1,
            None => counted.push((reason.clone(), 1)),
        }
    }
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counted
}
