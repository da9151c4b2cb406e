//! Plans say how long a feature takes as a whole: what its roles take together, where all of that is known.

use crate::support::{compile, files, read, relative};

#[test]
fn a_feature_takes_what_its_roles_take_together() {
    let (mut pipelines, mut open) = (0, 0);
    for path in files("specs", ".edgeplan") {
        let Some(plan) = compile(&read(&path), &relative(&path)).plan else {
            continue;
        };
        let classes = plan.tiers.iter().flat_map(|tier| &tier.classes);
        for (class, asked) in classes.flat_map(|class| {
            let features = plan.asked.features.iter();
            features.map(move |asked| (class, asked))
        }) {
            let figures = class.figures.iter();
            let roles = figures.filter(|figures| figures.feature == asked.id);
            let times: Vec<_> = roles.map(|figures| figures.latency.value()).collect();
            let mut told = class.latencies.iter();
            let told = told.find(|latency| latency.feature == asked.id);
            let at = format!("{} {} {}", path.display(), class.id, asked.id);
            let Some(told) = told else {
                open += 1;
                assert!(times.contains(&None), "{at}");
                continue;
            };
            pipelines += usize::from(times.len() > 1);
            let known = times.into_iter().map(|time| time.expect(&at));
            let ends = known.map(|time| [time.low, time.likely, time.high]);
            let sum = ends.fold([0.0; 3], |sum, ends| {
                [sum[0] + ends[0], sum[1] + ends[1], sum[2] + ends[2]]
            });
            let whole = [told.latency.low, told.latency.likely, told.latency.high];
            for (sum, whole) in sum.iter().zip(whole) {
                assert!((sum / whole - 1.0).abs() < 1e-9, "{at}");
            }
        }
    }
    assert!(pipelines > 10 && open > 0, "{pipelines} {open}");
}

#[test]
fn what_is_heard_is_timed_as_a_whole() {
    let spoken = "edgeplan 1\nplatform ios >= 17\nram 8 GB\nfeature talk \"x\" { task translate-speech\n languages zh -> en }\n";
    let written = "edgeplan 1\nplatform ios >= 17\nram 8 GB\nfeature chat \"x\"\n";
    let answer = |text: &str| {
        let plan = compile(text, "spec.edgeplan").plan.expect("a plan");
        plan.answer[1].en.clone()
    };
    let (spoken, written) = (answer(spoken), answer(written));
    assert!(spoken.contains("end of the answer") && !spoken.contains("first token"));
    assert!(written.contains("first token") && !written.contains("end of the answer"));
}
