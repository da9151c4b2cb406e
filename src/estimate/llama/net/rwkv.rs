//! Blocks of RWKV 6 and 7: time mix, channel mix, and the tokens before that both look at. One block at a time.

use super::Net;
use crate::estimate::llama::decoder::{Feed, Recurrent, RwkvRanks};
use crate::estimate::llama::graph::Id;
use crate::gguf::Kind;

/// Ways in which RWKV 6 mixes a token with the one before: decay, key, value, receptance, gate.
const MIXES: u64 = 5;

/// A block behind its time mix.
struct TimeMixed {
    /// What came in, sequence by sequence.
    stream: Id,
    /// The tokens before that are carried.
    shift: Id,
    /// What came in, normed.
    normed: Id,
    /// The time mix of it.
    mixed: Id,
}

impl Net<'_> {
    /// One block; `inner` is the width of its channel mix.
    pub(super) fn rwkv(&mut self, stream: Id, recurrent: &Recurrent, inner: u64, last: bool) -> Id {
        let TimeMixed {
            stream,
            shift,
            normed,
            mixed,
        } = self.time_mixed(stream, recurrent, 2);
        let middle = self.join(mixed, stream);
        let fed = self.norm(middle);
        let before = self.tokens_before(shift, fed);
        let last_mixed = self.one_token(normed);
        let last_fed = self.one_token(fed);
        let shift = self.graph.concat(last_mixed, last_fed, 1);
        self.store_state(shift);
        let mut middle = self.by_token(middle);
        let mut fed = self.by_token(fed);
        let mut before = self.by_token(before);
        if last {
            middle = self.rows_with_output(middle);
            fed = self.rows_with_output(fed);
            before = self.rows_with_output(before);
        }
        let gated = matches!(recurrent, Recurrent::Rwkv6 { .. });
        let out = self.channel_mix(fed, before, inner, gated);
        self.join(out, middle)
    }

    /// One block of a decoder with dense networks that was taught to recur (QRWKV 6, ARWKV 7).
    pub(super) fn rwkv_and_feed(
        &mut self,
        stream: Id,
        recurrent: &Recurrent,
        feed: &Feed,
        last: bool,
    ) -> Id {
        let TimeMixed {
            stream,
            normed,
            mixed,
            ..
        } = self.time_mixed(stream, recurrent, 1);
        let last_mixed = self.one_token(normed);
        self.store_state(last_mixed);
        let middle = self.join(mixed, stream);
        let mut middle = self.by_token(middle);
        if last {
            middle = self.rows_with_output(middle);
        }
        let fed = self.norm(middle);
        let fed = self.feed(fed, feed);
        self.join(fed, middle)
    }

    /// What a block begins with; `kept` tokens before are carried for each sequence.
    fn time_mixed(&mut self, stream: Id, recurrent: &Recurrent, kept: u64) -> TimeMixed {
        let width = self.decoder.width;
        let sequences = self.run.sequences.max(1);
        let stream = self.by_sequence(stream);
        let shift = self.gathered(recurrent.convolution_state());
        let shift = self.graph.reshape(shift, [width, kept, sequences, 1]);
        let normed = self.norm(stream);
        let before = self.tokens_before(shift, normed);
        TimeMixed {
            stream,
            shift,
            normed,
            mixed: self.time_mix(normed, before, recurrent),
        }
    }

    fn time_mix(&mut self, x: Id, before: Id, recurrent: &Recurrent) -> Id {
        match *recurrent {
            Recurrent::Rwkv7 {
                head,
                ranks,
                normed,
                ..
            } => self.time_mix7(x, before, (head, normed), ranks),
            Recurrent::Rwkv6 {
                head,
                mix,
                decay,
                fused,
                kv_heads,
                ..
            } => self.time_mix6(x, before, [head, mix, decay], fused, kv_heads),
            _ => x,
        }
    }

    /// The token before each one: the last of the earlier batch, then those of this.
    fn tokens_before(&mut self, shift: Id, x: Id) -> Id {
        let earlier = self.one_token(shift);
        let (axes, strides) = (self.graph.axes(x), self.graph.strides(x));
        let these = [axes[0], axes[1].saturating_sub(1), axes[2], 1];
        let these = self.graph.view(x, these, strides);
        self.graph.concat(earlier, these, 1)
    }

    /// One token of each sequence.
    fn one_token(&mut self, x: Id) -> Id {
        let (axes, strides) = (self.graph.axes(x), self.graph.strides(x));
        self.graph.view(x, [axes[0], 1, axes[2], 1], strides)
    }

    fn channel_mix(&mut self, x: Id, before: Id, inner: u64, gated: bool) -> Id {
        let width = self.decoder.width;
        let difference = self.join(before, x);
        let key = self.each(difference);
        let key = self.join(key, x);
        let open = gated.then(|| {
            let open = self.each(difference);
            let open = self.join(open, x);
            let open = self.linear(open, width);
            self.each(open)
        });
        let mut key = self.linear(key, inner);
        for _ in 0..2 {
            key = self.each(key);
        }
        let value = self.linear(key, width);
        match open {
            Some(open) => self.join(open, value),
            None => value,
        }
    }

    fn by_heads(&mut self, x: Id, head: u64) -> Id {
        let heads = self.decoder.width / head;
        self.graph.reshape(x, [head, heads, self.tokens, 1])
    }

    /// The recurrence: its output, and the new state, which goes back to the cache.
    fn recurrence(&mut self, head: u64, read: &[Id], state: Id) -> Id {
        let width = self.decoder.width;
        let sequences = self.run.sequences.max(1);
        let mut sources = read.to_vec();
        sources.push(state);
        let rows = self.tokens + head * sequences;
        let out = self.graph.fresh(Kind::F32, [width, rows, 1, 1], &sources);
        let row = |elements: u64| {
            let bytes = elements * 4;
            ([elements, 1, 1, 1], [4, bytes, bytes, bytes])
        };
        let (axes, strides) = row(width * self.tokens);
        let result = self.graph.view(out, axes, strides);
        let (axes, strides) = row(width * head * sequences);
        let state = self.graph.view(out, axes, strides);
        self.store_state(state);
        result
    }

    /// Norm of each head.
    fn norm_by_heads(&mut self, x: Id, head: u64) -> Id {
        let x = self.by_heads(x, head);
        let normed = self.graph.copy(x);
        let flat = [self.decoder.width, self.tokens, 1, 1];
        let flat = self.graph.reshape(normed, flat);
        let scaled = self.each(flat);
        self.each(scaled)
    }

    /// Keys or values of fewer heads, each for as many as there are.
    fn repeated_heads(&mut self, x: Id, head: u64, kv_heads: u64) -> Id {
        let heads = self.decoder.width / head;
        if kv_heads == heads {
            return self.by_heads(x, head);
        }
        let single = [head, 1, kv_heads, self.tokens];
        let single = self.graph.reshape(x, single);
        let many = [head, heads / kv_heads, kv_heads, self.tokens];
        let many = self.graph.fresh(Kind::F32, many, &[single]);
        self.by_heads(many, head)
    }

    fn time_mix6(
        &mut self,
        x: Id,
        before: Id,
        shape: [u64; 3],
        fused: bool,
        kv_heads: Option<u64>,
    ) -> Id {
        let [head, rank, decay_rank] = shape;
        let kv_width = kv_heads.map(|heads| heads * head);
        let (width, tokens) = (self.decoder.width, self.tokens);
        let flat = [width, tokens, 1, 1];
        let difference = self.join(before, x);
        let mut difference = self.graph.reshape(difference, flat);
        let mut x = self.graph.reshape(x, flat);
        let mixed = self.each(difference);
        let mixed = self.join(mixed, x);
        let low = self.linear(mixed, MIXES * rank);
        let low = self.each(low);
        let low = self.graph.reshape(low, [rank, 1, MIXES, tokens]);
        let low = self.graph.permute(low, [0, 1, 3, 2]);
        let low = self.graph.copy(low);
        let mut all = self.linear(low, width);
        if fused {
            difference = self.graph.reshape(difference, [width, 1, tokens, 1]);
            x = self.graph.reshape(x, [width, 1, tokens, 1]);
            all = self.each(all);
            all = self.join(all, difference);
            all = self.join(all, x);
        }
        let parts: Vec<Id> = (0..MIXES)
            .map(|_| {
                let part = self.plane(all, width);
                if fused {
                    return part;
                }
                let part = self.each(part);
                let part = self.join(part, difference);
                self.join(part, x)
            })
            .collect();
        let receptance = self.linear(parts[3], width);
        let key = self.linear(parts[1], kv_width.unwrap_or(width));
        let value = self.linear(parts[2], kv_width.unwrap_or(width));
        let gate = self.linear(parts[4], width);
        let gate = self.each(gate);
        let heads = kv_heads.unwrap_or(width / head);
        let mut key = self.repeated_heads(key, head, heads);
        let value = self.repeated_heads(value, head, heads);
        let receptance = self.by_heads(receptance, head);
        let decay = self.linear(parts[0], decay_rank);
        let decay = self.each(decay);
        let mut decay = self.linear(decay, width);
        for _ in 0..4 {
            decay = self.each(decay);
        }
        let decay = self.by_heads(decay, head);
        if kv_heads.is_some() {
            let forgotten = self.join(key, decay);
            key = self.join(key, forgotten);
        }
        let state = self.gathered(width * head);
        let out = self.recurrence(head, &[key, value, receptance, decay], state);
        let out = if kv_heads.is_some() {
            self.graph.reshape(out, flat)
        } else {
            self.norm_by_heads(out, head)
        };
        let out = self.join(out, gate);
        let out = self.linear(out, width);
        self.by_sequence(out)
    }

    fn time_mix7(
        &mut self,
        x: Id,
        before: Id,
        (head, normed): (u64, bool),
        ranks: RwkvRanks,
    ) -> Id {
        let (width, tokens) = (self.decoder.width, self.tokens);
        let axes = self.graph.axes(x);
        let difference = self.join(before, x);
        let mixes = if ranks.gate.is_some() { 6 } else { 5 };
        let repeated = [axes[0], axes[1], axes[2], mixes];
        let repeated = self.graph.fresh(Kind::F32, repeated, &[difference]);
        let all = self.each(repeated);
        let all = self.join(all, x);
        let mut part = || self.plane(all, width);
        let (of_receptance, of_decay, of_key) = (part(), part(), part());
        let (of_value, of_rate) = (part(), part());
        let of_gate = ranks.gate.map(|rank| (rank, self.plane(all, width)));
        let receptance = self.linear(of_receptance, width);
        let decay = self.linear(of_decay, ranks.decay);
        let decay = self.each(decay);
        let mut decay = self.linear(decay, width);
        for _ in 0..4 {
            decay = self.each(decay);
        }
        let key = self.linear(of_key, width);
        let value = self.linear(of_value, width);
        let value = self.with_first_value(value, of_value, ranks.value);
        let gate = of_gate.map(|(rank, read)| {
            let low = self.linear(read, rank);
            let low = self.each(low);
            self.linear(low, width)
        });
        let rate = self.linear(of_rate, ranks.rate);
        let mut rate = self.linear(rate, width);
        for _ in 0..2 {
            rate = self.each(rate);
        }
        let removal = self.each(key);
        let removal = self.by_heads(removal, head);
        let removal = self.graph.copy(removal);
        let scaled = self.each(key);
        let added = self.join(rate, scaled);
        let added = self.join(added, scaled);
        let key = self.join(key, added);
        let receptance = self.by_heads(receptance, head);
        let decay = self.by_heads(decay, head);
        let key = self.by_heads(key, head);
        let value = self.by_heads(value, head);
        let rate = self.by_heads(rate, head);
        let state = self.gathered(width * head);
        let negative = self.each(removal);
        let replaced = self.join(removal, rate);
        let read = [receptance, decay, key, value, negative, replaced];
        let out = self.recurrence(head, &read, state);
        let out = if normed {
            self.norm_by_heads(out, head)
        } else {
            self.graph.reshape(out, [width, tokens, 1, 1])
        };
        let bonus = self.join(key, receptance);
        let bonus = self.each(bonus);
        let bonus = self.graph.sum_rows(bonus);
        let bonus = self.join(value, bonus);
        let bonus = self.graph.reshape(bonus, [width, tokens, 1, 1]);
        let mut out = self.join(out, bonus);
        if let Some(gate) = gate {
            out = self.join(out, gate);
        }
        let out = self.linear(out, width);
        self.by_sequence(out)
    }

    /// Values of later blocks are drawn to those of the first.
    fn with_first_value(&mut self, value: Id, read: Id, rank: u64) -> Id {
        let Some(first) = self.first_value else {
            self.first_value = Some(value);
            return value;
        };
        let width = self.decoder.width;
        let difference = self.join(first, value);
        let low = self.linear(read, rank);
        let mut pull = self.linear(low, width);
        for _ in 0..2 {
            pull = self.each(pull);
        }
        let pulled = self.join(difference, pull);
        self.join(value, pulled)
    }
}
