//! A reader for sentences that others write freely about a whole plan. It stands beside the stricter ways of the verifier:
//! what those refuse may still be accepted here, when every word is known, every number is a figure of all that is spoken
//! of, and every name, end, bound and comparison is the plan's.
//!
//! Words are in `templates/prose/open.LOCALE.yaml`. A word in no list refuses the sentence.

mod bind;
mod build;
mod caches;
mod claims;
mod clause;
mod compare;
mod coordinates;
mod facts;
mod figures;
mod grounds;
mod halves;
mod mixed;
mod own;
mod phrases;
mod places;
mod refusals;
mod relative;
mod rivals;
mod said;
mod sayings;
mod scan;
mod states;
mod token;
mod told;
mod told_words;
mod words;

pub use build::open;
pub use facts::Open;
pub(crate) use sayings::Saying;

use said::Why;
use token::Token;

/// Whether a sentence follows from the plan, read by itself. Where a place was `spoken` of before, it must name its own.
pub(crate) fn follows(open: &Open, sentence: &str, spoken: bool) -> bool {
    judge(open, sentence, spoken).is_ok()
}

/// The same with the reason why not, for whoever mends the rules.
pub(crate) fn judge(open: &Open, sentence: &str, spoken: bool) -> Result<(), Why> {
    let Err(why) = figures(open, sentence, spoken) else {
        return Ok(());
    };
    match told::judge(open, sentence) {
        Ok(()) if spoken => Err(why),
        told => told
            .or_else(|other| {
                let packages = coordinates::judge(open, sentence);
                packages.map_err(|one| format!("{other}; {one}"))
            })
            .map_err(|other| format!("{why}; {other}")),
    }
}

/// Sentences of figures, names and models that were not chosen.
fn figures(open: &Open, sentence: &str, spoken: bool) -> Result<(), Why> {
    let tokens = scan::scan(open, words::words(), sentence);
    if let Some(Token::Stranger(word)) = tokens
        .iter()
        .find(|token| matches!(token, Token::Stranger(_)))
    {
        return Err(format!("word {word}"));
    }
    let tokens = places::placed(open, &tokens).ok_or("count of classes")?;
    if spoken && !tokens.iter().any(|token| matches!(token, Token::Place(_))) {
        return Err("no place".to_owned());
    }
    claims::judge(open, &tokens).or_else(|why| {
        let compared = compare::judge(open, &tokens);
        let compared = compared
            .or_else(|one| mixed::judge(open, &tokens).map_err(|other| format!("{one}; {other}")));
        compared.or_else(|one| {
            let rival = rivals::judge(open, &tokens);
            let rival = rival.or_else(|other| {
                refusals::judge(open, &tokens).map_err(|one| format!("{other}; {one}"))
            });
            rival.map_err(|other| format!("{why}; {one}; {other}"))
        })
    })
}
