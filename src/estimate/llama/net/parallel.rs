//! Blocks whose feed-forward part stands beside attention. One block at a time.

use super::Net;
use crate::estimate::llama::decoder::{
    Attention, Feed, Parallel, ParallelNorms, ParallelSum, Selects,
};
use crate::estimate::llama::graph::Id;

impl Net<'_> {
    /// One such block on the residual stream.
    pub(super) fn parallel(
        &mut self,
        stream: Id,
        attention: &Attention,
        feed: &Feed,
        parallel: Parallel,
        last: bool,
    ) -> Id {
        let mut stream = stream;
        let mut normed = self.norm(stream);
        let read = match parallel.norms {
            ParallelNorms::Two => self.norm(stream),
            ParallelNorms::One | ParallelNorms::Late => normed,
        };
        let mut attended = self.attention(read, attention);
        if last && self.decoder.habits.selects == Selects::LastBlock {
            attended = self.rows_with_output(attended);
            stream = self.rows_with_output(stream);
            if parallel.norms != ParallelNorms::Late {
                normed = self.rows_with_output(normed);
            }
        }
        if parallel.norms == ParallelNorms::Late {
            normed = self.norm(stream);
        }
        let fed = self.feed(normed, feed);
        match parallel.sum {
            ParallelSum::AttentionFeed => {
                let both = self.join(attended, fed);
                self.join(both, stream)
            }
            ParallelSum::FeedAttention => {
                let both = self.join(fed, attended);
                self.join(both, stream)
            }
            ParallelSum::FeedStream => {
                let both = self.join(fed, stream);
                self.join(both, attended)
            }
            ParallelSum::FeedBoth => {
                let both = self.join(attended, stream);
                self.join(fed, both)
            }
        }
    }
}
