//! The graph, or the surroundings of one record, in the language of Graphviz.

use std::collections::BTreeSet;

use petgraph::dot::{Config, Dot};
use petgraph::graph::NodeIndex;

use super::{Graph, Node};

impl Graph<'_> {
    /// The whole graph as Graphviz text.
    #[must_use]
    pub fn dot(&self) -> String {
        self.draw(|_| true)
    }

    /// The records of that id and all that hang together with them directly; `None` when nothing has the id.
    #[must_use]
    pub fn dot_around(&self, id: &str) -> Option<String> {
        let centres: BTreeSet<NodeIndex> = self
            .graph
            .node_indices()
            .filter(|at| self.id(self.graph[*at]) == id)
            .collect();
        if centres.is_empty() {
            return None;
        }
        let mut shown = centres.clone();
        for centre in centres {
            shown.extend(self.graph.neighbors_undirected(centre));
        }
        Some(self.draw(|at| shown.contains(&at)))
    }

    fn draw(&self, shown: impl Fn(NodeIndex) -> bool) -> String {
        let part = self.graph.filter_map(
            |at, node| shown(at).then_some(*node),
            |_, edge| Some(edge.id()),
        );
        let node_text = |_, (_, node): (NodeIndex, &Node)| {
            let (shape, colour) = look(*node);
            let id = self.id(*node).replace('"', "'");
            format!("label=\"{id}\" shape={shape} color={colour}")
        };
        let edge_text = |_, edge: petgraph::graph::EdgeReference<'_, &str>| {
            format!("label=\"{}\"", edge.weight())
        };
        let configuration = [Config::NodeNoLabel, Config::EdgeNoLabel];
        let dot = Dot::with_attr_getters(&part, &configuration, &edge_text, &node_text);
        format!("{dot:?}")
    }
}

/// Shape and colour of a kind.
const fn look(node: Node) -> (&'static str, &'static str) {
    match node {
        Node::License(_) => ("note", "gray"),
        Node::Quantization(_) => ("hexagon", "purple"),
        Node::Platform(_) => ("house", "black"),
        Node::Backend(_) => ("component", "orange"),
        Node::Runtime(_) => ("box3d", "red"),
        Node::Soc(_) => ("square", "brown"),
        Node::Device(_) => ("box", "brown"),
        Node::Model(_) => ("ellipse", "blue"),
        Node::Artifact(_) => ("folder", "darkgreen"),
    }
}
