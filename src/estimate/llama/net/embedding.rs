//! What the first block reads: rows of the embedding, what is added to them, and what lies beside them.

use super::{Net, Place};
use crate::estimate::llama::decoder::EmbeddingScale;
use crate::estimate::llama::graph::Id;
use crate::gguf::Kind;

impl Net<'_> {
    /// Rows of the embedding. llama.cpp keeps three ways to fill a batch in the graph (tokens, vectors, both), and
    /// the two that are not taken hold memory to the end.
    pub(super) fn embedding(&mut self, place: Place) -> Id {
        let tokens = self.tokens;
        let width = self
            .decoder
            .width
            .saturating_mul(self.decoder.habits.deepstack + 1);
        if place == Place::Device {
            let input = self.graph.input(Kind::F32, [width, tokens, 1, 1]);
            return self.first_slice(input);
        }
        let table = self
            .graph
            .external(Kind::F32, [self.decoder.width, self.decoder.vocab, 1, 1]);
        let ids = self.graph.input(Kind::I32, [tokens, 1, 1, 1]);
        let taken = self.rows_of_tokens(table, ids, width);
        let vectors = self.graph.input(Kind::F32, [width, tokens, 1, 1]);
        let mixed_ids = self.graph.input(Kind::I32, [tokens, 1, 1, 1]);
        let slots = self.graph.input(Kind::I64, [tokens, 1, 1, 1]);
        let mixed = self.graph.input(Kind::F32, [width, tokens, 1, 1]);
        let target = self.graph.copy(mixed);
        let rows = self.rows_of_tokens(table, mixed_ids, width);
        let both = self.graph.set_rows(target, rows, slots);
        self.graph.expand(taken);
        self.graph.expand(vectors);
        self.graph.expand(both);
        if place == Place::Host {
            return taken;
        }
        let first = self.first_slice(taken);
        let scaled = self.scaled_embedding(first);
        self.prepared_embedding(scaled)
    }

    /// Rows of the embedding, padded to `width`.
    fn rows_of_tokens(&mut self, table: Id, ids: Id, width: u64) -> Id {
        let rows = self.graph.get_rows(table, ids);
        if width == self.decoder.width {
            return rows;
        }
        self.graph
            .fresh(Kind::F32, [width, self.tokens, 1, 1], &[rows])
    }

    /// The embedding without the slices beside it.
    fn first_slice(&mut self, all: Id) -> Id {
        let first = if self.decoder.habits.deepstack > 0 {
            self.slice_of(all)
        } else {
            all
        };
        self.input = Some(first);
        first
    }

    pub(super) fn slice_of(&mut self, all: Id) -> Id {
        let strides = self.graph.strides(all);
        let axes = [self.decoder.width, self.tokens, 1, 1];
        self.graph.view(all, axes, strides)
    }

    /// Positions and norm, where the architecture adds them before the first block.
    fn prepared_embedding(&mut self, embedding: Id) -> Id {
        let mut embedding = embedding;
        if self.decoder.habits.learned_positions {
            let table = self
                .graph
                .external(Kind::F32, [self.decoder.width, self.tokens, 1, 1]);
            let rows = self.graph.get_rows(table, self.positions);
            // BERT names the rows of positions first.
            embedding = if self.decoder.habits.encoder.is_some() {
                self.join(rows, embedding)
            } else {
                self.join(embedding, rows)
            };
        }
        if self.decoder.habits.normed_embedding {
            embedding = self.norm(embedding);
        }
        embedding
    }

    fn scaled_embedding(&mut self, embedding: Id) -> Id {
        let scaled = match self.decoder.habits.embedding {
            EmbeddingScale::None => embedding,
            EmbeddingScale::Number => self.graph.alike(embedding, &[embedding]),
            EmbeddingScale::Rows => {
                let scales = self.graph.input(Kind::F32, [1, self.tokens, 1, 1]);
                self.graph.alike(embedding, &[embedding, scales])
            }
        };
        self.graph.expand(scaled);
        scaled
    }
}
