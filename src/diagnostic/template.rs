//! Templates of messages and the values that go into them. Knows nothing of languages.

/// A template with its placeholders filled: `{name}` by a value, `{name|one|several}` by the first word where that value is 1, else
/// by the second. Unknown ones stay. A value is never filled again.
#[must_use]
pub fn fill(template: &str, find: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let filled = after.split_once('}').and_then(|(hole, tail)| {
            let value = match counted(hole) {
                Some((name, one, several)) => {
                    let word = if find(name)? == "1" { one } else { several };
                    word.to_owned()
                }
                None => find(hole)?,
            };
            Some((value, tail))
        });
        match filled {
            Some((value, tail)) => {
                out.push_str(&value);
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The parts of a placeholder that stands for the word behind a count: `name|one|several`.
#[must_use]
pub fn counted(hole: &str) -> Option<(&str, &str, &str)> {
    let (name, words) = hole.split_once('|')?;
    let (one, several) = words.split_once('|')?;
    Some((name, one, several))
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn words_agree_with_their_count() {
        let said = |count: &str| {
            fill("{n} {n|row|rows} {m} {m|a|b} {", |name| {
                (name == "n").then(|| count.to_owned())
            })
        };
        assert_eq!(said("1"), "1 row {m} {m|a|b} {");
        for count in ["0", "2", "11", "1.5", "{n}"] {
            assert_eq!(said(count), format!("{count} rows {{m}} {{m|a|b}} {{"));
        }
    }
}
