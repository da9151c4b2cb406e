//! How long whole compilations take, text to plan, and a check of a thousand specs. Run: `cargo bench --bench compile`.

use divan::Bencher;
use edgeplan::catalog::builtin;
use edgeplan::pipeline::{Alike, Options, check, check_alike, compile};
use edgeplan::rules;
use edgeplan::solve::Locked;

fn main() {
    // Decoded before anything is timed.
    let _ = (builtin(), rules::builtin());
    divan::main();
}

const THREE_LINES: &str =
    "edgeplan 1\nplatform flutter\nfeature chat \"离线智能对话\"\nram >= 8 GB\n";
const DIARY: &str = include_str!("../specs/diary.edgeplan");
const INTERPRETER: &str = include_str!("../specs/interpreter.edgeplan");
/// Twelve classes of phones, three features: text, speech and search.
const FLEET: &str = "edgeplan 1
platform ios >= 17, android >= 13
ram 4 GB .. 16 GB
device \"iPhone 15 Pro\", \"iPhone 16\", \"Pixel 9\"
feature notes \"a\" { task summarize }
feature dictate \"b\" { task transcribe }
feature find \"c\" { task search }
";

fn options() -> Options<'static> {
    Options::new(builtin(), rules::builtin())
}

fn build(bencher: Bencher<'_, '_>, text: &str) {
    let options = options();
    bencher.bench_local(|| compile(text, "bench.edgeplan", &options));
}

#[divan::bench(sample_count = 20)]
fn three_lines(bencher: Bencher<'_, '_>) {
    build(bencher, THREE_LINES);
}

#[divan::bench(sample_count = 20)]
fn diary(bencher: Bencher<'_, '_>) {
    build(bencher, DIARY);
}

#[divan::bench(sample_count = 20)]
fn interpreter(bencher: Bencher<'_, '_>) {
    build(bencher, INTERPRETER);
}

#[divan::bench(sample_count = 20)]
fn twelve_classes_three_features(bencher: Bencher<'_, '_>) {
    build(bencher, FLEET);
}

/// Hundreds of lines none of which can be met: how long it takes to say why.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn hundreds_of_lines_in_vain(bencher: Bencher<'_, '_>) {
    let lines = (1..=490).map(|mb| format!("require peak_memory < {mb} MB\n"));
    let text = THREE_LINES.to_owned() + &lines.collect::<String>();
    let options = options();
    bencher.bench_local(|| check(&text, "bench.edgeplan", &options).diagnostics.len());
}

/// A thousand specs of three lines, 72 questions under ever other titles, one after the other; the command spreads them over
/// its threads.
#[divan::bench(sample_count = 2, sample_size = 1)]
fn check_a_thousand(bencher: Bencher<'_, '_>) {
    const PLATFORMS: [&str; 4] = ["ios", "android", "flutter", "harmonyos"];
    const TASKS: [&str; 6] = [
        "chat",
        "summarize",
        "translate",
        "transcribe",
        "search",
        "rewrite",
    ];
    let specs: Vec<String> = (0..1000)
        .map(|at| {
            let (platform, task) = (PLATFORMS[at % 4], TASKS[at / 4 % 6]);
            let ram = 4 + at / 24 % 3 * 4;
            format!(
                "edgeplan 1\nplatform {platform}\nfeature {task} \"Feature {at}\"\nram >= {ram} GB\n"
            )
        })
        .collect();
    let options = options();
    bencher.bench_local(|| {
        let alike = Alike::default();
        let locked = Locked::default();
        let check = |text: &String| check_alike(text, "bench.edgeplan", &options, &locked, &alike);
        specs.iter().map(|text| check(text).0.len()).sum::<usize>()
    });
}
