//! What comes next, guessed by looking up: prose made of facts repeats their words, so what followed the last words before is
//! likely to follow them again. A guess costs nothing when it is wrong, and the model still decides each word.

/// Words that must have been said before, at best and at least.
const SAME: [usize; 2] = [3, 2];

/// The run that followed the last occurrence of the end of `said`, at most `most` long; empty when there is none.
pub(super) fn draft<T: PartialEq>(said: &[T], most: usize) -> &[T] {
    for same in SAME {
        let Some(at) = said.len().checked_sub(same).filter(|at| *at > 0) else {
            continue;
        };
        let (before, end) = said.split_at(at);
        // The occurrence may reach into the end itself, but not be it.
        let found = (0..before.len())
            .rev()
            .find(|start| said[*start..*start + same] == *end);
        if let Some(start) = found {
            let from = start + same;
            return &said[from..said.len().min(from + most)];
        }
    }
    &[]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_followed_before_is_guessed_again() {
        assert_eq!(draft(b"the peak is 3; the", 4), b" pea");
        assert_eq!(draft(b"abcdef abc", 3), b"def");
        assert_eq!(draft(b"abcX abcY abc", 2), b"Y ");
        assert_eq!(draft(b"aaaa", 8), b"a");
        assert_eq!(draft(b"ab", 8), b"");
    }
}
