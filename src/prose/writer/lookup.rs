//! What comes next, guessed by looking up: an answer mostly repeats the text it is likely to be, so what followed the last
//! words there is likely to follow them again. The model still decides each word; a wrong guess only wastes its place.

/// Words that must have been said before, at best and at least.
const SAME: [usize; 2] = [3, 2];

/// An answer as it grows, behind the text it is likely to repeat.
#[derive(Debug)]
pub(super) struct Draft<T> {
    /// The likely text, then the answer.
    said: Vec<T>,
    /// Length of the likely text.
    likely: usize,
    /// The place that is being repeated; `None` where the answer says something new.
    at: Option<usize>,
    /// The place in the likely text that was repeated last.
    last: usize,
}

impl<T: PartialEq> Draft<T> {
    /// An answer of which nothing is said yet.
    pub(super) fn new(likely: Vec<T>) -> Self {
        Self {
            likely: likely.len(),
            said: likely,
            at: Some(0),
            last: 0,
        }
    }

    /// What has been said.
    pub(super) fn answer(&self) -> &[T] {
        self.said.get(self.likely..).unwrap_or_default()
    }

    /// Says one word more.
    pub(super) fn push(&mut self, word: T) {
        let goes_on = self.at.filter(|at| self.said.get(*at) == Some(&word));
        self.said.push(word);
        self.at = goes_on.map(|at| at + 1).or_else(|| self.found());
        if let Some(at) = self.at.filter(|at| *at <= self.likely) {
            self.last = at;
        }
    }

    /// At most `most` words that may come next.
    pub(super) fn next(&self, most: usize) -> &[T] {
        // The answer does not follow the likely text.
        let whole = |at: usize| {
            if at < self.likely {
                self.likely
            } else {
                self.said.len()
            }
        };
        let ahead = self.at.and_then(|at| self.said.get(at..whole(at)));
        ahead.map_or(&[], |ahead| &ahead[..ahead.len().min(most)])
    }

    /// Where the last words were said before: next in the likely text, else latest of all.
    fn found(&self) -> Option<usize> {
        SAME.into_iter()
            .filter(|same| self.answer().len() >= *same)
            .find_map(|same| {
                let (before, end) = self.said.split_at(self.said.len() - same);
                let follows = |start: &usize| self.said.get(*start..*start + same) == Some(end);
                let next = (self.last..self.likely.saturating_sub(same)).find(follows);
                next.or_else(|| (0..before.len()).rev().find(follows))
                    .map(|start| start + same)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(likely: &str, answer: &str) -> String {
        let mut draft = Draft::new(likely.chars().collect());
        answer.chars().for_each(|c| draft.push(c));
        assert_eq!(draft.answer().iter().collect::<String>(), answer);
        draft.next(4).iter().collect()
    }

    #[test]
    fn the_likely_text_is_guessed_from_the_start() {
        assert_eq!(after("the peak is 3", ""), "the ");
        assert_eq!(after("the peak is 3", "the p"), "eak ");
    }

    #[test]
    fn what_followed_before_is_guessed_again() {
        assert_eq!(after("a is 1; b is 2", "so b is"), " 2");
        assert_eq!(after("xy", "abcX abc"), "X ab");
        assert_eq!(after("xy", "ab"), "");
    }

    #[test]
    fn what_comes_next_is_preferred_to_what_was_repeated() {
        assert_eq!(after("on A 1. on B 2.", "on A 1, on "), "B 2.");
    }
}
