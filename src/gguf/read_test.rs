//! Hostile and damaged headers: each ends in a fault, none in a panic, a hang or much memory.

use proptest::prelude::*;

use super::testing::{Writer, llama};
use super::{Fault, Kind, Stored, Value, Wrong, read};
use crate::estimate::llama::placement::Processor;
use crate::estimate::llama::run::Run;
use crate::inspect::{Backend, Setting, inspect};

fn fault(bytes: &[u8]) -> Fault {
    read(bytes).expect_err("a fault")
}

/// Magic, version and the two counts.
fn preamble(version: u32, tensors: u64, keys: u64) -> Vec<u8> {
    let mut out = b"GGUF".to_vec();
    out.extend(version.to_le_bytes());
    out.extend(tensors.to_le_bytes());
    out.extend(keys.to_le_bytes());
    out
}

#[test]
fn a_header_is_read() {
    let header = llama().header();
    assert_eq!(header.text("general.architecture"), Some("llama"));
    assert_eq!(
        header.wholes("llama.attention.head_count", 2),
        Some(vec![4, 4])
    );
    assert_eq!(header.tensors.len(), 16);
    let vocabulary = header.get("tokenizer.ggml.tokens");
    assert!(matches!(vocabulary, Some(Value::List(list)) if list.length == 2));
    let embedding = header.tensor("token_embd.weight").expect("a tensor");
    assert_eq!((embedding.kind, embedding.bytes()), (Kind::Q8_0, 512 * 68));
}

#[test]
fn version_two_is_read_and_one_is_not() {
    assert!(read(preamble(2, 0, 0).as_slice()).is_ok());
    assert_eq!(fault(&preamble(1, 0, 0)), Fault::new(4, Wrong::Version(1)));
    let swapped = preamble(3_u32.swap_bytes(), 0, 0);
    assert_eq!(fault(&swapped), Fault::new(4, Wrong::BigEndian));
}

#[test]
fn every_cut_of_a_header_is_a_fault() {
    let whole = llama().bytes();
    for length in 0..whole.len() {
        let wrong = fault(&whole[..length]).wrong;
        assert!(
            matches!(wrong, Wrong::Ends | Wrong::NotGguf),
            "{length}: {wrong:?}"
        );
    }
}

#[test]
fn absurd_counts_are_refused_before_memory_is_taken() {
    for (tensors, keys) in [(u64::MAX, 0), (0, u64::MAX), (1 << 40, 0), (0, 1 << 20)] {
        let wrong = fault(&preamble(3, tensors, keys)).wrong;
        assert!(matches!(wrong, Wrong::Count { .. }), "{wrong:?}");
    }
    let mut long_name = preamble(3, 0, 1);
    long_name.extend((1_u64 << 62).to_le_bytes());
    assert!(matches!(fault(&long_name).wrong, Wrong::Count { .. }));
    // A list within its limit whose entries are not there.
    let mut list = preamble(3, 0, 1);
    list.extend(1_u64.to_le_bytes());
    list.extend(b"a");
    list.extend(9_u32.to_le_bytes());
    list.extend(10_u32.to_le_bytes());
    list.extend((1_u64 << 26).to_le_bytes());
    assert_eq!(fault(&list).wrong, Wrong::Ends);
}

#[test]
fn lists_of_lists_and_unknown_types_are_refused() {
    let mut bytes = preamble(3, 0, 1);
    bytes.extend(1_u64.to_le_bytes());
    bytes.extend(b"a");
    let unknown = [&bytes[..], &99_u32.to_le_bytes()].concat();
    assert_eq!(fault(&unknown).wrong, Wrong::Type(99));
    bytes.extend(9_u32.to_le_bytes());
    bytes.extend(9_u32.to_le_bytes());
    bytes.extend(1_u64.to_le_bytes());
    assert_eq!(fault(&bytes).wrong, Wrong::Nested("a".into()));
}

#[test]
fn nothing_stands_twice() {
    let key = Writer::default().number("a", 1).number("a", 2).bytes();
    assert_eq!(fault(&key).wrong, Wrong::Twice("a".into()));
    let tensor = Writer::default()
        .tensor("t", &[32], Kind::F32)
        .tensor("t", &[32], Kind::F32)
        .bytes();
    assert_eq!(fault(&tensor).wrong, Wrong::Twice("t".into()));
}

#[test]
fn impossible_tensors_are_refused() {
    for axes in [[0, 1], [33, 1], [1 << 39, 1 << 39]] {
        let mut bytes = preamble(3, 1, 0);
        bytes.extend(1_u64.to_le_bytes());
        bytes.extend(b"t");
        bytes.extend(2_u32.to_le_bytes());
        for axis in axes {
            bytes.extend(u64::to_le_bytes(axis));
        }
        bytes.extend(Kind::Q4_0.number().to_le_bytes());
        bytes.extend(0_u64.to_le_bytes());
        assert_eq!(fault(&bytes).wrong, Wrong::Shape("t".into()), "{axes:?}");
    }
}

/// Byte of each tensor's name length in `llama`, with the tensor.
fn infos(bytes: &[u8]) -> Vec<(usize, Stored)> {
    let header = read(bytes).expect("a header");
    let mut at = bytes.len();
    let mut infos = Vec::new();
    for tensor in header.tensors.into_iter().rev() {
        let axes = if tensor.shaped.name.ends_with("_norm.weight") {
            1
        } else {
            2
        };
        at -= 8 + tensor.shaped.name.len() + 4 + axes * 8 + 4 + 8;
        infos.push((at, tensor));
    }
    infos
}

/// Each number of each tensor's entry made another: a fault, as llama.cpp has it, but where the last tensor is only longer.
#[test]
fn damaged_tensor_entries_are_refused() {
    let whole = llama().bytes();
    let last = infos(&whole)[0].0;
    for (at, tensor) in infos(&whole) {
        let fields = at + 8 + tensor.shaped.name.len();
        let end = whole.len().min(fields + 4 + 16 + 12);
        let one_axis = tensor.shaped.name.ends_with("_norm.weight");
        let (kind, offset) = if one_axis { (12, 16) } else { (20, 24) };
        for (field, width) in [(0, 4), (4, 8), (kind, 4), (offset, 8)] {
            for damage in [0_u64, 1, 7, 1 << 20, 1 << 39, u64::MAX] {
                let mut bytes = whole.clone();
                let place = fields + field..fields + field + width;
                bytes[place.clone()].copy_from_slice(&damage.to_le_bytes()[..width]);
                if bytes == whole || place.end > end {
                    continue;
                }
                let read = read(bytes.as_slice());
                assert!(
                    read.is_err() || (at == last && field != offset),
                    "{} {field} {damage}",
                    tensor.shaped.name
                );
            }
        }
    }
}

/// Reads, and if it can be read, inspects: nothing of either may panic.
fn survive(bytes: &[u8]) {
    let Ok(header) = read(bytes) else {
        return;
    };
    for backend in [Backend::Cpu, Backend::Metal, Backend::Hexagon] {
        let setting = Setting {
            run: Run::default(),
            backend,
            processor: Processor::Arm,
            repack: true,
            mmap: true,
        };
        let inspection = inspect(&header, setting);
        assert!(!inspection.text(crate::diagnostic::Locale::En).is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        survive(&bytes);
        let mut with_magic = preamble(3, 2, 2);
        with_magic.extend(&bytes);
        survive(&with_magic);
    }

    #[test]
    fn any_change_of_a_header_is_survived(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        cuts in any::<bool>(),
    ) {
        let mut bytes = llama().bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cuts {
            bytes.truncate(cut.index(bytes.len()));
        }
        survive(&bytes);
    }

    #[test]
    fn any_hyperparameters_are_survived(
        values in prop::collection::vec(any::<u32>(), 8),
        architecture in prop::sample::select(vec![
            "llama", "gemma3", "gemma3n", "lfm2", "mamba", "mamba2", "qwen35", "deepseek2", "falcon-h1", "gpt-oss",
        ]),
    ) {
        let keys = [
            "block_count", "embedding_length", "attention.head_count", "attention.head_count_kv",
            "attention.key_length", "attention.sliding_window", "ssm.inner_size", "expert_used_count",
        ];
        let mut writer = Writer::default().text("general.architecture", architecture);
        for (key, value) in keys.into_iter().zip(values) {
            // Small numbers reach further than any others.
            let value = if value % 3 == 0 { value } else { value % 300 };
            writer = writer.number(&format!("{architecture}.{key}"), value);
        }
        writer = writer.tensor("token_embd.weight", &[64, 512], Kind::F16);
        for block in 0..4 {
            writer = writer
                .tensor(&format!("blk.{block}.ffn_up.weight"), &[64, 128], Kind::F16)
                .tensor(&format!("blk.{block}.laurel_l.weight"), &[64, 8], Kind::F16);
        }
        survive(&writer.bytes());
    }
}
