//! The part of XML Schema that the published schema of JUnit reports uses: named elements, their attributes, and which
//! elements may stand in them. What it does not know stops the test.

use roxmltree::{Document, Node};

/// What a schema says against a document: the path and what is wrong there.
pub(crate) fn faults(schema: &str, document: &str) -> Vec<String> {
    let schema = Document::parse(schema).expect("a schema");
    let document = Document::parse(document).expect("XML");
    let mut faults = Vec::new();
    let root = document.root_element();
    match top(&schema, "element", root.tag_name().name()) {
        Some(declared) => visit(&schema, declared, root, "", &mut faults),
        None => faults.push(format!("{}: not declared", root.tag_name().name())),
    }
    faults
}

/// A declaration directly below the schema.
fn top<'s>(schema: &'s Document<'s>, kind: &str, name: &str) -> Option<Node<'s, 's>> {
    let mut children = schema.root_element().children();
    children.find(|node| node.tag_name().name() == kind && node.attribute("name") == Some(name))
}

fn visit(
    schema: &Document<'_>,
    declared: Node<'_, '_>,
    found: Node<'_, '_>,
    above: &str,
    faults: &mut Vec<String>,
) {
    let name = found.tag_name().name();
    let at = format!("{above}/{name}");
    if declared.attribute("type") == Some("xs:string") {
        let plain = found.attributes().len() == 0 && !found.children().any(|n| n.is_element());
        if !plain {
            faults.push(format!("{at}: more than text"));
        }
        return;
    }
    let kind = match declared.attribute("type") {
        Some(kind) => top(schema, "complexType", kind).expect("a named type"),
        None => {
            let mut inner = declared.children().filter(Node::is_element);
            inner.next().expect("a type")
        }
    };
    assert_eq!(kind.tag_name().name(), "complexType");
    let attributes = || {
        kind.children()
            .filter(|node| node.tag_name().name() == "attribute")
    };
    for own in found.attributes() {
        if !attributes().any(|known| known.attribute("name") == Some(own.name())) {
            faults.push(format!("{at}: attribute {}", own.name()));
        }
    }
    for known in attributes().filter(|known| known.attribute("use") == Some("required")) {
        let name = known.attribute("name").expect("a name");
        if found.attribute(name).is_none() {
            faults.push(format!("{at}: no attribute {name}"));
        }
    }
    let mut allowed = Vec::new();
    members(kind, &mut allowed);
    for child in found.children().filter(Node::is_element) {
        let name = child.tag_name().name();
        match allowed.iter().find(|(known, _)| *known == name) {
            Some((_, true)) => {
                let declared = top(schema, "element", name).expect("an element");
                visit(schema, declared, child, &at, faults);
            }
            Some((_, false)) => {}
            None => faults.push(format!("{at}/{name}: not allowed here")),
        }
    }
    let mixed = kind.attribute("mixed") == Some("true");
    let text = found.children().filter(Node::is_text);
    let mut text = text.filter_map(|node| node.text());
    if !mixed && text.any(|text| !text.trim().is_empty()) {
        faults.push(format!("{at}: text"));
    }
}

/// The elements that may stand in a type, and whether each is declared at the top. In this schema every group may be
/// repeated, so their order says nothing.
fn members<'s>(group: Node<'s, 's>, into: &mut Vec<(&'s str, bool)>) {
    for node in group.children().filter(Node::is_element) {
        match node.tag_name().name() {
            "sequence" | "choice" => members(node, into),
            "element" => match node.attribute("ref") {
                Some(name) => into.push((name, true)),
                None => into.push((node.attribute("name").expect("a name"), false)),
            },
            "attribute" => {}
            other => panic!("unknown declaration {other}"),
        }
    }
}

#[test]
fn a_fault_is_found_at_its_place() {
    let schema = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>
      <xs:element name='note' type='xs:string'/>
      <xs:element name='list'><xs:complexType><xs:choice>
        <xs:element ref='note'/><xs:element ref='list'/>
      </xs:choice><xs:attribute name='id' use='required'/></xs:complexType></xs:element>
    </xs:schema>";
    let of = |document: &str| faults(schema, document);
    assert_eq!(
        of("<list id='1'><note>a</note><list id='2'/></list>"),
        [""; 0]
    );
    assert_eq!(
        of("<list id='1' x=''><note y=''/><list/><odd/>t</list>"),
        [
            "/list: attribute x",
            "/list/note: more than text",
            "/list/list: no attribute id",
            "/list/odd: not allowed here",
            "/list: text"
        ]
    );
    assert_eq!(of("<odd/>"), ["odd: not declared"]);
}
