//! Writes small GGUF headers, for tests of what reads them.

use super::{Header, Kind, read};

/// A header under construction, version 3.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    keys: u64,
    tensors: u64,
    metadata: Vec<u8>,
    infos: Vec<u8>,
    offset: u64,
}

fn text(into: &mut Vec<u8>, text: &str) {
    into.extend((text.len() as u64).to_le_bytes());
    into.extend(text.as_bytes());
}

impl Writer {
    fn key(&mut self, key: &str, kind: u32) {
        self.keys += 1;
        text(&mut self.metadata, key);
        self.metadata.extend(kind.to_le_bytes());
    }

    pub(crate) fn text(mut self, key: &str, value: &str) -> Self {
        self.key(key, 8);
        text(&mut self.metadata, value);
        self
    }

    pub(crate) fn number(mut self, key: &str, value: u32) -> Self {
        self.key(key, 4);
        self.metadata.extend(value.to_le_bytes());
        self
    }

    pub(crate) fn real(mut self, key: &str, value: f32) -> Self {
        self.key(key, 6);
        self.metadata.extend(value.to_le_bytes());
        self
    }

    pub(crate) fn truth(mut self, key: &str, value: bool) -> Self {
        self.key(key, 7);
        self.metadata.push(u8::from(value));
        self
    }

    pub(crate) fn truths(mut self, key: &str, values: &[bool]) -> Self {
        self.key(key, 9);
        self.metadata.extend(7_u32.to_le_bytes());
        self.metadata.extend((values.len() as u64).to_le_bytes());
        self.metadata
            .extend(values.iter().map(|value| u8::from(*value)));
        self
    }

    pub(crate) fn numbers(mut self, key: &str, values: &[u32]) -> Self {
        self.key(key, 9);
        self.metadata.extend(4_u32.to_le_bytes());
        self.metadata.extend((values.len() as u64).to_le_bytes());
        for value in values {
            self.metadata.extend(value.to_le_bytes());
        }
        self
    }

    pub(crate) fn texts(mut self, key: &str, values: &[&str]) -> Self {
        self.key(key, 9);
        self.metadata.extend(8_u32.to_le_bytes());
        self.metadata.extend((values.len() as u64).to_le_bytes());
        for value in values {
            text(&mut self.metadata, value);
        }
        self
    }

    pub(crate) fn tensor(mut self, name: &str, axes: &[u64], kind: Kind) -> Self {
        self.tensors += 1;
        text(&mut self.infos, name);
        self.infos.extend((axes.len() as u32).to_le_bytes());
        for axis in axes {
            self.infos.extend(axis.to_le_bytes());
        }
        self.infos.extend(kind.number().to_le_bytes());
        self.infos.extend(self.offset.to_le_bytes());
        let rows: u64 = axes.iter().skip(1).product();
        self.offset += (kind.row_bytes(axes[0]) * rows).next_multiple_of(32);
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = b"GGUF".to_vec();
        out.extend(3_u32.to_le_bytes());
        out.extend(self.tensors.to_le_bytes());
        out.extend(self.keys.to_le_bytes());
        out.extend(&self.metadata);
        out.extend(&self.infos);
        out
    }

    pub(crate) fn header(&self) -> Header {
        read(self.bytes().as_slice()).expect("a header")
    }
}

/// A Llama of two blocks: 64 wide, 4 heads of 16, 2 of them for keys, 128 inside, 512 words, tied.
pub(crate) fn llama() -> Writer {
    let mut writer = Writer::default()
        .text("general.architecture", "llama")
        .text("general.name", "Tiny Llama")
        .number("general.file_type", 2)
        .number("llama.block_count", 2)
        .number("llama.context_length", 4096)
        .number("llama.embedding_length", 64)
        .number("llama.feed_forward_length", 128)
        .numbers("llama.attention.head_count", &[4, 4])
        .number("llama.attention.head_count_kv", 2)
        .texts("tokenizer.ggml.tokens", &["a", "bc"])
        .tensor("token_embd.weight", &[64, 512], Kind::Q8_0)
        .tensor("output_norm.weight", &[64], Kind::F32);
    for block in 0..2 {
        for (name, axes) in [
            ("attn_q", [64, 64]),
            ("attn_k", [64, 32]),
            ("attn_v", [64, 32]),
            ("attn_output", [64, 64]),
            ("ffn_gate", [64, 128]),
            ("ffn_up", [64, 128]),
            ("ffn_down", [128, 64]),
        ] {
            writer = writer.tensor(&format!("blk.{block}.{name}.weight"), &axes, Kind::Q4_0);
        }
    }
    writer
}
