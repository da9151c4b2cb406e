//! How long the solver takes on the built-in catalog and rules. Run with `cargo bench --bench solve`.

use divan::Bencher;
use edgeplan::catalog::builtin;
use edgeplan::diagnostic::Sources;
use edgeplan::spec::model::Spec;
use edgeplan::{rules, solve, spec, syntax};

fn main() {
    // Decoded before anything is timed.
    let _ = (builtin(), rules::builtin());
    divan::main();
}

const CHAT: &str = "edgeplan 1\nplatform android\nfeature chat \"x\"\nram >= 8 GB\n";
const DIARY: &str = include_str!("../specs/diary.edgeplan");
const PINNED: &str = include_str!("../specs/infeasible/seventy-billion.edgeplan");

fn read(text: &'static str) -> Option<Spec> {
    let file = Sources::new().add("bench.edgeplan", text);
    let parsed = syntax::parse(text, file);
    spec::resolve::resolve(
        &parsed.tree,
        &builtin().vocabulary(),
        &spec::resolve::Overrides::default(),
    )
    .spec
}

fn run(bencher: Bencher<'_, '_>, text: &'static str) {
    let spec = read(text);
    bencher.bench_local(|| {
        spec.as_ref()
            .map(|spec| solve::solve(builtin(), rules::builtin(), spec))
    });
}

#[divan::bench(sample_count = 10)]
fn three_lines(bencher: Bencher<'_, '_>) {
    run(bencher, CHAT);
}

#[divan::bench(sample_count = 10)]
fn diary(bencher: Bencher<'_, '_>) {
    run(bencher, DIARY);
}

#[divan::bench(sample_count = 5)]
fn infeasible(bencher: Bencher<'_, '_>) {
    run(bencher, PINNED);
}
