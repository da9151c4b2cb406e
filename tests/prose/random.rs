//! Random specs: a platform or two, a feature of any task, a size of phones, preferences. The same number gives the same spec.

use edgeplan::plan::types::Plan;

use crate::lcg::Lcg;
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

fn pick<'a>(lcg: &mut Lcg, from: &[&'a str]) -> &'a str {
    from[lcg.below(from.len() as u64) as usize]
}

/// The text of a random spec.
pub(crate) fn spec(number: u64) -> String {
    let mut lcg = Lcg(number.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1));
    lcg.below(2);
    let low = [4, 6, 8, 12][lcg.below(4) as usize];
    let mut text = format!(
        "edgeplan 1\nlocale en, zh-CN\nplatform {}\nram {low} GB .. {} GB\n",
        pick(&mut lcg, &PLATFORMS),
        low + 4 * lcg.below(3)
    );
    if lcg.below(2) == 0 {
        text.push_str("offline\n");
    }
    text.push_str(&format!(
        "feature first \"one\" {{\n  task {}\n  languages {}\n  input <= {} tokens\n  output <= {} tokens\n  prefer {}\n}}\n",
        pick(&mut lcg, &TASKS),
        pick(&mut lcg, &["en", "zh, en", "en, ja"]),
        250 * (1 + lcg.below(8)),
        50 * (1 + lcg.below(8)),
        pick(&mut lcg, &PREFERENCES)
    ));
    if lcg.below(3) == 0 {
        text.push_str(&format!(
            "budget {{\n  memory <= {} % of ram\n}}\n",
            30 + 5 * lcg.below(5)
        ));
    }
    text
}

/// The plans of random specs from `first` on, with the numbers of their specs; specs without a way out are left out.
pub(crate) fn plans(first: u64) -> impl Iterator<Item = (u64, Plan)> {
    (first..).filter_map(|number| Some((number, compile(&spec(number), "random.edgeplan").plan?)))
}
