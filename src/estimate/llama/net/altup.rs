//! The graph of Gemma 3n, which carries several residual streams. Other graphs have one.

use super::Net;
use crate::estimate::llama::decoder::{AltUp, Dense, Feed, Layer};
use crate::estimate::llama::graph::Id;
use crate::gguf::Kind;

impl Net<'_> {
    /// Blocks, merge and output matrix.
    pub(super) fn altup(&mut self, embedding: Id) {
        let (Some(altup), Some(width)) =
            (self.decoder.habits.streams, self.decoder.habits.per_layer)
        else {
            return;
        };
        let blocks = self.decoder.layers.len() as u64;
        let inputs = self.per_layer_inputs(embedding, width, blocks);
        let mut streams = self.spread(embedding, altup);
        for (at, layer) in self.layers.iter().enumerate() {
            let sparse = at < altup.sparse_layers as usize;
            streams = self.altup_block(streams, layer, altup, inputs, sparse);
        }
        let merged = self.merged(streams, altup);
        self.head(merged);
    }

    fn magnitude(&mut self, x: Id) -> Id {
        let squares = self.each(x);
        let sum = self.graph.sum_rows(squares);
        self.each(sum)
    }

    /// One stream of the stack.
    fn stream(&mut self, stack: Id) -> Id {
        self.plane(stack, self.decoder.width)
    }

    /// All streams but one.
    fn other_streams(&mut self, stack: Id, altup: AltUp) -> Id {
        let (axes, strides) = (self.graph.axes(stack), self.graph.strides(stack));
        let rest = [axes[0], axes[1], altup.streams - 1, 1];
        self.graph.view(stack, rest, strides)
    }

    /// The embedding and its projections to the other streams.
    fn spread(&mut self, embedding: Id, altup: AltUp) -> Id {
        let (width, tokens) = (self.decoder.width, self.tokens);
        let target = self.magnitude(embedding);
        let others = [width, tokens, altup.streams - 1, 1];
        let repeated = self.graph.fresh(Kind::F32, others, &[embedding]);
        let projected = self.graph.fresh(Kind::F32, others, &[repeated]);
        let scaled = self.with_magnitude_of(projected, target);
        self.graph.concat(embedding, scaled, 2)
    }

    fn with_magnitude_of(&mut self, x: Id, target: Id) -> Id {
        let own = self.magnitude(x);
        let scaled = self.join(x, target);
        self.join(scaled, own)
    }

    /// How much each stream matters to each token.
    fn modalities(&mut self, x: Id, altup: AltUp) -> Id {
        let normed = self.norm(x);
        let scaled = self.each(normed);
        let routed = self.linear(scaled, altup.streams);
        self.each(routed)
    }

    /// What the streams are expected to be behind the block.
    fn predictions(&mut self, stack: Id, altup: AltUp) -> Id {
        let active = self.stream(stack);
        let modalities = self.modalities(active, altup);
        let streams = altup.streams;
        let coefficients = self.linear(modalities, streams * streams);
        let coefficients = self
            .graph
            .reshape(coefficients, [streams, streams, self.tokens, 1]);
        let by_stream = self.graph.permute(stack, [1, 2, 0, 3]);
        let by_stream = self.graph.copy(by_stream);
        let mixed = self.graph.mul_mat(by_stream, coefficients);
        let mixed = self.graph.permute(mixed, [0, 2, 1, 3]);
        let mixed = self.graph.copy(mixed);
        self.join(mixed, stack)
    }

    fn altup_block(
        &mut self,
        stack: Id,
        layer: &Layer,
        altup: AltUp,
        inputs: Id,
        sparse: bool,
    ) -> Id {
        let predictions = self.predictions(stack, altup);
        let active = self.stream(predictions);
        let normed = self.norm(active);
        let low = self.linear(normed, altup.laurel);
        let laurel = self.linear(low, self.decoder.width);
        let laurel = self.norm(laurel);
        let laurel = self.join(laurel, normed);
        let attended = match layer.mixer.attention() {
            Some(attention) => self.attention(normed, attention),
            None => normed,
        };
        let attended = self.norm(attended);
        let gated = self.join(attended, active);
        let both = self.join(gated, laurel);
        let both = self.each(both);
        let normed = self.norm(both);
        let fed = match layer.feed {
            Feed::Dense(dense) => self.sparse_dense(normed, &dense, sparse),
            _ => normed,
        };
        let fed = self.norm(fed);
        let gated = self.join(fed, both);
        let corrected = self.corrected(predictions, gated, altup);
        self.with_per_layer_input(corrected, inputs, altup)
    }

    /// A gated network whose gate may keep only its largest activations.
    fn sparse_dense(&mut self, x: Id, dense: &Dense, sparse: bool) -> Id {
        let up = self.linear(x, dense.inner);
        let mut gate = self.linear(x, dense.inner);
        if sparse {
            let mean = self.graph.sum_rows(gate);
            let centred = self.join(gate, mean);
            let squares = self.each(centred);
            let variance = self.graph.sum_rows(squares);
            let scaled = self.each(variance);
            let deviation = self.each(scaled);
            let reach = self.each(deviation);
            let cutoff = self.join(mean, reach);
            let above = self.join(gate, cutoff);
            gate = self.each(above);
        }
        let gate = self.each(gate);
        let activation = self.join(up, gate);
        self.linear(activation, self.decoder.width)
    }

    /// The streams as the block's result changes them.
    fn corrected(&mut self, predictions: Id, activated: Id, altup: AltUp) -> Id {
        let (tokens, streams) = (self.tokens, altup.streams);
        let modalities = self.modalities(activated, altup);
        let active = self.stream(predictions);
        let innovation = self.join(activated, active);
        let coefficients = self.linear(modalities, streams);
        let coefficients = self.each(coefficients);
        let by_stream = self.graph.transpose(coefficients);
        let by_stream = self
            .graph
            .fresh(Kind::F32, [1, tokens, streams, 1], &[by_stream]);
        let stack = [self.decoder.width, tokens, streams, 1];
        let repeated = self.graph.fresh(Kind::F32, stack, &[innovation]);
        let weighted = self.join(repeated, by_stream);
        self.join(weighted, predictions)
    }

    /// Adds the block's own input to all streams but the first.
    fn with_per_layer_input(&mut self, corrected: Id, inputs: Id, altup: AltUp) -> Id {
        let width = self.graph.axes(inputs)[0];
        let first = self.stream(corrected);
        let scaled = self.each(first);
        let gate = self.linear(scaled, width);
        let gate = self.each(gate);
        let own = self.plane(inputs, width);
        let gated = self.join(gate, own);
        let wide = self.linear(gated, self.decoder.width);
        let wide = self.norm(wide);
        let head = self.stream(corrected);
        let rest = self.other_streams(corrected, altup);
        let rest = self.join(rest, wide);
        self.graph.concat(head, rest, 2)
    }

    /// The mean of all streams.
    fn merged(&mut self, stack: Id, altup: AltUp) -> Id {
        let active = self.stream(stack);
        let target = self.magnitude(active);
        let rest = self.other_streams(stack, altup);
        let axes = self.graph.axes(rest);
        let projected = self.graph.fresh(Kind::F32, axes, &[rest]);
        let scaled = self.with_magnitude_of(projected, target);
        let mut sum = self.stream(stack);
        for _ in 1..altup.streams {
            let part = self.stream(scaled);
            sum = self.join(sum, part);
        }
        self.each(sum)
    }
}
