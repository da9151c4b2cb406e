//! The parser generated from `grammar/edgeplan.pest`. Nothing but the grammar lives here.
#![allow(missing_docs, unreachable_pub)]

use pest_derive::Parser;

/// The generated parser.
#[derive(Parser)]
#[grammar = "../grammar/edgeplan.pest"]
pub(crate) struct Grammar;

/// A node of the generated parser.
pub(crate) type Pair<'t> = pest::iterators::Pair<'t, Rule>;
