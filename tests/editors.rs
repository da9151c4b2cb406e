//! The grammars for editors against the compiler: what they call a spec, and which words they know.

use edgeplan::diagnostic::{FileId, Severity};
use edgeplan::quantity::UNITS;
use edgeplan::syntax::{self, keywords};
use proptest::prelude::*;
use tree_sitter::{Parser, Query, QueryCursor, StreamingIterator as _};
use tree_sitter_edgeplan::{HIGHLIGHTS, LANGUAGE, OUTLINE};

use crate::support::{files, read, relative, root};

/// Statements and line breaks that the specs of the repository happen not to have.
const FORMS: &[&str] = &[
    "param x: text = \"a\"\nset\n",
    "feature a # c\n\n{ task chat }\n",
    "budget { memory <= 3 GB }\n",
    "budget {\n memory\n <= 3 GB }\n",
    "ram 8 GB ..\n\n 16 GB\n",
    "ram 8 GB ..\n ui flutter\n",
    "require a and\n b = 1 GB - 2 GB\n",
    "require a <\nmemory\n",
    "require a +\nmemory > 2\n",
    "require (a\n)\n",
    "require [a,\nb] has \"x\"\n",
    "require not not x = 3 %/h and true\n",
    "require \"a\" = x and x is unknown is known\n",
    "test \"x\" {\n expect infeasible on ram 8 GB\n expect a.b is known on device \"q\"\n}\n",
    "fleet {\n ram 8 GB share 5 %\n device \"x\" share 5 % }\n",
    "platform ios 17, android >= $x\n",
    "pin a.b.model =\n \"x\" because $r\n",
    "prefer a > b >\n c\n",
    "feature f { context 4096 tokens of ram\n exclusive\n cold_start <= 3 s\n}\n",
    "feature f {\n languages zh ->\n en\n}\n",
    "regions CN,\n EU\n",
    "allow and\n",
    "forbid license \"x\" |\n \"y\"\n",
    "use on \"x\"\n",
    "forbid and \"x\"\n",
    "users 3_000_000\nconfidence 90%\nram >= 8GB\n",
    "ram = 8 GB\n",
    "ram 8 GB # a\0b\n",
    "name \"a\0b\"\n",
    "require model.x has \"a\"\n",
];

/// Pieces that mutations put in.
const PIECES: &[&str] = &[
    "\n",
    " ",
    "# x\n",
    "\r\n",
    "\t",
    ",",
    "|",
    "{",
    "}",
    "-",
    ".",
    "..",
    "(",
    ")",
    "[",
    "]",
    "$a",
    "\"",
    "%",
    "%/h",
    " and ",
    " or ",
    "not ",
    "_",
    "/s",
    "->",
    "<=",
    "=",
    "=>",
    ">",
    ":",
    "8",
    "GB",
    "tok/s",
    "memory",
    "feature",
    "because",
    "\"x\"",
    "，",
    "on",
    "ram",
    "share",
    "in",
    "has",
    "true",
    "feasible",
    "edgeplan 1\n",
    "'",
    ";",
    "\\\"",
    "cold-start",
    "a.b-c",
];

/// The specs of the repository and of its pages, and the forms above.
fn corpus() -> Vec<String> {
    let mut texts: Vec<String> = files("specs", ".edgeplan")
        .iter()
        .map(|path| read(path))
        .collect();
    for page in files("docs", ".md") {
        let page = read(&page);
        let blocks = page.split("```edgeplan").skip(1);
        texts.extend(blocks.filter_map(|block| {
            let (_, block) = block.split_once('\n')?;
            Some(block.split("```").next()?.to_owned())
        }));
    }
    texts.extend(FORMS.iter().map(|form| format!("edgeplan 1\n{form}")));
    texts
}

/// Whether the compiler's grammar takes a text without a finding; `None` where only one of its limits is in the way, which
/// editors do not have.
fn compiler_accepts(text: &str) -> Option<bool> {
    const LIMITS: [u16; 3] = [107, 108, 117];
    const DEEPEST: usize = 60;
    let findings = syntax::parse(text, FileId(0)).diagnostics;
    let limited = findings
        .iter()
        .any(|finding| LIMITS.contains(&finding.code.0));
    let deep = text.matches('(').count() > DEEPEST;
    (!limited && !deep).then(|| {
        findings
            .iter()
            .all(|finding| finding.severity != Severity::Error)
    })
}

fn tree_sitter_accepts(text: &str) -> bool {
    let mut parser = Parser::new();
    parser.set_language(&LANGUAGE.into()).unwrap();
    !parser.parse(text, None).unwrap().root_node().has_error()
}

#[test]
fn both_grammars_accept_the_same_specs_of_the_repository() {
    let corpus = corpus();
    let mut accepted = 0;
    for text in &corpus {
        if let Some(compiler) = compiler_accepts(text) {
            assert_eq!(tree_sitter_accepts(text), compiler, "{text}");
            accepted += usize::from(compiler);
        }
    }
    assert!(
        accepted > 100 && accepted < corpus.len(),
        "{accepted} of {}",
        corpus.len()
    );
}

/// Cuts a text into words, blanks and signs.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for c in text.chars() {
        let wordy = |c: char| c.is_alphanumeric() || c == '_';
        match pieces.last_mut() {
            Some(last) if wordy(c) && last.ends_with(wordy) => last.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn both_grammars_accept_the_same_mutations(
        base in proptest::sample::select(corpus()),
        changes in proptest::collection::vec((0_u8..4, any::<proptest::sample::Index>(), proptest::sample::select(PIECES)), 1..4),
    ) {
        let mut text = pieces(&base);
        for (kind, at, piece) in changes {
            let at = at.index(text.len() + 1);
            match kind {
                0 if at < text.len() => {
                    text.remove(at);
                }
                1 if at < text.len() => text[at] = piece.to_owned(),
                2 if at < text.len() => text.insert(at, text[at].clone()),
                _ => text.insert(at, piece.to_owned()),
            }
        }
        let text = text.concat();
        if let Some(compiler) = compiler_accepts(&text) {
            prop_assert_eq!(tree_sitter_accepts(&text), compiler, "{}", text);
        }
    }
}

#[test]
fn every_keyword_and_unit_has_a_colour() {
    Query::new(&LANGUAGE.into(), HIGHLIGHTS).unwrap();
    let path = root().join("editors/vscode/syntaxes/edgeplan.tmLanguage.json");
    let text_mate = read(&path);
    let words: Vec<&str> = text_mate
        .split(|c: char| "()|[]\"\\?!".contains(c))
        .collect();
    for keyword in keywords() {
        // `regions?` stands for both spellings.
        let known = |word: &&str| *word == keyword || word.strip_suffix('s') == Some(keyword);
        assert!(
            words.iter().any(known),
            "{}: no `{keyword}`",
            relative(&path)
        );
        assert!(
            HIGHLIGHTS.contains(&format!("\"{keyword}\"")),
            "highlights.scm: no `{keyword}`"
        );
    }
    for unit in UNITS {
        assert!(
            words.contains(&unit.symbol),
            "{}: no `{}`",
            relative(&path),
            unit.symbol
        );
    }
}

#[test]
fn the_scanner_knows_the_words_that_begin_statements() {
    let scanner = read(&root().join("editors/tree-sitter-edgeplan/src/scanner.c"));
    for keyword in keywords() {
        assert!(
            scanner.contains(&format!("\"{keyword}\"")),
            "scanner.c: no `{keyword}`"
        );
    }
}

/// What the outline lists: what stands before each name, and the name.
fn outline(text: &str) -> Vec<String> {
    let language = LANGUAGE.into();
    let query = Query::new(&language, OUTLINE).unwrap();
    let mut parser = Parser::new();
    parser.set_language(&language).unwrap();
    let tree = parser.parse(text, None).unwrap();
    let mut cursor = QueryCursor::new();
    let mut matches = cursor.matches(&query, tree.root_node(), text.as_bytes());
    let mut items = Vec::new();
    while let Some(found) = matches.next() {
        let said = |name: &str| {
            let index = query.capture_index_for_name(name).unwrap();
            let node = found.nodes_for_capture_index(index).next();
            node.map(|node| node.utf8_text(text.as_bytes()).unwrap().to_owned())
        };
        assert!(said("item").is_some(), "Zed lists items");
        let parts = [said("context"), said("name")];
        items.push(parts.into_iter().flatten().collect::<Vec<_>>().join(" "));
    }
    items
}

#[test]
fn the_outline_lists_params_features_blocks_and_tests() {
    let text = read(&root().join("specs/diary.edgeplan"));
    assert_eq!(
        outline(&text),
        [
            "param min_ram",
            "feature diary",
            "budget",
            "test \"six gigabytes still work\""
        ]
    );
    // Of every spec as many as the compiler finds statements of these kinds.
    for text in corpus() {
        if compiler_accepts(&text) != Some(true) {
            continue;
        }
        let statements = syntax::parse(&text, FileId(0)).tree.statements;
        let listed = ["param", "feature", "budget", "fleet", "test"];
        let expected: Vec<&str> = statements
            .iter()
            .map(|statement| statement.keyword.text.as_str())
            .filter(|keyword| listed.contains(keyword))
            .collect();
        let items = outline(&text);
        let found: Vec<&str> = items
            .iter()
            .map(|item| item.split(' ').next().unwrap())
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}

/// The queries an editor needs, and what each of them may capture there.
#[test]
fn the_extension_of_zed_holds_the_queries_of_the_grammar() {
    let (grammar, zed) = (
        root().join("editors/tree-sitter-edgeplan"),
        root().join("editors/zed"),
    );
    let language = LANGUAGE.into();
    for name in ["highlights", "outline"] {
        let own = read(&zed.join(format!("languages/edgeplan/{name}.scm")));
        let file = format!("queries/{name}.scm");
        assert_eq!(own, read(&grammar.join(&file)), "{name}: copy {file} anew");
    }
    for (name, captures) in [
        ("brackets", ["open", "close"]),
        ("indents", ["end", "indent"]),
    ] {
        let own = read(&zed.join(format!("languages/edgeplan/{name}.scm")));
        let query = Query::new(&language, &own).unwrap();
        assert_eq!(query.capture_names(), captures, "{name}");
    }
    for name in ["folds", "indents"] {
        let own = read(&grammar.join(format!("queries/{name}.scm")));
        Query::new(&language, &own).unwrap();
    }
    let manifest: toml::Table = read(&zed.join("extension.toml")).parse().unwrap();
    let config: toml::Table = read(&zed.join("languages/edgeplan/config.toml"))
        .parse()
        .unwrap();
    let own = &manifest["grammars"]["edgeplan"];
    assert_eq!(own["path"].as_str(), Some("editors/tree-sitter-edgeplan"));
    assert_eq!(
        own["repository"].as_str(),
        Some(env!("CARGO_PKG_REPOSITORY"))
    );
    assert_eq!(config["grammar"].as_str(), Some("edgeplan"));
    let servers = &manifest["language_servers"]["edgeplan"]["languages"];
    assert_eq!(servers[0].as_str(), config["name"].as_str());
}
