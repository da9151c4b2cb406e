//! Numbers that people spell with fractions, in digits: `three and a half`, `a minute and a half`, `three quarters of a second`,
//! 一分半. The rest of a sentence stays as it is.

const SPELLED: [(&str, u32); 12] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
];

const PARTS: [(&str, &str); 3] = [
    (" and a half", "5"),
    (" and a quarter", "25"),
    (" and three quarters", "75"),
];

const UNITS: [&str; 4] = ["second", "minute", "hour", "point"];

const HAN: [(&str, u32); 11] = [
    ("一", 1),
    ("两", 2),
    ("二", 2),
    ("三", 3),
    ("四", 4),
    ("五", 5),
    ("六", 6),
    ("七", 7),
    ("八", 8),
    ("九", 9),
    ("十", 10),
];

/// A sentence with these numbers in digits. `text` is folded.
pub(super) fn in_digits(text: &str) -> String {
    let mut text = text.to_owned();
    for (part, decimals) in PARTS {
        if !text.contains(part) {
            continue;
        }
        for (word, value) in SPELLED {
            text = replaced(
                &text,
                &format!("{word}{part}"),
                &format!("{value}.{decimals}"),
            );
        }
        for unit in UNITS {
            let article = if unit == "hour" { "an" } else { "a" };
            let digits = format!("1.{decimals} {unit}s");
            text = replaced(&text, &format!("{article} {unit}{part}"), &digits);
        }
    }
    for (words, digits) in [
        ("three quarters of a second", "0.75 seconds"),
        ("a quarter of a second", "0.25 seconds"),
        ("a third of a second", "0.33 seconds"),
        ("two thirds of a second", "0.67 seconds"),
        ("a tenth of a second", "0.1 seconds"),
    ] {
        text = replaced(&text, words, digits);
    }
    for (word, value) in HAN {
        text = text.replace(&format!("{word}分半"), &format!("{value}.5 分钟"));
        text = text.replace(&format!("{word}分钟半"), &format!("{value}.5 分钟"));
        text = text.replace(&format!("{word}秒半"), &format!("{value}.5 秒"));
    }
    text
}

/// Replaces whole words.
fn replaced(text: &str, words: &str, by: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(words) {
        let inside = |c: char| c.is_ascii_alphanumeric();
        let before = rest[..at].ends_with(inside);
        let after = rest[at + words.len()..].starts_with(inside);
        out.push_str(&rest[..at]);
        out.push_str(if before || after { words } else { by });
        rest = &rest[at + words.len()..];
    }
    out + rest
}
