//! The leaves of a record: a value that knows its place, a figure that names its sources, amounts with units.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, DeserializeOwned, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

use crate::quantity::{Bytes, BytesPerSecond, Dimension, unit};

/// A value with the bytes of the file it is written in.
#[derive(Debug, Clone, PartialEq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// First byte.
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Located<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<T>::deserialize(deserializer)?;
        let span = spanned.referenced.span();
        let start = span.byte_offset().unwrap_or_default();
        let len = span.byte_len().unwrap_or_default();
        Ok(Self {
            value: spanned.value,
            start: u32::try_from(start).unwrap_or_default(),
            end: u32::try_from(start + len).unwrap_or_default(),
        })
    }
}

impl<T: JsonSchema> JsonSchema for Located<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

/// A figure: the bare value, which then rests on the sources of its record, or `{ value: ..., sources: [...] }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure<T> {
    /// The value and its place.
    pub value: Located<T>,
    /// Its own sources; empty when it rests on those of the record.
    pub sources: Vec<Located<String>>,
}

/// What stands at the place of a figure, before the place is known.
enum Written<T> {
    Bare(T),
    Full(Located<T>, Vec<Located<String>>),
}

struct WrittenVisitor<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for WrittenVisitor<T> {
    type Value = Written<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a figure, or a mapping with `value` and `sources`")
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Self::Value, E> {
        T::deserialize(value.into_deserializer()).map(Written::Bare)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        T::deserialize(value.into_deserializer()).map(Written::Bare)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        T::deserialize(value.into_deserializer()).map(Written::Bare)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Self::Value, E> {
        T::deserialize(value.into_deserializer()).map(Written::Bare)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        const FIELDS: &[&str] = &["value", "sources"];
        let (mut value, mut sources) = (None, Vec::new());
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "value" => value = Some(map.next_value::<Located<T>>()?),
                "sources" => sources = map.next_value()?,
                other => return Err(de::Error::unknown_field(other, FIELDS)),
            }
        }
        let value = value.ok_or_else(|| de::Error::missing_field("value"))?;
        Ok(Written::Full(value, sources))
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WrittenVisitor(PhantomData))
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Figure<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Located::<Written<T>>::deserialize(deserializer)?;
        Ok(match written.value {
            Written::Bare(value) => Self {
                value: Located {
                    value,
                    start: written.start,
                    end: written.end,
                },
                sources: Vec::new(),
            },
            Written::Full(value, sources) => Self { value, sources },
        })
    }
}

impl<T: JsonSchema> JsonSchema for Figure<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("Figure of {}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        json_schema!({
            "anyOf": [
                value,
                {
                    "type": "object",
                    "properties": {
                        "value": value,
                        "sources": {
                            "description": "Ids of sources; those of the record when left out.",
                            "type": "array",
                            "items": { "type": "string" }
                        }
                    },
                    "required": ["value"],
                    "additionalProperties": false
                }
            ]
        })
    }
}

/// Declares an amount that is written as a number in base units or as a text with a unit.
macro_rules! amount {
    ($(#[$doc:meta])* $name:ident, $dimension:ident, $expecting:literal, $example:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $name(pub f64);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Amount;
                impl Visitor<'_> for Amount {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expecting)
                    }
                    fn visit_u64<E: de::Error>(self, value: u64) -> Result<$name, E> {
                        Ok($name(value as f64))
                    }
                    fn visit_i64<E: de::Error>(self, value: i64) -> Result<$name, E> {
                        Ok($name(value as f64))
                    }
                    fn visit_f64<E: de::Error>(self, value: f64) -> Result<$name, E> {
                        Ok($name(value))
                    }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        amount(text, Dimension::$dimension)
                            .map($name)
                            .ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
                    }
                }
                deserializer.deserialize_any(Amount)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "description": $expecting,
                    "anyOf": [
                        { "type": "number", "minimum": 0 },
                        { "type": "string", "examples": [$example] }
                    ]
                })
            }
        }
    };
}

amount!(
    /// An amount of memory or storage.
    Size,
    Bytes,
    "a count of bytes, or a text such as `3072 MiB`",
    "3072 MiB"
);
amount!(
    /// A speed of memory.
    Bandwidth,
    Bandwidth,
    "bytes per second, or a text such as `68.3 GB/s`",
    "68.3 GB/s"
);

impl Size {
    /// Rounded to whole bytes; a negative amount is zero, which `load` refuses.
    #[must_use]
    pub fn bytes(self) -> Bytes {
        Bytes::new(self.0.max(0.0).round() as u64)
    }
}

impl Bandwidth {
    /// As the catalog keeps it.
    #[must_use]
    pub const fn rate(self) -> BytesPerSecond {
        BytesPerSecond::new(self.0)
    }
}

/// `3072 MiB` in base units, if the unit measures `dimension`.
fn amount(text: &str, dimension: Dimension) -> Option<f64> {
    let (number, symbol) = text.trim().split_once(' ')?;
    let unit = unit(symbol.trim()).filter(|unit| unit.dimension == dimension)?;
    Some(number.parse::<f64>().ok()? * unit.factor)
}
