//! The digest by which a downloaded file is known to be the published one.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// How many characters the text of a digest has.
const DIGITS: usize = 64;

/// A SHA-256. Its text is 64 hexadecimal digits in lower case, as the hub and `sha256sum` write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256([u8; DIGITS / 2]);

/// Why a text is no SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSha256 {
    /// It has so many characters.
    Length(usize),
    /// This character is none of `0-9a-f`.
    Character(char),
}

impl fmt::Display for NotSha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a SHA-256 is 64 digits of 0-9a-f, and ")?;
        match self {
            Self::Length(length) => write!(f, "this has {length}"),
            Self::Character(other) => write!(f, "`{other}` is none"),
        }
    }
}

impl std::error::Error for NotSha256 {}

impl FromStr for Sha256 {
    type Err = NotSha256;

    fn from_str(text: &str) -> Result<Self, NotSha256> {
        let mut bytes = [0; DIGITS / 2];
        let mut length = 0;
        for digit in text.chars() {
            let value = match digit {
                '0'..='9' => digit as u8 - b'0',
                'a'..='f' => digit as u8 - b'a' + 10,
                other => return Err(NotSha256::Character(other)),
            };
            if let Some(byte) = bytes.get_mut(length / 2) {
                *byte = *byte << 4 | value;
            }
            length += 1;
        }
        if length == DIGITS {
            Ok(Self(bytes))
        } else {
            Err(NotSha256::Length(length))
        }
    }
}

impl TryFrom<String> for Sha256 {
    type Error = NotSha256;

    fn try_from(text: String) -> Result<Self, NotSha256> {
        text.parse()
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl From<Sha256> for String {
    fn from(digest: Sha256) -> Self {
        digest.to_string()
    }
}

impl JsonSchema for Sha256 {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Sha256".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of no bytes at all.
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn the_text_comes_back_as_it_was() {
        let digest: Result<Sha256, _> = EMPTY.parse();
        assert_eq!(
            digest.map(|digest| digest.to_string()),
            Ok(EMPTY.to_owned())
        );
    }

    #[test]
    fn what_is_no_digest_says_why() {
        let of = |text: &str| text.parse::<Sha256>();
        assert_eq!(of(&EMPTY[1..]), Err(NotSha256::Length(63)));
        assert_eq!(of(&format!("{EMPTY}0")), Err(NotSha256::Length(65)));
        assert_eq!(of(&EMPTY.to_uppercase()), Err(NotSha256::Character('E')));
        assert_eq!(of("sha256:"), Err(NotSha256::Character('s')));
        assert_eq!(of("\u{ff11}"), Err(NotSha256::Character('\u{ff11}')));
    }
}
