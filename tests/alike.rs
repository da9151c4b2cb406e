//! Specs that ask the same are answered once: what is said of the second one is what would be said of it alone.

use edgeplan::pipeline::{Alike, Options, check, check_alike};
use edgeplan::solve::{Locked, StackIds};
use edgeplan::{catalog, rules};

use crate::support::{files, read};

fn options() -> Options<'static> {
    Options::new(catalog::builtin(), rules::builtin())
}

/// The same question in another text: other comments and empty lines, and titles with more words, so that nothing stands
/// where it stood.
fn disguised(text: &str) -> String {
    let mut disguised = "# the same again\n\n".to_owned();
    for line in text.lines() {
        let feature = line.starts_with("feature ");
        let line = match line.rsplit_once('"').filter(|_| feature) {
            Some((head, rest)) => format!("{head}, neu\"{rest}"),
            None => format!("{line}\n\n  # a remark"),
        };
        disguised.push_str(&line);
        disguised.push('\n');
    }
    disguised
}

#[test]
fn what_is_known_of_one_spec_is_said_of_another_that_asks_the_same() {
    let (options, unlocked) = (options(), Locked::default());
    let alike = Alike::default();
    let mut shared = 0;
    for path in files("specs", "edgeplan") {
        let own = path
            .parent()
            .is_some_and(|folder| folder.ends_with("specs"));
        if !own
            && !path
                .parent()
                .is_some_and(|folder| folder.ends_with("infeasible"))
        {
            continue;
        }
        let text = read(&path);
        let other = disguised(&text);
        let (said, _) = check_alike(&text, "one.edgeplan", &options, &unlocked, &alike);
        assert_eq!(
            said,
            check(&text, "one.edgeplan", &options).diagnostics,
            "{path:?}"
        );
        let known = alike.len();
        let (said, sources) = check_alike(&other, "other.edgeplan", &options, &unlocked, &alike);
        let alone = check(&other, "other.edgeplan", &options);
        assert_eq!(said, alone.diagnostics, "{path:?}");
        let names = |sources: &edgeplan::diagnostic::Sources| -> Vec<String> {
            sources.iter().map(|(_, file)| file.name.clone()).collect()
        };
        assert_eq!(names(&sources), names(&alone.sources), "{path:?}");
        shared += usize::from(alike.len() == known && known > 0);
    }
    assert!(shared >= 8, "only {shared} specs were known");
}

#[test]
fn another_word_is_another_question() {
    let (options, unlocked) = (options(), Locked::default());
    let alike = Alike::default();
    let text = |ram: u32| format!("edgeplan 1\nplatform ios\nfeature ocr \"x\"\nram >= {ram} GB\n");
    let chinese = text(8).replace("\"x\"", "\"识别\"");
    for text in [text(8), text(12), chinese] {
        let (said, _) = check_alike(&text, "a.edgeplan", &options, &unlocked, &alike);
        assert_eq!(said, check(&text, "a.edgeplan", &options).diagnostics);
    }
    assert_eq!(alike.len(), 3);
}

#[test]
fn another_lock_is_another_question() {
    let (options, alike) = (options(), Alike::default());
    let text = "edgeplan 1\nplatform flutter\nfeature chat \"x\"\nram >= 8 GB\n";
    let ids = StackIds {
        file: "gone".to_owned(),
        runtime: "gone".to_owned(),
        backend: "gone".to_owned(),
    };
    let mut locked = Locked::default();
    let slot = ("ios-8gb".to_owned(), "chat.llm".to_owned());
    let _ = check_alike(text, "a.edgeplan", &options, &locked, &alike);
    locked.stacks.insert(slot, ids);
    let _ = check_alike(text, "a.edgeplan", &options, &locked, &alike);
    assert_eq!(alike.len(), 2);
}
