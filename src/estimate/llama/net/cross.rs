//! T5: scores with a bias by distance, and attention to what the encoder made. One block at a time.

use super::Net;
use super::attention::Heads;
use crate::estimate::llama::decoder::{Attention, Feed};
use crate::estimate::llama::graph::Id;
use crate::gguf::Kind;

impl Net<'_> {
    /// A bias of each head for each score.
    pub(super) fn bias_by_distance(&mut self, heads: u64) -> Id {
        let axes = self.graph.axes(self.distances);
        let flat = [axes[0].saturating_mul(axes[1]), 1, 1, 1];
        let flat = self.graph.reshape(self.distances, flat);
        let table = self.graph.external(Kind::F32, [heads, 1, 1, 1]);
        let bias = self.graph.get_rows(table, flat);
        let bias = self.graph.reshape(bias, [heads, axes[0], axes[1], 1]);
        let by_head = self.graph.permute(bias, [2, 0, 1, 3]);
        self.graph.copy(by_head)
    }

    /// One block of the decoder: attention to tokens so far, to the encoder's, and a dense network.
    pub(super) fn crossed(
        &mut self,
        stream: Id,
        attention: &Attention,
        feed: &Feed,
        last: bool,
    ) -> Id {
        let normed = self.norm(stream);
        let attended = self.attention(normed, attention);
        let mut middle = self.join(attended, stream);
        if let Some((encoded, mask)) = self.encoded {
            let normed = self.norm(middle);
            let mut crossed = self.attention_across(normed, encoded, mask, attention);
            if last {
                crossed = self.rows_with_output(crossed);
                middle = self.rows_with_output(middle);
            }
            middle = self.join(crossed, middle);
        }
        let normed = self.norm(middle);
        let fed = self.feed(normed, feed);
        self.join(fed, middle)
    }

    fn attention_across(&mut self, x: Id, encoded: Id, mask: Id, attention: &Attention) -> Id {
        let &Attention {
            heads,
            kv_heads,
            key,
            value,
            ..
        } = attention;
        let length = self.graph.axes(encoded)[1];
        let query = self.linear(x, heads * key);
        let keys = self.linear(encoded, kv_heads * key);
        let values = self.linear(encoded, kv_heads * value);
        let parts = Heads {
            query: self.graph.reshape(query, [key, heads, self.tokens, 1]),
            key: Some(self.graph.reshape(keys, [key, kv_heads, length, 1])),
            value: Some(self.graph.reshape(values, [value, kv_heads, length, 1])),
        };
        let unbiased = Attention {
            scores_bias: false,
            ..*attention
        };
        let out = self.attend_among(parts, &unbiased, mask);
        self.linear(out, self.decoder.width)
    }
}
