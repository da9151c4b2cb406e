//! Prompts in passes, matrix units, types: what each does to the time of a prompt, and what it leaves alone.

use crate::catalog::types::{Metric, QuantFamily};
use crate::estimate::estimate;
use crate::estimate::testing::{World, constant, measured, near};
use crate::quantity::Tokens;

/// Seconds to the first token of so many tokens, and of one generated token.
fn times(world: &mut World, prompt: u64) -> (f64, f64) {
    world.load.prompt = Tokens::new(prompt);
    let figures = estimate(&world.catalog, &world.stack, &world.phone, &world.load);
    let first = figures.ttft.value().map_or(0.0, |it| it.likely.get());
    let token = figures
        .decode
        .value()
        .map_or(0.0, |it| 1.0 / it.likely.get());
    (first, token)
}

#[test]
fn a_prompt_is_never_faster_than_reading_the_weights_once() {
    let (first, token) = times(&mut measured(&[]), 1);
    assert!(near(first, token), "{first} {token}");
}

#[test]
fn a_short_prompt_is_filled_up_to_a_pass_and_a_longer_one_takes_more() {
    let mut world = measured(&[constant(Metric::PrefillBatch, 128.0, None)]);
    let (full, _) = times(&mut world, 128);
    for (prompt, passes) in [(20, 1.0), (128, 1.0), (129, 2.0), (512, 4.0)] {
        let (first, _) = times(&mut world, prompt);
        assert!(near(first, passes * full), "{prompt}: {first} of {full}");
    }
}

#[test]
fn an_engine_that_takes_one_token_a_pass_prefills_as_fast_as_it_decodes() {
    let mut world = measured(&[constant(Metric::PrefillBatch, 1.0, None)]);
    let (first, token) = times(&mut world, 40);
    assert!(near(first, 40.0 * token), "{first} {token}");
}

#[test]
fn matrix_units_speed_up_the_prompts_of_chips_that_have_them() {
    let more = [constant(Metric::MatrixSpeedup, 2.5, None)];
    let (plain, before) = times(&mut measured(&more), 1024);
    let mut world = measured(&more);
    world.catalog.socs[0].matrix_units = true;
    let (with, after) = times(&mut world, 1024);
    assert!(near(plain, 2.5 * with) && near(before, after));
}

#[test]
fn a_slow_type_slows_down_its_own_prompts_alone() {
    let of = |family| {
        let more = [constant(Metric::TypeThroughput, 0.25, Some(family))];
        times(&mut measured(&more), 1024)
    };
    let (slow, token) = of(QuantFamily::KQuant);
    let (plain, same) = of(QuantFamily::Float);
    assert!(near(slow, 4.0 * plain) && near(token, same));
}
