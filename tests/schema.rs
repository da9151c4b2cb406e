//! The part of JSON Schema that our schema files and the published ones of `reports/published` use, enough to hold a document
//! against one. A keyword it does not know stops
//! the test: nothing is passed over in silence.
//!
//! A library would do more, and bring forty packages and other features of `serde_json` into everything that is tested.

use serde_json::Value;

/// Keywords that say something to readers only.
const WORDS: [&str; 7] = [
    "$schema",
    "$defs",
    "definitions",
    "title",
    "description",
    "format",
    "default",
];

/// What a schema says against a document: the place and the keyword of each fault.
pub(crate) fn faults(schema: &Value, document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    visit(schema, schema, document, "", &mut faults);
    faults
}

fn visit(root: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let path = reference.strip_prefix('#').expect("a place in the file");
        let target = root
            .pointer(path)
            .unwrap_or_else(|| panic!("no {reference}"));
        visit(root, target, value, at, faults);
    }
    let keywords = schema.as_object().expect("a schema");
    for (keyword, rule) in keywords {
        let holds = match keyword.as_str() {
            "type" => is(value, rule.as_str().expect("a type")),
            "const" => value == rule,
            "enum" => rule.as_array().expect("values").contains(value),
            "minimum" => value.as_f64() >= rule.as_f64(),
            "maximum" => value.as_f64() <= rule.as_f64(),
            "pattern" => {
                let pattern =
                    regex::Regex::new(rule.as_str().expect("a pattern")).expect("a pattern");
                value.as_str().is_none_or(|text| pattern.is_match(text))
            }
            "uniqueItems" => {
                let items = value.as_array().map_or(&[][..], Vec::as_slice);
                let again = |(at, item)| items[..at].contains(item);
                *rule == false || !items.iter().enumerate().any(again)
            }
            "anyOf" => holding(root, rule, value) > 0,
            "oneOf" => holding(root, rule, value) == 1,
            "minLength" => value.as_str().map(|text| text.chars().count() as u64) >= rule.as_u64(),
            "minItems" => value.as_array().map(|items| items.len() as u64) >= rule.as_u64(),
            "maxItems" => value.as_array().map(|items| items.len() as u64) <= rule.as_u64(),
            "required" => {
                let names = rule.as_array().expect("names").iter();
                let mut names = names.map(|name| name.as_str().expect("a name"));
                names.all(|name| value.get(name).is_some())
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    visit(root, rule, item, &format!("{at}/{index}"), faults);
                }
                true
            }
            "properties" => {
                for (name, own) in rule.as_object().expect("properties") {
                    if let Some(inner) = value.get(name) {
                        visit(root, own, inner, &format!("{at}/{name}"), faults);
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = schema["properties"].as_object();
                let fields = value.as_object().into_iter().flatten();
                let others =
                    fields.filter(|(name, _)| !known.is_some_and(|k| k.contains_key(*name)));
                let mut holds = true;
                for (name, inner) in others {
                    match rule {
                        Value::Bool(allowed) => holds &= allowed,
                        rule => visit(root, rule, inner, &format!("{at}/{name}"), faults),
                    }
                }
                holds
            }
            "$ref" => true,
            word => {
                assert!(WORDS.contains(&word), "unknown keyword {word}");
                true
            }
        };
        if !holds {
            faults.push(format!("{at}: {keyword}"));
        }
    }
}

/// How many of these schemas hold for a value.
fn holding(root: &Value, schemas: &Value, value: &Value) -> usize {
    let holds = |schema: &&Value| {
        let mut faults = Vec::new();
        visit(root, schema, value, "", &mut faults);
        faults.is_empty()
    };
    schemas
        .as_array()
        .expect("schemas")
        .iter()
        .filter(holds)
        .count()
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        other => panic!("unknown type {other}"),
    }
}

#[test]
fn a_fault_is_found_at_its_place() {
    let schema = serde_json::json!({
        "type": "object",
        "required": ["a"],
        "additionalProperties": false,
        "properties": { "a": { "type": "array", "items": { "$ref": "#/$defs/line" } } },
        "$defs": { "line": { "type": "integer", "minimum": 1 } },
    });
    let of = |document: serde_json::Value| faults(&schema, &document);
    assert_eq!(of(serde_json::json!({ "a": [1, 2] })), [""; 0]);
    assert_eq!(of(serde_json::json!({ "a": [1, 0] })), ["/a/1: minimum"]);
    assert_eq!(of(serde_json::json!({ "a": ["1"] })).len(), 2);
    assert_eq!(of(serde_json::json!({})), [": required"]);
    assert_eq!(
        of(serde_json::json!({ "a": [], "b": 1 })),
        [": additionalProperties"]
    );
}

#[test]
fn alternatives_patterns_and_repetitions_are_looked_at() {
    let schema = serde_json::json!({
        "anyOf": [{ "required": ["text"] }, { "required": ["id"] }],
        "properties": {
            "tag": { "pattern": "^[a-z]{2}$" },
            "list": { "uniqueItems": true },
            "share": { "type": "number", "maximum": 1 },
            "one": { "oneOf": [{ "type": "string" }, { "minLength": 1 }] },
        },
    });
    let of = |document: serde_json::Value| faults(&schema, &document);
    assert_eq!(
        of(serde_json::json!({ "id": 1, "tag": "zh", "list": [1, 2], "share": 0.5, "one": "" })),
        [""; 0]
    );
    assert_eq!(
        of(serde_json::json!({ "tag": "zh-", "list": [1, 1], "share": 1.5, "one": "both" })),
        [
            ": anyOf",
            "/list: uniqueItems",
            "/one: oneOf",
            "/share: maximum",
            "/tag: pattern"
        ]
    );
}
