//! How much memory ggml's graph allocator takes for a graph: `ggml_gallocr_reserve`, replayed. Builds no graph.
//!
//! Tensors are placed one by one in the order of the graph: over an input whose last reader they are where their
//! operation allows it, else in the smallest free block that fits, else at the end. What nobody reads any more is
//! freed. The size of the buffer is the highest address used.

use super::graph::{Graph, Id, Origin};

/// A free stretch of the buffer.
#[derive(Debug, Clone, Copy)]
struct Block {
    offset: u64,
    size: u64,
}

/// What the last free block holds: as much as is asked for.
const ENDLESS: u64 = u64::MAX / 4;

/// A growing buffer with holes (`ggml_dyn_tallocr`).
#[derive(Debug)]
struct Buffer {
    alignment: u64,
    /// Ascending by address; the last one is the end of the buffer.
    free: Vec<Block>,
    high: u64,
}

impl Buffer {
    fn new(alignment: u64) -> Self {
        Self {
            alignment,
            free: vec![Block {
                offset: 0,
                size: ENDLESS,
            }],
            high: 0,
        }
    }

    fn padded(&self, size: u64) -> u64 {
        size.div_ceil(self.alignment).saturating_mul(self.alignment)
    }

    /// The address of `size` bytes: the tightest hole (of equals the last), else the end.
    fn take(&mut self, size: u64) -> u64 {
        let size = self.padded(size);
        let holes = self.free.len().saturating_sub(1);
        let mut best: Option<(usize, u64)> = None;
        for (at, block) in self.free[..holes].iter().enumerate() {
            if block.size >= size && best.is_none_or(|(_, tightest)| block.size <= tightest) {
                best = Some((at, block.size));
            }
        }
        let at = best.map_or(holes, |(at, _)| at);
        let block = &mut self.free[at];
        let offset = block.offset;
        block.offset = block.offset.saturating_add(size);
        block.size = block.size.saturating_sub(size);
        if at < holes && block.size == 0 {
            self.free.remove(at);
        }
        self.high = self.high.max(offset.saturating_add(size));
        offset
    }

    /// Gives `size` bytes at `offset` back; neighbours become one.
    fn give_back(&mut self, offset: u64, size: u64) {
        let size = self.padded(size);
        if size == 0 {
            return;
        }
        let end = offset.saturating_add(size);
        let next = self.free.partition_point(|block| block.offset < offset);
        let joins_previous = next
            .checked_sub(1)
            .is_some_and(|at| self.free[at].offset + self.free[at].size == offset);
        let joins_next = self.free.get(next).is_some_and(|block| block.offset == end);
        match (joins_previous, joins_next) {
            (true, true) => {
                self.free[next - 1].size += size + self.free[next].size;
                self.free.remove(next);
            }
            (true, false) => self.free[next - 1].size += size,
            (false, true) => {
                self.free[next].offset = offset;
                self.free[next].size += size;
            }
            (false, false) => self.free.insert(next, Block { offset, size }),
        }
    }
}

/// What the allocator knows about a tensor.
#[derive(Debug, Clone, Copy, Default)]
struct Use {
    readers: u32,
    views: u32,
    offset: u64,
    allocated: bool,
}

struct Allocator<'a> {
    graph: &'a Graph,
    uses: Vec<Use>,
    buffer: Buffer,
}

/// Bytes of the buffer for `graph`, whose tensors start at multiples of `alignment`.
pub(crate) fn reserve(graph: &Graph, alignment: u64) -> u64 {
    let mut allocator = Allocator {
        graph,
        uses: vec![Use::default(); graph.tensors.len()],
        buffer: Buffer::new(alignment),
    };
    for &input in &graph.inputs {
        allocator.place(input);
    }
    for &node in &graph.nodes {
        if let Some(root) = graph.tensor(node).view_of {
            allocator.uses[root.at()].views += 1;
        }
        for source in graph.sources_of(node) {
            allocator.uses[source.at()].readers += 1;
        }
    }
    for &node in &graph.nodes {
        allocator.place(node);
        for &source in graph.sources_of(node) {
            allocator.release(source);
        }
    }
    allocator.buffer.high
}

impl Allocator<'_> {
    /// Finds memory for a tensor that needs some.
    fn place(&mut self, id: Id) {
        let tensor = self.graph.tensor(id);
        if tensor.view_of.is_some() || tensor.origin == Origin::External {
            return;
        }
        self.uses[id.at()].allocated = true;
        if tensor.origin == Origin::InPlace
            && let Some(parent) = self.reusable(id)
        {
            self.uses[id.at()].offset = self.uses[parent.at()].offset;
            self.uses[parent.at()].allocated = false;
            return;
        }
        self.uses[id.at()].offset = self.buffer.take(tensor.bytes());
    }

    /// The first input that `id` may overwrite: the graph's own, no view, no output, the same layout, and read by
    /// nobody else.
    fn reusable(&self, id: Id) -> Option<Id> {
        let tensor = self.graph.tensor(id);
        self.graph.sources_of(id).iter().copied().find(|&parent| {
            let input = self.graph.tensor(parent);
            let uses = self.uses[parent.at()];
            uses.allocated
                && !input.output
                && input.kind == tensor.kind
                && input.axes == tensor.axes
                && input.strides == tensor.strides
                && uses.readers == 1
                && uses.views == 0
        })
    }

    /// One reader of `id` is done.
    fn release(&mut self, id: Id) {
        let uses = &mut self.uses[id.at()];
        uses.readers -= 1;
        if uses.readers > 0 || uses.views > 0 {
            return;
        }
        if let Some(root) = self.graph.tensor(id).view_of {
            let uses = &mut self.uses[root.at()];
            uses.views -= 1;
            if uses.views == 0 && uses.readers == 0 && uses.allocated {
                self.free(root);
            }
        } else if uses.allocated {
            self.free(id);
        }
    }

    fn free(&mut self, id: Id) {
        let tensor = self.graph.tensor(id);
        if tensor.output {
            return;
        }
        self.uses[id.at()].allocated = false;
        self.buffer
            .give_back(self.uses[id.at()].offset, tensor.bytes());
    }
}
