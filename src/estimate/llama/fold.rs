//! Leaves out blocks that only repeat what earlier blocks did: they take the memory those gave back, so the buffer does
//! not grow. Decides nothing about what a block takes.
//!
//! ggml frees the tensors of a block before the next but one ends, and looks for free memory by size alone. After a few
//! repetitions of a cycle of blocks the holes are where they were two cycles before (the residual stream moves to and fro
//! between two places), and so on to the last block. That [`BLOCKS`] and [`CYCLES`] suffice, an odd number of repetitions
//! standing for an odd number, is held by a test over all decoders of the catalog, with and without folding.

use super::decoder::Layer;

/// Blocks that stay of a repeated cycle at least.
const BLOCKS: usize = 4;

/// Repetitions that stay at least.
const CYCLES: usize = 2;

/// The longest cycle looked for: one block of full attention behind seven others.
const LONGEST: usize = 8;

/// The blocks without those between the first repetitions of a cycle and its last.
pub(super) fn folded(layers: &[Layer]) -> Vec<Layer> {
    let mut left = Vec::with_capacity(layers.len());
    let mut at = 0;
    while let Some(&layer) = layers.get(at) {
        if let Some((cycle, times)) = repetition(&layers[at..]) {
            let least = kept(cycle);
            let stay = least + (times - least) % 2;
            left.extend_from_slice(&layers[at..at + cycle * stay]);
            at += cycle * times;
        } else {
            left.push(layer);
            at += 1;
        }
    }
    left
}

/// Repetitions of a cycle of so many blocks that stay, and one more where that makes an odd number of an odd one.
fn kept(cycle: usize) -> usize {
    CYCLES.max(BLOCKS.div_ceil(cycle))
}

/// The shortest cycle that begins `layers` and repeats more often than need be, and how often it does.
fn repetition(layers: &[Layer]) -> Option<(usize, usize)> {
    (1..=LONGEST).find_map(|cycle| {
        let first = layers.get(..cycle)?;
        let times = layers
            .chunks_exact(cycle)
            .take_while(|next| *next == first)
            .count();
        (times > kept(cycle) + 1).then_some((cycle, times))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::folded;
    use crate::catalog::builtin;
    use crate::estimate::llama::decoder::Layer;
    use crate::estimate::llama::net::{self, Place};
    use crate::estimate::llama::run::Run;
    use crate::estimate::llama::{CPU_ALIGNMENT, DEVICE_ALIGNMENT, allocator, blueprint};
    use crate::gguf::Kind;

    #[test]
    fn cycles_keep_their_first_repetitions() {
        let plain = Layer {
            mixer: super::super::decoder::Mixer::None,
            feed: super::super::decoder::Feed::None,
            scaled: false,
            unnormed: false,
            deepstack: false,
            closes: false,
        };
        let scaled = Layer {
            scaled: true,
            ..plain
        };
        assert_eq!(folded(&[plain; 3]), vec![plain; 3]);
        assert_eq!(folded(&[plain; 36]), vec![plain; 4]);
        assert_eq!(folded(&[plain; 35]), vec![plain; 5]);
        let cycles: Vec<Layer> = [plain, plain, scaled].repeat(8);
        let behind = [cycles, vec![plain]].concat();
        let expected = [[plain, plain, scaled].repeat(2), vec![plain]].concat();
        assert_eq!(folded(&behind), expected);
    }

    #[test]
    fn a_folded_decoder_takes_what_the_whole_one_takes() {
        let catalog = builtin();
        let mut seen = BTreeSet::new();
        for model in &catalog.models {
            let Some(arch) = &model.arch else { continue };
            let Some(decoder) = blueprint::decoder(&model.family, &arch.value) else {
                continue;
            };
            if !seen.insert(format!("{decoder:?}")) {
                continue;
            }
            for run in runs() {
                for (place, alignment) in [
                    (Place::Cpu, CPU_ALIGNMENT),
                    (Place::Device, DEVICE_ALIGNMENT),
                ] {
                    let whole = net::graph_of(&decoder, &decoder.layers, &run, place);
                    let folded = net::graph(&decoder, &run, place);
                    let bytes = |graph| allocator::reserve(graph, alignment);
                    assert_eq!(bytes(&folded), bytes(&whole), "{} {run:?}", model.id);
                }
            }
        }
        assert!(seen.len() > 50, "{} decoders", seen.len());
    }

    fn runs() -> impl Iterator<Item = Run> {
        let settings = [
            (512, 128, Kind::F16, true),
            (4096, 512, Kind::F16, true),
            (4096, 512, Kind::F16, false),
            (4096, 256, Kind::Q8_0, true),
            (32_768, 512, Kind::Q8_0, true),
        ];
        let outputs = [Some(1), None].into_iter();
        outputs.flat_map(move |outputs| {
            settings
                .into_iter()
                .map(move |(context, ubatch, kind, flash)| Run {
                    context,
                    ubatch,
                    outputs,
                    keys: kind,
                    values: kind,
                    flash,
                    ..Run::default()
                })
        })
    }
}
