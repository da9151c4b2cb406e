//! A compute graph as ggml builds it: sizes, views and the order of operations, and no numbers in the tensors.
//!
//! Only what decides about memory is kept: a tensor's layout, what it reads, whether it is a view, and whether its
//! operation may write over its input. The order is that of `ggml_build_forward_expand`: inputs first, left to right.

use crate::gguf::Kind;

/// A tensor of a [`Graph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id(u32);

impl Id {
    pub(super) const fn at(self) -> usize {
        self.0 as usize
    }
}

/// Elements along the four axes, the first one contiguous.
pub(crate) type Axes = [u64; 4];

/// What fills a tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Memory that is not the graph's: weights, caches.
    External,
    /// Set before the graph runs.
    Input,
    /// An operation that needs memory of its own.
    Fresh,
    /// An operation that may write over an input of the same layout (`ggml_op_can_inplace`).
    InPlace,
}

/// One tensor.
#[derive(Debug, Clone)]
pub(super) struct Tensor {
    pub(super) kind: Kind,
    pub(super) axes: Axes,
    /// Bytes from one element to the next along each axis.
    pub(super) strides: Axes,
    pub(super) origin: Origin,
    /// The tensor whose memory this one looks at.
    pub(super) view_of: Option<Id>,
    /// Read after the graph ran: never freed.
    pub(super) output: bool,
    first_source: u32,
    sources: u32,
    visited: bool,
}

impl Tensor {
    /// Bytes the tensor spans.
    pub(super) fn bytes(&self) -> u64 {
        if self.axes.contains(&0) {
            return 0;
        }
        self.kind
            .row_bytes(self.axes[0])
            .saturating_mul(self.axes[1])
            .saturating_mul(self.axes[2])
            .saturating_mul(self.axes[3])
    }
}

/// Tensors, and the operations in the order they run.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(super) tensors: Vec<Tensor>,
    sources: Vec<Id>,
    /// Operations and views, in order.
    pub(super) nodes: Vec<Id>,
    /// Inputs, in the order they were met.
    pub(super) inputs: Vec<Id>,
}

fn contiguous(kind: Kind, axes: Axes) -> Axes {
    let row = kind.row_bytes(axes[0]);
    let plane = row.saturating_mul(axes[1]);
    [
        kind.block_bytes(),
        row,
        plane,
        plane.saturating_mul(axes[2]),
    ]
}

fn count(axes: Axes) -> u64 {
    axes.iter()
        .fold(1, |product, axis| product.saturating_mul(*axis))
}

/// Tensors of a usual graph without repeated blocks.
const USUAL: usize = 512;

impl Graph {
    /// An empty graph with room for a usual one: growing step by step costs as much as building it.
    pub(super) fn with_room() -> Self {
        Self {
            tensors: Vec::with_capacity(USUAL),
            sources: Vec::with_capacity(USUAL),
            nodes: Vec::with_capacity(USUAL),
            inputs: Vec::new(),
        }
    }

    fn push(
        &mut self,
        kind: Kind,
        axes: Axes,
        strides: Axes,
        origin: Origin,
        view_of: Option<Id>,
        sources: &[Id],
    ) -> Id {
        let id = Id(self.tensors.len() as u32);
        let first_source = self.sources.len() as u32;
        self.sources.extend_from_slice(sources);
        self.tensors.push(Tensor {
            kind,
            axes,
            strides,
            origin,
            view_of,
            output: false,
            first_source,
            sources: sources.len() as u32,
            visited: false,
        });
        id
    }

    pub(super) fn tensor(&self, id: Id) -> &Tensor {
        &self.tensors[id.at()]
    }

    /// What `id` reads, in ggml's order.
    pub(super) fn sources_of(&self, id: Id) -> &[Id] {
        let tensor = self.tensor(id);
        let first = tensor.first_source as usize;
        &self.sources[first..first + tensor.sources as usize]
    }

    /// Elements along the axes of `id`.
    pub(crate) fn axes(&self, id: Id) -> Axes {
        self.tensor(id).axes
    }

    /// Bytes from one element to the next along the axes of `id`.
    pub(crate) fn strides(&self, id: Id) -> Axes {
        self.tensor(id).strides
    }

    /// A weight or cache.
    pub(crate) fn external(&mut self, kind: Kind, axes: Axes) -> Id {
        self.push(
            kind,
            axes,
            contiguous(kind, axes),
            Origin::External,
            None,
            &[],
        )
    }

    /// A tensor that is set from outside before the graph runs.
    pub(crate) fn input(&mut self, kind: Kind, axes: Axes) -> Id {
        self.push(kind, axes, contiguous(kind, axes), Origin::Input, None, &[])
    }

    /// The result of an operation in memory of its own.
    pub(crate) fn fresh(&mut self, kind: Kind, axes: Axes, sources: &[Id]) -> Id {
        self.push(
            kind,
            axes,
            contiguous(kind, axes),
            Origin::Fresh,
            None,
            sources,
        )
    }

    /// The result of an element-wise operation, shaped as `like`.
    pub(crate) fn alike(&mut self, like: Id, sources: &[Id]) -> Id {
        let Tensor { kind, axes, .. } = *self.tensor(like);
        self.push(
            kind,
            axes,
            contiguous(kind, axes),
            Origin::InPlace,
            None,
            sources,
        )
    }

    /// A copy of `a` in rows of its own.
    pub(crate) fn copy(&mut self, a: Id) -> Id {
        let Tensor { kind, axes, .. } = *self.tensor(a);
        self.fresh(kind, axes, &[a])
    }

    /// `a` seen with other axes and strides.
    pub(crate) fn view(&mut self, a: Id, axes: Axes, strides: Axes) -> Id {
        self.write_view(a, axes, strides, &[a])
    }

    fn write_view(&mut self, a: Id, axes: Axes, strides: Axes, sources: &[Id]) -> Id {
        let source = self.tensor(a);
        let (kind, root) = (source.kind, source.view_of.unwrap_or(a));
        self.push(kind, axes, strides, Origin::Fresh, Some(root), sources)
    }

    /// `a` with other axes and the same elements.
    pub(crate) fn reshape(&mut self, a: Id, axes: Axes) -> Id {
        let strides = contiguous(self.tensor(a).kind, axes);
        self.view(a, axes, strides)
    }

    /// `a` with its axes moved: axis `i` of `a` becomes axis `to[i]`.
    pub(crate) fn permute(&mut self, a: Id, to: [usize; 4]) -> Id {
        let source = self.tensor(a);
        let (mut axes, mut strides) = ([0; 4], [0; 4]);
        for (from, &target) in to.iter().enumerate() {
            axes[target] = source.axes[from];
            strides[target] = source.strides[from];
        }
        self.view(a, axes, strides)
    }

    /// `a` with its first two axes exchanged.
    pub(crate) fn transpose(&mut self, a: Id) -> Id {
        self.permute(a, [1, 0, 2, 3])
    }

    /// Writes rows of `rows` into `target` at `at`.
    pub(crate) fn set_rows(&mut self, target: Id, rows: Id, at: Id) -> Id {
        let Tensor { axes, strides, .. } = *self.tensor(target);
        self.write_view(target, axes, strides, &[rows, at, target])
    }

    /// Copies `a` into the memory of `target`.
    pub(crate) fn copy_into(&mut self, a: Id, target: Id) -> Id {
        let Tensor { axes, strides, .. } = *self.tensor(target);
        self.write_view(target, axes, strides, &[a, target])
    }

    /// An element-wise operation that surely writes over `a`.
    pub(crate) fn overwrite(&mut self, a: Id) -> Id {
        let Tensor { axes, strides, .. } = *self.tensor(a);
        self.write_view(a, axes, strides, &[a])
    }

    /// `a x b` with `a` transposed, as ggml multiplies: rows of `a` by rows of `b`.
    pub(crate) fn mul_mat(&mut self, a: Id, b: Id) -> Id {
        let (rows, by) = (self.axes(a)[1], self.axes(b));
        self.fresh(Kind::F32, [rows, by[1], by[2], by[3]], &[a, b])
    }

    /// The same with one of several matrices for each column, chosen by `ids`.
    pub(crate) fn mul_mat_id(&mut self, a: Id, b: Id, ids: Id) -> Id {
        let axes = [self.axes(a)[1], self.axes(ids)[0], self.axes(b)[2], 1];
        self.fresh(Kind::F32, axes, &[a, b, ids])
    }

    /// Rows of `a` at `at`.
    pub(crate) fn get_rows(&mut self, a: Id, at: Id) -> Id {
        let (width, at_axes) = (self.axes(a)[0], self.axes(at));
        let axes = [width, at_axes[0], at_axes[1], at_axes[2]];
        self.fresh(Kind::F32, axes, &[a, at])
    }

    /// `a` and `b` behind each other along `axis`.
    pub(crate) fn concat(&mut self, a: Id, b: Id, axis: usize) -> Id {
        let Tensor { kind, mut axes, .. } = *self.tensor(a);
        axes[axis] = axes[axis].saturating_add(self.axes(b)[axis]);
        self.fresh(kind, axes, &[a, b])
    }

    /// The sum (or mean) of each row.
    pub(crate) fn sum_rows(&mut self, a: Id) -> Id {
        let axes = self.axes(a);
        self.fresh(Kind::F32, [1, axes[1], axes[2], axes[3]], &[a])
    }

    /// An operation of two inputs shaped as the first; operations of ggml's `GLU` family have memory of their own.
    pub(crate) fn gated(&mut self, gate: Id, up: Id) -> Id {
        let Tensor { kind, axes, .. } = *self.tensor(gate);
        self.fresh(kind, axes, &[gate, up])
    }

    /// Elements of `id`.
    pub(crate) fn elements(&self, id: Id) -> u64 {
        count(self.axes(id))
    }

    /// Whether the elements of `id` lie side by side.
    pub(crate) fn is_contiguous(&self, id: Id) -> bool {
        let tensor = self.tensor(id);
        tensor.strides == contiguous(tensor.kind, tensor.axes)
    }

    /// Marks `id` as read after the graph ran.
    pub(crate) fn keep(&mut self, id: Id) {
        self.tensors[id.at()].output = true;
    }

    /// Puts `id`, and before it all it reads that is not there yet, at the end of the order.
    pub(crate) fn expand(&mut self, id: Id) {
        if self.tensors[id.at()].visited {
            return;
        }
        self.tensors[id.at()].visited = true;
        for at in 0..self.tensors[id.at()].sources {
            let source = self.sources[(self.tensors[id.at()].first_source + at) as usize];
            self.expand(source);
        }
        match self.tensors[id.at()].origin {
            Origin::External => {}
            Origin::Input => self.inputs.push(id),
            Origin::Fresh | Origin::InPlace => self.nodes.push(id),
        }
    }
}
