//! A verification as text, JSON and rows. Adds nothing to it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Verification;
use super::measured::Quantity;
use super::score::Score;
use crate::diagnostic::{Locale, Text, messages};

fn say(locale: Locale, text: &Text) -> String {
    text.render_with(locale, &messages::lookup)
}

fn percent(share: f64) -> String {
    format!("{:.0}", share * 100.0)
}

/// For people.
#[must_use]
pub fn text(verification: &Verification, locale: Locale) -> String {
    let summary = &verification.summary;
    let mut out = String::new();
    let counts = Text::key("verify.rows")
        .arg("rows", summary.rows.to_string())
        .arg("predicted", summary.predicted.to_string());
    let _ = writeln!(out, "{}\n", say(locale, &counts));
    for (quantity, score) in &summary.scores {
        let _ = writeln!(out, "{:<15} {}", quantity.column(), line(score, locale));
    }
    let head = |key| say(locale, &Text::key(key));
    if !summary.combinations.is_empty() {
        let _ = writeln!(out, "\n{}", head("verify.by_combination"));
    }
    for (quantity, name, score) in &summary.combinations {
        let _ = writeln!(
            out,
            "{:<15} {name:<45} {}",
            quantity.column(),
            line(score, locale)
        );
    }
    if !summary.worst.is_empty() {
        let _ = writeln!(out, "\n{}", head("verify.worst"));
    }
    for (id, quantity, error) in &summary.worst {
        let _ = writeln!(
            out,
            "{:<15} {id:<12} {:+.0} %",
            quantity.column(),
            error * 100.0
        );
    }
    if !summary.reasons.is_empty() {
        let _ = writeln!(out, "\n{}", head("verify.unpredicted"));
        for (reason, count) in &summary.reasons {
            let _ = writeln!(out, "{count:>5}  {}", say(locale, reason));
        }
    }
    out
}

fn line(score: &Score, locale: Locale) -> String {
    if score.rows == 0 {
        return say(
            locale,
            &Text::key("verify.none").arg("unpredicted", score.unpredicted.to_string()),
        );
    }
    say(
        locale,
        &Text::key("verify.score")
            .arg("rows", score.rows.to_string())
            .arg("error", percent(score.median_error))
            .arg("inside", percent(score.inside))
            .arg("unpredicted", score.unpredicted.to_string()),
    )
}

/// For programs.
#[must_use]
pub fn json(verification: &Verification, locale: Locale) -> Value {
    let summary = &verification.summary;
    let score = |score: &Score| {
        json!({
            "rows": score.rows,
            "unpredicted": score.unpredicted,
            "median_absolute_relative_error": score.median_error,
            "inside_interval": score.inside,
        })
    };
    let by_quantity: serde_json::Map<String, Value> = summary
        .scores
        .iter()
        .map(|(quantity, it)| (quantity.column().to_owned(), score(it)))
        .collect();
    let combinations: Vec<Value> = summary
        .combinations
        .iter()
        .map(|(quantity, name, it)| {
            let mut value = score(it);
            value["quantity"] = json!(quantity.column());
            value["combination"] = json!(name);
            value
        })
        .collect();
    let worst: Vec<Value> = summary
        .worst
        .iter()
        .map(|(id, quantity, error)| {
            json!({ "id": id, "quantity": quantity.column(), "relative_error": error })
        })
        .collect();
    let reasons: Vec<Value> = summary
        .reasons
        .iter()
        .map(|(reason, count)| json!({ "reason": say(locale, reason), "rows": count }))
        .collect();
    json!({
        "rows": summary.rows,
        "predicted": summary.predicted,
        "quantities": by_quantity,
        "combinations": combinations,
        "worst": worst,
        "unpredicted": reasons,
    })
}

/// Each row's id with the ends and the likely value of every quantity; empty where it is not predicted.
#[must_use]
pub fn rows_csv(verification: &Verification) -> String {
    let mut out = "id".to_owned();
    for quantity in Quantity::ALL {
        for end in ["low", "likely", "high"] {
            let _ = write!(out, ",{}_{end}", quantity.column());
        }
    }
    out.push('\n');
    for outcome in &verification.outcomes {
        out.push_str(&quoted(&outcome.row.id));
        for quantity in Quantity::ALL {
            match outcome.predicted(quantity) {
                Some(it) => {
                    let _ = write!(out, ",{:.4},{:.4},{:.4}", it.low, it.likely, it.high);
                }
                None => out.push_str(",,,"),
            }
        }
        out.push('\n');
    }
    out
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
