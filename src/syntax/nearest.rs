//! Did you mean: the known name nearest to an unknown one. Deterministic; ties go to the first in the list.

/// The candidate nearest to `word`, if one is near enough to be what was meant.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = fold(word);
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let score = likeness(&wanted, &fold(candidate));
        if score >= 0.72 && best.is_none_or(|(top, _)| score > top) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Case, blanks, `-` and `_` do not count.
#[must_use]
pub fn fold(word: &str) -> String {
    word.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// 1 for equal words, 0 for words that share nothing. A candidate that begins with the whole word is nearer than one with
/// two letters more in the middle of it: names are often cut short.
fn likeness(wanted: &str, candidate: &str) -> f64 {
    if wanted.is_empty() || wanted.len() > 200 {
        return 0.0;
    }
    let edits = strsim::normalized_damerau_levenshtein(wanted, candidate);
    let cut_short = wanted.chars().count() >= 3 && candidate.starts_with(wanted);
    if cut_short { edits.max(0.9) } else { edits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["analyze", "summarize", "translate", "translate-speech"];
        assert_eq!(nearest("analyse", names), Some("analyze"));
        assert_eq!(nearest("Translate Speech", names), Some("translate-speech"));
        assert_eq!(nearest("summ", names), Some("summarize"));
        let models = ["qwen3-vl-4b-instruct", "qwen3-4b-instruct-2507"];
        assert_eq!(nearest("qwen3-4b-instruct", models), Some(models[1]));
        assert_eq!(nearest("frobnicate", names), None);
        assert_eq!(nearest("", names), None);
    }
}
