//! The words a user gave an app and its features: they stand for the feature, or for nothing.

use std::collections::BTreeSet;

use super::facts::Open;
use super::words::words;
use crate::plan::types::Plan;
use crate::prose::read::fold::is_han;

/// Words of names and titles, so that `the diary` is no stranger.
pub(super) fn own(open: &mut Open, plan: &Plan) {
    let all: BTreeSet<usize> = (0..plan.asked.features.len()).collect();
    // What has a meaning keeps it, whoever uses it in a title.
    let mut known = |word: String, of: &BTreeSet<usize>| {
        if !words().means(&word) && !is_small(&word) {
            open.own.entry(word).or_default().extend(of);
        }
    };
    let mut add = |text: &str, of: &BTreeSet<usize>| {
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            let word = word.to_lowercase();
            // Chinese titles are shortened at will.
            if word.chars().all(is_han) {
                let letters: Vec<char> = word.chars().collect();
                for length in 2..letters.len() {
                    for part in letters.windows(length) {
                        known(part.iter().collect(), of);
                    }
                }
            }
            let plain = word.chars().all(char::is_alphabetic);
            if plain && word.chars().count() >= 2 {
                for form in forms(&word) {
                    known(form, of);
                }
            }
        }
    };
    add(plan.asked.name.as_deref().unwrap_or_default(), &all);
    let spec = plan
        .generated_from
        .spec
        .rsplit('/')
        .next()
        .unwrap_or_default();
    add(spec.split('.').next().unwrap_or_default(), &all);
    for (at, feature) in plan.asked.features.iter().enumerate() {
        let of = [at].into();
        add(&feature.id, &of);
        add(feature.title.as_deref().unwrap_or_default(), &of);
    }
}

/// `Of` in a title is not the feature's.
fn is_small(word: &str) -> bool {
    const SMALL: usize = 3;
    word.is_ascii() && word.len() <= SMALL && words().is_fill(word)
}

/// A word and its plain inflections.
fn forms(word: &str) -> Vec<String> {
    if !word.is_ascii() {
        return vec![word.to_owned()];
    }
    let base = word
        .strip_suffix('s')
        .filter(|base| base.len() > 2)
        .unwrap_or(word);
    let stem = base.strip_suffix('e').unwrap_or(base);
    let mut forms = vec![word.to_owned(), base.to_owned()];
    forms.extend(["s", "es"].map(|ending| format!("{base}{ending}")));
    forms.push(format!("{stem}ing"));
    forms
}
