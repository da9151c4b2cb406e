//! The gated delta rule of Qwen 3 Next and 3.5. One block at a time.

use super::Net;
use crate::estimate::llama::decoder::DeltaMatrices;
use crate::estimate::llama::graph::Id;
use crate::gguf::Kind;

impl Net<'_> {
    pub(super) fn delta_net(&mut self, x: Id, shape: [u64; 5], matrices: DeltaMatrices) -> Id {
        let [kernel, inner, state, heads, groups] = shape;
        let channels = inner + 2 * groups * state;
        let width = inner / heads;
        let (sequences, tokens) = (self.sequences(), self.tokens / self.sequences());
        let (mixed, gate) = match matrices {
            DeltaMatrices::ByGroups => self.by_groups(x, [inner, state, groups]),
            DeltaMatrices::Apart | DeltaMatrices::Shared => {
                let mixed = self.linear(x, channels);
                let mixed = self.by_sequence(mixed);
                (mixed, self.linear(x, inner))
            }
        };
        let (beta, decay) = self.beta_and_decay(x, [heads, groups], matrices);
        let history = self.gathered(channels * (kernel - 1));
        let whole = self.with_history(history, mixed, kernel);
        let carried = self.gathered(inner * state);
        let carried = self
            .graph
            .reshape(carried, [width, width, heads, sequences]);
        let convolved = self.convolved(whole, kernel);
        let convolved = self.each(convolved);
        let query = self.heads(convolved, state, groups);
        let key = self.heads(convolved, state, groups);
        let value = self.heads(convolved, width, heads);
        let mut query = self.norm(query);
        let mut key = self.norm(key);
        if matrices != DeltaMatrices::Apart && heads != groups {
            query = self.repeated(query, heads);
            key = self.repeated(key, heads);
        }
        let rows = tokens * sequences + width * sequences;
        let out = self.graph.fresh(
            Kind::F32,
            [width * heads, rows, 1, 1],
            &[query, key, value, decay, beta, carried],
        );
        let row = width * 4;
        let plane = row * heads;
        let result = self.graph.view(
            out,
            [width, heads, tokens, sequences],
            [4, row, plane, plane * tokens],
        );
        let square = row * width;
        let carried = self.graph.view(
            out,
            [width, width, heads, sequences],
            [4, row, square, square * heads],
        );
        self.store_state(carried);
        let gate = self.graph.reshape(gate, [width, heads, tokens, sequences]);
        let normed = self.norm(result);
        let open = self.each(gate);
        let gated = self.join(normed, open);
        let flat = self.graph.reshape(gated, [inner, tokens, sequences, 1]);
        let out = self.linear(flat, self.decoder.width);
        self.graph
            .reshape(out, [self.decoder.width, tokens * sequences, 1, 1])
    }

    /// Beta and decay of each head of values.
    fn beta_and_decay(&mut self, x: Id, shape: [u64; 2], matrices: DeltaMatrices) -> (Id, Id) {
        let [heads, groups] = shape;
        let (sequences, tokens) = (self.sequences(), self.tokens / self.sequences());
        let single = [1, heads, tokens, sequences];
        let row = [heads, tokens, sequences, 1];
        let (beta, mut decay) = if matrices == DeltaMatrices::Apart {
            let beta = self.linear(x, heads);
            let beta = self.graph.reshape(beta, single);
            let beta = self.each(beta);
            let decay = self.linear(x, heads);
            (beta, self.graph.reshape(decay, row))
        } else {
            let each = heads / groups;
            let both = self.linear(x, 2 * heads);
            let both = self
                .graph
                .reshape(both, [2 * each, groups, tokens, sequences]);
            let strides = self.graph.strides(both);
            let half = [each, groups, tokens, sequences];
            let beta = self.graph.view(both, half, strides);
            let beta = self.graph.copy(beta);
            let beta = self.each(beta);
            let decay = self.graph.view(both, half, strides);
            let decay = self.graph.fresh(Kind::F32, row, &[decay]);
            (self.graph.reshape(beta, single), decay)
        };
        for _ in 0..3 {
            decay = self.each(decay);
        }
        (beta, self.graph.reshape(decay, single))
    }

    /// What passes the convolution, and the gate, out of one matrix that holds them group by group.
    fn by_groups(&mut self, x: Id, shape: [u64; 3]) -> (Id, Id) {
        let [inner, state, groups] = shape;
        let (sequences, tokens) = (self.sequences(), self.tokens / self.sequences());
        let each = inner / groups;
        let all = self.linear(x, 2 * groups * state + 2 * inner);
        let axes = [2 * state + 2 * each, groups, tokens, sequences];
        let all = self.graph.reshape(all, axes);
        let strides = self.graph.strides(all);
        let mut part = |width: u64| {
            self.graph
                .view(all, [width, groups, tokens, sequences], strides)
        };
        let (query, key, value, gate) = (part(state), part(state), part(each), part(each));
        let gate = self.graph.copy(gate);
        let mut flat = |part: Id, width: u64| {
            self.graph
                .fresh(Kind::F32, [width, tokens, sequences, 1], &[part])
        };
        let query = flat(query, state * groups);
        let key = flat(key, state * groups);
        let value = flat(value, inner);
        let both = self.graph.concat(query, key, 0);
        (self.graph.concat(both, value, 0), gate)
    }

    /// Heads of keys, each as often as it has heads of values.
    fn repeated(&mut self, x: Id, heads: u64) -> Id {
        let axes = self.graph.axes(x);
        let columns = axes[2] * axes[3];
        let single = self.graph.reshape(x, [axes[0], 1, axes[1], columns]);
        let many = [axes[0], heads / axes[1], axes[1], columns];
        let many = self.graph.fresh(Kind::F32, many, &[single]);
        self.graph.reshape(many, [axes[0], heads, axes[2], axes[3]])
    }
}
