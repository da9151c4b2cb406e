//! Sets of small numbers as bits: for asking thousands of sets what they have in common. Knows nothing of what they number.

use std::collections::BTreeSet;

/// A set of numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

/// Numbers a word holds.
const WORD: usize = u64::BITS as usize;

impl Bits {
    /// Whether a number is in it.
    pub(super) fn contains(&self, at: usize) -> bool {
        let word = self.0.get(at / WORD);
        word.is_some_and(|word| word >> (at % WORD) & 1 == 1)
    }

    /// Whether it shares a number with another one.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let mut words = self.0.iter().zip(&other.0);
        words.any(|(one, other)| one & other != 0)
    }

    /// Whether all its numbers are in another one.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        let words = self.0.iter().enumerate();
        words
            .map(|(at, word)| word & !other.0.get(at).copied().unwrap_or(0))
            .all(|beyond| beyond == 0)
    }

    /// Its numbers, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        (0..self.0.len() * WORD).filter(|&at| self.contains(at))
    }
}

impl FromIterator<usize> for Bits {
    fn from_iter<T: IntoIterator<Item = usize>>(numbers: T) -> Self {
        let mut words = Vec::new();
        for at in numbers {
            if words.len() <= at / WORD {
                words.resize(at / WORD + 1, 0);
            }
            words[at / WORD] |= 1 << (at % WORD);
        }
        Self(words)
    }
}

impl From<&BTreeSet<usize>> for Bits {
    fn from(numbers: &BTreeSet<usize>) -> Self {
        numbers.iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::Bits;

    fn numbers() -> impl Strategy<Value = BTreeSet<usize>> {
        proptest::collection::btree_set(0usize..200, 0..20)
    }

    proptest! {
        #[test]
        fn bits_answer_as_sets_do(one in numbers(), other in numbers()) {
            let (bits, others) = (Bits::from(&one), Bits::from(&other));
            prop_assert!(bits.iter().collect::<BTreeSet<_>>() == one);
            prop_assert_eq!(bits.meets(&others), !one.is_disjoint(&other));
            prop_assert_eq!(bits.is_within(&others), one.is_subset(&other));
            for at in 0..210 {
                prop_assert_eq!(bits.contains(at), one.contains(&at));
            }
        }
    }
}
