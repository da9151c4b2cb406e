//! Blocks that carry a state from token to token: convolutions, state spaces, the delta rule. One block at a time.

use super::Net;
use crate::estimate::llama::decoder::Recurrent;
use crate::estimate::llama::graph::Id;
use crate::gguf::Kind;

impl Net<'_> {
    /// A recurrent block over `x`.
    pub(super) fn recurrent(&mut self, x: Id, recurrent: &Recurrent) -> Id {
        match *recurrent {
            Recurrent::ShortConvolution { kernel, width } => {
                self.short_convolution(x, kernel, width)
            }
            Recurrent::Mamba {
                kernel,
                inner,
                state,
                rank,
                normed,
            } => self.mamba(x, [kernel, inner, state, rank], normed),
            Recurrent::Mamba2 {
                kernel,
                inner,
                state,
                heads,
                groups,
                normed,
            } => self.mamba2(x, [kernel, inner, state, heads, groups], normed),
            Recurrent::DeltaNet {
                kernel,
                inner,
                state,
                heads,
                groups,
                matrices,
            } => self.delta_net(x, [kernel, inner, state, heads, groups], matrices),
            Recurrent::MambaByHeads {
                kernel,
                inner,
                state,
                heads,
                rank,
            } => self.mamba_by_heads(x, [kernel, inner, state, heads, rank]),
            // Their blocks are built as one (`rwkv`).
            Recurrent::Rwkv6 { .. } | Recurrent::Rwkv7 { .. } => x,
        }
    }

    pub(super) fn sequences(&self) -> u64 {
        self.run.sequences.max(1)
    }

    /// Clears new states and gathers those of the batch's sequences from the cache.
    pub(super) fn gathered(&mut self, elements: u64) -> Id {
        let sequences = self.sequences();
        let cache = self.graph.external(Kind::F32, [elements, sequences, 1, 1]);
        let cleared = self.graph.overwrite(cache);
        self.graph.expand(cleared);
        let all = self.graph.get_rows(cache, self.states);
        let strides = self.graph.strides(all);
        let own = self.graph.view(all, [elements, sequences, 1, 1], strides);
        self.graph.expand(own);
        let rest = self.graph.view(all, [elements, 0, 1, 1], strides);
        let kept = self.graph.copy_into(rest, cache);
        self.graph.expand(kept);
        own
    }

    /// Lets `scan` read the states of the batch's sequences in place.
    fn scanned(&mut self, elements: u64, scan: impl FnOnce(&mut Self, Id) -> Id) -> Id {
        let sequences = self.sequences();
        let cache = self.graph.external(Kind::F32, [elements, sequences, 1, 1]);
        let cleared = self.graph.overwrite(cache);
        self.graph.expand(cleared);
        let own = self
            .graph
            .view(self.states, [sequences, 1, 1, 1], [4, 4, 4, 4]);
        let out = scan(self, own);
        self.graph.expand(out);
        let others = sequences - 1;
        let tail = self
            .graph
            .view(self.states, [others, 1, 1, 1], [4, 4, 4, 4]);
        let rest = self.graph.get_rows(cache, tail);
        let strides = self.graph.strides(rest);
        let rest = self.graph.view(rest, [elements, 0, 1, 1], strides);
        let kept = self.graph.copy_into(rest, cache);
        self.graph.expand(kept);
        out
    }

    /// Writes a new state back to the cache.
    pub(super) fn store_state(&mut self, state: Id) {
        let axes = self.graph.axes(state);
        let cache = self.graph.external(Kind::F32, axes);
        let stored = self.graph.copy_into(state, cache);
        self.graph.expand(stored);
    }

    /// Puts the last taps of earlier batches before `x` (channels, tokens, sequences) and keeps the last ones of this.
    pub(super) fn with_history(&mut self, history: Id, x: Id, kernel: u64) -> Id {
        let channels = self.graph.axes(x)[0];
        let sequences = self.sequences();
        let history = self
            .graph
            .reshape(history, [kernel - 1, channels, sequences, 1]);
        let by_time = self.graph.transpose(x);
        let whole = self.graph.concat(history, by_time, 0);
        let strides = self.graph.strides(whole);
        let last = self
            .graph
            .view(whole, [kernel - 1, channels, sequences, 1], strides);
        self.store_state(last);
        whole
    }

    /// The convolution over taps and tokens: channels, tokens, sequences.
    pub(super) fn convolved(&mut self, whole: Id, kernel: u64) -> Id {
        let axes = self.graph.axes(whole);
        let out = [axes[1], axes[0] + 1 - kernel, axes[2], 1];
        self.graph.fresh(Kind::F32, out, &[whole])
    }

    /// `channels` of each row of `x`, whose rows hold more.
    fn channels(&mut self, x: Id, channels: u64) -> Id {
        let (axes, strides) = (self.graph.axes(x), self.graph.strides(x));
        self.graph.view(x, [channels, axes[1], axes[2], 1], strides)
    }

    /// Heads of `width` inside the rows of `x`: width, heads, tokens, sequences.
    pub(super) fn heads(&mut self, x: Id, width: u64, heads: u64) -> Id {
        let (axes, strides) = (self.graph.axes(x), self.graph.strides(x));
        let steps = [4, width * 4, strides[1], strides[2]];
        self.graph.view(x, [width, heads, axes[1], axes[2]], steps)
    }

    pub(super) fn by_sequence(&mut self, x: Id) -> Id {
        let axes = self.graph.axes(x);
        let sequences = self.sequences();
        self.graph
            .reshape(x, [axes[0], self.tokens / sequences, sequences, 1])
    }

    pub(super) fn by_token(&mut self, x: Id) -> Id {
        let width = self.graph.axes(x)[0];
        self.graph.reshape(x, [width, self.tokens, 1, 1])
    }

    fn short_convolution(&mut self, x: Id, kernel: u64, width: u64) -> Id {
        let x = self.by_sequence(x);
        let all = self.linear(x, width * 3);
        let b = self.channels(all, width);
        let c = self.channels(all, width);
        let inner = self.channels(all, width);
        let product = self.join(b, inner);
        let history = self.gathered(width * (kernel - 1));
        let whole = self.with_history(history, product, kernel);
        let convolved = self.convolved(whole, kernel);
        let gated = self.join(c, convolved);
        let out = self.linear(gated, self.decoder.width);
        self.by_token(out)
    }

    fn mamba(&mut self, x: Id, shape: [u64; 4], normed: bool) -> Id {
        let [kernel, inner, state, rank] = shape;
        let history = self.gathered(inner * (kernel - 1));
        let x = self.by_sequence(x);
        let both = self.linear(x, inner * 2);
        let signal = self.channels(both, inner);
        let gate = self.channels(both, inner);
        let whole = self.with_history(history, signal, kernel);
        let convolved = self.convolved(whole, kernel);
        let convolved = self.each(convolved);
        let convolved = self.each(convolved);
        let parts = self.linear(convolved, rank + 2 * state);
        let step = self.channels(parts, rank);
        let input = self.heads(parts, state, 1);
        let output = self.heads(parts, state, 1);
        let (step, input, output) = if normed {
            (self.norm(step), self.norm(input), self.norm(output))
        } else {
            (self.graph.copy(step), input, output)
        };
        let step = self.linear(step, inner);
        let step = self.each(step);
        let axes = self.graph.axes(convolved);
        let by_head = self.graph.reshape(convolved, [1, inner, axes[1], axes[2]]);
        let out = self.scan(inner * state, by_head, step, input, output);
        let y = self.graph.view(
            out,
            [inner, axes[1], axes[2], 1],
            self.graph.strides(convolved),
        );
        let skip = self.each(convolved);
        let y = self.join(y, skip);
        let gate = self.graph.copy(gate);
        let y = self.graph.gated(gate, y);
        let out = self.linear(y, self.decoder.width);
        self.by_token(out)
    }

    fn mamba_by_heads(&mut self, x: Id, shape: [u64; 5]) -> Id {
        let [kernel, inner, state, heads, rank] = shape;
        let width = inner / heads;
        let history = self.gathered(inner * (kernel - 1));
        let x = self.by_sequence(x);
        let both = self.linear(x, inner * 2);
        let by_token = self.graph.permute(both, [0, 2, 1, 3]);
        let (tokens, sequences) = (self.tokens / self.sequences(), self.sequences());
        let axes = [width * 2, heads, tokens, sequences];
        let both = self.graph.fresh(Kind::F32, axes, &[by_token]);
        let strides = self.graph.strides(both);
        let half = [width, heads, tokens, sequences];
        let signal = self.graph.view(both, half, strides);
        let flat = [inner, tokens, sequences, 1];
        let signal = self.graph.fresh(Kind::F32, flat, &[signal]);
        let gate = self.graph.view(both, half, strides);
        let whole = self.with_history(history, signal, kernel);
        let convolved = self.convolved(whole, kernel);
        let convolved = self.each(convolved);
        let parts = self.linear(convolved, rank + 2 * state);
        let input = self.channels(parts, state);
        let output = self.channels(parts, state);
        let step = self.channels(parts, rank);
        let (input, output, step) = (self.norm(input), self.norm(output), self.norm(step));
        let step = self.linear(step, heads);
        let step = self.each(step);
        let signal = self.heads(convolved, width, heads);
        let input = self.heads(input, state, 1);
        let output = self.heads(output, state, 1);
        let out = self.scan(inner * state, signal, step, input, output);
        let strides = self.graph.strides(signal);
        let y = self.graph.view(out, half, strides);
        let skip = self.each(signal);
        let y = self.join(y, skip);
        let gate = self.graph.copy(gate);
        let y = self.graph.gated(gate, y);
        let y = self.graph.reshape(y, flat);
        let out = self.linear(y, self.decoder.width);
        self.by_token(out)
    }

    /// A selective scan: its output and the new states in one tensor; the states go back to the cache.
    fn scan(&mut self, state: u64, x: Id, step: Id, input: Id, output: Id) -> Id {
        let sequences = self.sequences();
        let elements = self.graph.elements(x) + state * sequences;
        let out = self.scanned(state, |net, own| {
            net.graph.fresh(
                Kind::F32,
                [elements, 1, 1, 1],
                &[x, step, input, output, own],
            )
        });
        let size = state * 4;
        let states = self.graph.view(
            out,
            [state, sequences, 1, 1],
            [4, size, size * sequences, size * sequences],
        );
        self.store_state(states);
        out
    }

    fn mamba2(&mut self, x: Id, shape: [u64; 5], normed: bool) -> Id {
        let [kernel, inner, state, heads, groups] = shape;
        let channels = inner + 2 * groups * state;
        let width = inner / heads;
        let history = self.gathered(channels * (kernel - 1));
        let all = self.linear(x, 2 * inner + 2 * groups * state + heads);
        let all = self.by_sequence(all);
        let gate = self.heads(all, width, heads);
        let signal = self.channels(all, channels);
        let step = self.channels(all, heads);
        let whole = self.with_history(history, signal, kernel);
        let convolved = self.convolved(whole, kernel);
        let convolved = self.each(convolved);
        let convolved = self.each(convolved);
        let signal = self.heads(convolved, width, heads);
        let input = self.heads(convolved, state, groups);
        let output = self.heads(convolved, state, groups);
        let step = self.graph.copy(step);
        let step = self.each(step);
        let out = self.scan(inner * state, signal, step, input, output);
        let axes = self.graph.axes(signal);
        let row = width * 4;
        let y = self
            .graph
            .view(out, axes, [4, row, row * heads, row * heads * axes[2]]);
        let skip = self.each(signal);
        let y = self.join(y, skip);
        let gate = self.graph.copy(gate);
        let mut y = self.graph.gated(gate, y);
        if normed {
            y = self
                .graph
                .reshape(y, [inner / groups, groups, axes[2], axes[3]]);
            y = self.norm(y);
        }
        let y = self.graph.reshape(y, [inner, self.tokens, 1, 1]);
        self.linear(y, self.decoder.width)
    }
}
