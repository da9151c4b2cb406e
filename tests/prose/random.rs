//! Random specs: a platform or two, a feature of any task, a size of phones, preferences. The same number gives the same spec.

use edgeplan::plan::types::Plan;

use crate::support::compile;

const PLATFORMS: [&str; 5] = [
    "ios, android",
    "ios >= 17",
    "android >= 13",
    "flutter",
    "react-native",
];
const TASKS: [&str; 12] = [
    "chat",
    "summarize",
    "analyze",
    "extract",
    "classify",
    "rewrite",
    "translate",
    "transcribe",
    "rag",
    "search",
    "tool-use",
    "vision-qa",
];
const PREFERENCES: [&str; 5] = [
    "quality > memory",
    "memory > quality > download",
    "ttft > quality",
    "energy > quality > download",
    "download > quality",
];

/// Numbers by a linear congruence; good enough to pick, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// The text of a random spec.
pub(crate) fn spec(number: u64) -> String {
    let mut dice = Dice(number.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1));
    dice.below(2);
    let low = [4, 6, 8, 12][dice.below(4)];
    let mut text = format!(
        "edgeplan 1\nlocale en, zh-CN\nplatform {}\nram {low} GB .. {} GB\n",
        dice.pick(&PLATFORMS),
        low + 4 * dice.below(3)
    );
    if dice.below(2) == 0 {
        text.push_str("offline\n");
    }
    text.push_str(&format!(
        "feature first \"one\" {{\n  task {}\n  languages {}\n  input <= {} tokens\n  output <= {} tokens\n  prefer {}\n}}\n",
        dice.pick(&TASKS),
        dice.pick(&["en", "zh, en", "en, ja"]),
        250 * (1 + dice.below(8)),
        50 * (1 + dice.below(8)),
        dice.pick(&PREFERENCES)
    ));
    if dice.below(3) == 0 {
        text.push_str(&format!(
            "budget {{\n  memory <= {} % of ram\n}}\n",
            30 + 5 * dice.below(5)
        ));
    }
    text
}

/// The plans of random specs from `first` on, with the numbers of their specs; specs without a way out are left out.
pub(crate) fn plans(first: u64) -> impl Iterator<Item = (u64, Plan)> {
    (first..).filter_map(|number| Some((number, compile(&spec(number), "random.edgeplan").plan?)))
}
