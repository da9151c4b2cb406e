//! The tree-sitter grammar of edgeplan specs, for tools in Rust; the tests compare it with the compiler's own.

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_edgeplan() -> *const ();
}

/// The grammar.
// SAFETY: the symbol is that of the parser which the build script compiles from `src/parser.c`.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_edgeplan) };

/// Which node is shown in which colour.
pub const HIGHLIGHTS: &str = include_str!("../../queries/highlights.scm");

/// What an outline lists.
pub const OUTLINE: &str = include_str!("../../queries/outline.scm");
