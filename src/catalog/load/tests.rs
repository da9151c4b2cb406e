//! What a user's folder may and may not say: the examples of the error pages, and overlays.

use super::{Failure, load, overlay};
use crate::catalog::builtin_files;
use crate::catalog::types::Catalog;
use crate::diagnostic::{Code, Locale, messages};

const PHONE: &str = "
sources:
  - id: acme-site
    title: Acme
    url: https://acme.example
    kind: primary
devices:
  - id: pixel-9
    override: true
    name: Pixel 9
    vendor: Google
    kind: phone
    platform: android
    ram: [16]
    sources: [acme-site]
";

/// Enough of a catalog to lay a file over; parsing all of the built-in one for each example would take long.
const BASE: &[(&str, &str)] = &[(
    "base.yaml",
    "
sources:
  - { id: base, title: a base to build on, kind: derived }
platforms:
  - { id: android, name: Android, default_os: 12, latest_os: 17, app_baseline: 230 MB, charges_clean_pages: false, sources: [base] }
  - { id: ios, name: iOS, default_os: 17, latest_os: 27, app_baseline: 96 MB, charges_clean_pages: false, sources: [base] }
socs:
  - { id: tensor-g4, name: Tensor G4, vendor: Google, sources: [base] }
devices:
  - { id: pixel-9, name: Pixel 9, vendor: Google, kind: phone, platform: android, soc: tensor-g4, ram: [12], sources: [base] }
",
)];

fn over_base(text: &str) -> Result<Catalog, Failure> {
    overlay(BASE, vec![("mine.yaml".to_owned(), text.to_owned())])
}

fn codes(result: &Result<Catalog, Failure>) -> Vec<Code> {
    match result {
        Ok(_) => Vec::new(),
        Err((_, findings)) => findings.iter().map(|finding| finding.code).collect(),
    }
}

/// The text of the fence under a heading of a page.
fn fence<'a>(page: &'a str, heading: &str) -> Option<&'a str> {
    let section = page.split(&format!("## {heading}\n")).nth(1)?;
    let body = section.split("```yaml catalog\n").nth(1)?;
    body.split("```").next()
}

#[test]
fn every_page_fails_as_it_says_and_passes_as_it_says() -> Result<(), String> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/errors");
    for number in 700..=707 {
        for folder in ["", "/zh-CN"] {
            let path = format!("{root}{folder}/EP{number:04}.md");
            let page =
                std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
            let fails = over_base(fence(&page, "Fails").ok_or("no failing example")?);
            assert!(
                codes(&fails).contains(&Code(number)),
                "{path}: {:?}",
                codes(&fails)
            );
            let passes = over_base(fence(&page, "Passes").ok_or("no passing example")?);
            assert_eq!(codes(&passes), Vec::new(), "{path}");
        }
    }
    Ok(())
}

#[test]
fn an_override_replaces_the_whole_record_and_its_text_can_be_shown() -> Result<(), String> {
    let catalog = over_base(PHONE).map_err(|(_, findings)| format!("{findings:?}"))?;
    let (_, device) = catalog.device("pixel-9").ok_or("no device")?;
    assert_eq!(device.ram_gib, [16]);
    assert_eq!(device.soc, None, "nothing is kept of the replaced record");
    let mut sources = crate::diagnostic::Sources::new();
    let span = catalog.locate(device.at, &mut sources);
    assert_eq!(sources.text(span), "pixel-9");
    Ok(())
}

#[test]
fn what_was_there_stays_and_the_digest_tells_the_two_apart() -> Result<(), String> {
    let files = vec![("mine.yaml".to_owned(), PHONE.to_owned())];
    let catalog =
        overlay(builtin_files(), files).map_err(|(_, findings)| format!("{findings:?}"))?;
    let builtin = crate::catalog::builtin();
    let ids = |catalog: &Catalog| -> Vec<String> {
        catalog
            .models
            .iter()
            .map(|model| model.id.clone())
            .collect()
    };
    assert_eq!(ids(&catalog), ids(builtin));
    assert_eq!(catalog.devices.len(), builtin.devices.len());
    assert_ne!(catalog.digest, builtin.digest);
    assert_eq!(catalog.digest.len(), 64);
    Ok(())
}

#[test]
fn all_findings_of_all_files_come_at_once() {
    let bad = |platform: &str| {
        format!(
            "devices:\n  - {{ id: a, name: A, vendor: A, kind: phone, platform: {platform}, sources: [nobody] }}\n"
        )
    };
    let files = vec![
        ("one.yaml".to_owned(), bad("ios")),
        ("two.yaml".to_owned(), bad("io")),
    ];
    let result = overlay(BASE, files);
    let found = codes(&result);
    assert!(
        found.contains(&Code(703)) && found.contains(&Code(702)),
        "{found:?}"
    );
}

#[test]
fn a_misspelt_word_is_corrected() {
    let text = PHONE.replace("platform: android", "platform: andriod");
    let Err((sources, findings)) = over_base(&text) else {
        panic!("must not load");
    };
    let fixes: Vec<_> = findings.iter().flat_map(|finding| &finding.fixes).collect();
    let edit = fixes.first().and_then(|fix| fix.edits.first());
    let edit = edit.map(|edit| (sources.text(edit.span).to_owned(), edit.replacement.clone()));
    assert_eq!(edit, Some(("andriod".to_owned(), "android".to_owned())));
}

#[test]
fn the_fix_for_a_duplicate_makes_it_load() {
    let text = PHONE.replace("    override: true\n", "");
    let Err((_, findings)) = over_base(&text) else {
        panic!("must not load");
    };
    let mut mended = text;
    for edit in findings
        .iter()
        .flat_map(|finding| &finding.fixes)
        .flat_map(|fix| &fix.edits)
    {
        mended.insert_str(edit.span.start as usize, &edit.replacement);
    }
    assert_eq!(codes(&over_base(&mended)), Vec::new(), "{mended}");
}

/// A model whose files are these, over the base.
fn with_files(files: &[String]) -> Result<Catalog, Failure> {
    let files: String = files
        .iter()
        .map(|file| format!("      - {{ format: gguf, quant: q, {file} }}\n"))
        .collect();
    over_base(&format!(
        "
quantizations:
  - {{ id: q, name: Q, family: k-quant, formats: [gguf], bits: 4.8, summary: {{ en: q, zh: q }}, sources: [base] }}
models:
  - id: m
    name: M
    vendor: A
    roles: [llm]
    family: llama
    files:
{files}    sources: [base]
"
    ))
}

#[test]
fn a_file_may_have_a_digest() -> Result<(), String> {
    let digest = "0f".repeat(32);
    let file = format!("file: m.gguf, sha256: {digest}");
    let catalog = with_files(&[file]).map_err(|(_, findings)| format!("{findings:?}"))?;
    let known = catalog
        .artifacts
        .first()
        .and_then(|file| file.sha256.as_ref());
    let known = known.ok_or("no digest")?;
    assert_eq!(known.value.to_string(), digest);
    assert_eq!(known.sources.len(), 1, "that of the record");
    Ok(())
}

#[test]
fn a_digest_must_be_one_of_a_file_with_one_size() {
    let digest = "0f".repeat(32);
    let short = digest.get(1..).unwrap_or_default();
    let Err((sources, findings)) = with_files(&[format!("file: m.gguf, sha256: {short}")]) else {
        panic!("63 digits are no digest");
    };
    let labels = findings.iter().flat_map(|finding| &finding.labels);
    let places: Vec<&str> = labels.map(|label| sources.text(label.span)).collect();
    assert_eq!((findings[0].code, places), (Code(701), vec![short]));

    let nameless = with_files(&[format!("sha256: {digest}")]);
    assert_eq!(codes(&nameless), [Code(706)], "of which file?");
    let sized = |bytes: u32, name: &str| {
        format!("bytes: {bytes}, exact: true, file: {name}, sha256: {digest}")
    };
    let one = with_files(&[sized(7000, "a.gguf"), sized(7000, "b.gguf")]);
    assert_eq!(codes(&one), [], "the same file under two names");
    let two = with_files(&[sized(7000, "a.gguf"), sized(8000, "b.gguf")]);
    assert_eq!(codes(&two), [Code(706)], "one digest, two sizes");
}

#[test]
fn nothing_is_a_catalog_too() {
    assert_eq!(
        codes(&load(vec![("empty.yaml".to_owned(), String::new())])),
        Vec::new()
    );
    assert_eq!(codes(&load(Vec::new())), Vec::new());
}

#[test]
fn every_message_is_there_in_both_languages() {
    for number in 700..=707 {
        let info = crate::diagnostic::codes::CODES
            .iter()
            .find(|info| info.code == Code(number));
        let key = info.map_or("", |info| info.title_key);
        for locale in Locale::ALL {
            assert!(
                messages::lookup(key, locale).is_some(),
                "{key} in {}",
                locale.tag()
            );
        }
    }
}
