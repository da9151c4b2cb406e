//! Speech: what a sentence takes by parameters and by work, with and without a decoder, and what is counted where nobody
//! published the parameters.

use crate::catalog::types::{Metric, Model, QuantFamily, Role};
use crate::estimate::estimate;
use crate::estimate::testing::{World, constant, measured, near, sourced};
use crate::estimate::types::Figure;
use crate::quantity::{Bytes, Interval, Params, Seconds};

/// A measured chip and a speech model of floats in a file of 400 MB.
fn speech(role: Role, shape: impl FnOnce(&mut Model)) -> World {
    let mut pooled = constant(Metric::TtsWork, 500.0, None);
    (pooled.low, pooled.high) = (250.0, 2000.0);
    let mut world = measured(&[pooled, constant(Metric::AsrWork, 50.0, None)]);
    let model = &mut world.catalog.models[0];
    model.roles = vec![role];
    model.arch = None;
    shape(model);
    let quant = &mut world.catalog.quantizations[0];
    quant.family = QuantFamily::Float;
    quant.bits = sourced(32.0);
    world.catalog.artifacts[0].bytes = Some(sourced(Bytes::new(400_000_000)));
    world
}

fn latency(world: &World) -> Option<Interval<Seconds>> {
    let figures = estimate(&world.catalog, &world.stack, &world.phone, &world.load);
    match figures.latency {
        Figure::Known { value, .. } => Some(value),
        Figure::Unknown { .. } | Figure::NotApplicable => None,
    }
}

fn seconds(world: &World) -> f64 {
    latency(world).map_or(f64::NAN, |value| value.likely.get())
}

#[test]
fn a_sentence_takes_as_long_as_a_voice_is_large() {
    let of = |params| {
        let sized = |model: &mut Model| model.params = Some(sourced(Params::new(params)));
        seconds(&speech(Role::Tts, sized))
    };
    assert!(near(of(40_000_000), 2.0 * of(20_000_000)));
}

#[test]
fn work_of_its_own_stands_for_what_voices_do_and_is_more_certain() {
    let worked = |model: &mut Model| model.work = Some(sourced(1000.0));
    let own = latency(&speech(Role::Tts, worked)).unwrap();
    let pooled = latency(&speech(Role::Tts, |_| {})).unwrap();
    assert!(near(own.likely.get(), 2.0 * pooled.likely.get()));
    let width = |value: &Interval<Seconds>| value.high.get() / value.low.get();
    assert!(width(&own) < width(&pooled));
}

#[test]
fn parameters_nobody_published_are_those_the_file_can_hold() {
    let unsaid = |model: &mut Model| model.params = None;
    let said = |model: &mut Model| model.params = Some(sourced(Params::new(100_000_000)));
    let mut world = speech(Role::Tts, unsaid);
    let known = seconds(&speech(Role::Tts, said));
    assert!(near(seconds(&world), known));
    // A bundle holds dictionaries besides.
    world.catalog.artifacts[0].bundle = true;
    assert!(seconds(&world) < 0.8 * known && seconds(&world) > 0.5 * known);
    // Of packed weights nobody knows how many there are.
    world.catalog.quantizations[0].family = QuantFamily::KQuant;
    assert_eq!(latency(&world), None);
}

#[test]
fn the_parameters_of_a_recogniser_are_never_guessed() {
    assert!(latency(&speech(Role::Asr, |_| {})).is_some());
    let unsaid = |model: &mut Model| model.params = None;
    assert_eq!(latency(&speech(Role::Asr, unsaid)), None);
}

#[test]
fn a_recogniser_of_its_own_work_writes_no_text_token_by_token() {
    let sized = |model: &mut Model| model.params = Some(sourced(Params::new(100_000_000)));
    let of = |work: Option<f64>| {
        speech(Role::Asr, |model| {
            sized(model);
            model.work = work.map(sourced);
        })
    };
    let (with, without) = (of(None), of(Some(50.0)));
    assert!(seconds(&without) < seconds(&with));
    // What is left grows with the work alone, whatever the file weighs.
    assert!(near(seconds(&of(Some(100.0))), 2.0 * seconds(&without)));
    let mut heavy = of(Some(50.0));
    heavy.catalog.artifacts[0].bytes = Some(sourced(Bytes::new(4_000_000_000)));
    assert!(near(seconds(&heavy), seconds(&without)));
}
