//! Types of KV caches are called like quantizations: which of both a name is hangs on the words around it.

use super::token::Token;
use crate::prose::facts::{Attribute, Kind};

/// How many tokens may stand between the words for the cache and the name of its type.
const NEAR: usize = 4;

/// Reads the names of cache types beside the words for a cache, and those words with them; elsewhere they are none.
pub(super) fn named(mut tokens: Vec<Token>) -> Vec<Token> {
    for at in 0..tokens.len() {
        let Token::Name(named) = &tokens[at] else {
            continue;
        };
        let (cache, other): (Vec<_>, Vec<_>) = named
            .iter()
            .cloned()
            .partition(|one| one.kind == Kind::Cache);
        if cache.is_empty() {
            continue;
        }
        let Some(words) = words(&tokens, at) else {
            tokens[at] = match other.is_empty() {
                true => Token::Stranger(cache[0].name.clone()),
                false => Token::Name(other),
            };
            continue;
        };
        tokens[at] = Token::Name(cache);
        tokens[words] = Token::Fill;
        // `Stores the KV cache as q8_0` speaks of no storage.
        for token in &mut tokens[words.saturating_sub(2)..words] {
            if matches!(token, Token::Attribute(of, _) if of.contains(&Attribute::Storage)) {
                *token = Token::Fill;
            }
        }
    }
    tokens
}

/// Where the words for a cache stand near a place, with neither a number nor another name between.
fn words(tokens: &[Token], at: usize) -> Option<usize> {
    let is_cache = |token: &Token| matches!(token, Token::Attribute(of, _) if of.contains(&Attribute::KvCache));
    let stops = |token: &&Token| {
        !matches!(
            token,
            Token::Number(_) | Token::Span(..) | Token::Name(_) | Token::Break(_)
        )
    };
    let before = tokens[..at].iter().rev().take(NEAR).take_while(stops);
    let after = tokens[at + 1..].iter().take(NEAR).take_while(stops);
    let before = before.enumerate().find(|(_, token)| is_cache(token));
    let after = after.enumerate().find(|(_, token)| is_cache(token));
    before
        .map(|(far, _)| at - 1 - far)
        .or(after.map(|(far, _)| at + 1 + far))
}
