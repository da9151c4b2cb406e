//! What a spec says, statement by statement, each word with its place. Names, units and meaning are not looked at yet.

use super::term::Term;
use crate::diagnostic::{FileId, Span};

/// A word as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// The word.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A number with the unit behind it, if any.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// The number.
    pub value: f64,
    /// The unit as written.
    pub unit: Option<Word>,
    /// Both.
    pub span: Span,
}

/// A value of a statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// Which.
    pub kind: ValueKind,
    /// Where.
    pub span: Span,
}

/// The kinds of value.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueKind {
    /// `$name`, without the sign.
    Param(String),
    /// `8 GB`.
    Number(Number),
    /// `true`, `false`.
    Bool(bool),
    /// A string, its escapes resolved.
    Text(String),
    /// A bare word.
    Word(String),
}

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `or`
    Or,
    /// `and`
    And,
    /// `in`
    In,
    /// `has`
    Has,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

/// `>= 13`: the operator, where it stands, and the value.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// The operator; `None` when left out.
    pub operator: Option<(Operator, Span)>,
    /// The value.
    pub value: Value,
}

/// `android >= 13`.
#[derive(Debug, Clone, PartialEq)]
pub struct PlatformTerm {
    /// The platform.
    pub name: Value,
    /// Its lowest version.
    pub version: Option<Bound>,
}

/// `zh`, or `zh -> en`.
#[derive(Debug, Clone, PartialEq)]
pub struct LanguageTerm {
    /// The language, or the one translated from.
    pub from: Value,
    /// The language translated to.
    pub to: Option<Value>,
}

/// What a `use` or `forbid` line names: `runtime "a" | "b"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// `runtime`, `license`, ...
    pub kind: Word,
    /// The names.
    pub any_of: Vec<Value>,
}

/// `ram 8 GB` or `device "..."` in a fleet or behind `on`.
#[derive(Debug, Clone, PartialEq)]
pub enum ClassTerm {
    /// A RAM class.
    Ram(Value),
    /// A device.
    Device(Value),
}

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Which.
    pub kind: StatementKind,
    /// Its first word.
    pub keyword: Word,
    /// All of it; of a block, its head.
    pub span: Span,
    /// The text behind `because`.
    pub because: Option<Value>,
}

/// The statements of a block.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Block {
    /// In order.
    pub statements: Vec<Statement>,
    /// Its closing brace is there.
    pub closed: bool,
}

/// The kinds of statement.
#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    /// `edgeplan 1`
    Version(Number),
    /// `name "..."`
    Name(Value),
    /// `locale zh-CN, en`
    Locale(Vec<Value>),
    /// `param x = 8 GB`, `param x: language`
    Param {
        /// Its name.
        name: Word,
        /// Its declared type.
        declared: Option<Word>,
        /// Its default.
        default: Option<Value>,
    },
    /// `platform ios >= 17`
    Platform(Vec<PlatformTerm>),
    /// `ui flutter`
    Ui(Value),
    /// `ram 8 GB .. 16 GB`
    RamRange(Value, Value),
    /// `ram >= 8 GB`, `ram 8 GB`
    Ram(Bound),
    /// `device "..."`
    Device(Vec<Value>),
    /// `confidence 90 %`
    Confidence(Bound),
    /// `users 2000000`
    Users(Bound),
    /// `region CN, EU`
    Region(Vec<Value>),
    /// `offline`, `commercial`, `non-commercial`, `exclusive`: the keyword says all
    Flag,
    /// `feature id "title" { ... }`
    Feature {
        /// Its name; `None` when the head has a mistake.
        id: Option<Word>,
        /// Its title.
        title: Option<Value>,
        /// Its statements.
        block: Block,
    },
    /// `budget { ... }`
    Budget(Block),
    /// `fleet { ... }`
    Fleet(Block),
    /// `test "..." { ... }`
    Test {
        /// Its title; `None` when the head has a mistake.
        title: Option<Value>,
        /// Its statements.
        block: Block,
    },
    /// A block of which nobody knows what it is; its statements were read all the same.
    UnknownBlock(Block),
    /// `task analyze`
    Task(Value),
    /// `languages zh -> en`
    Languages(Vec<LanguageTerm>),
    /// `ttft <= 1.5 s`; the keyword says what is limited
    Limit {
        /// The bound.
        bound: Bound,
        /// `of ram` stands behind it.
        of_ram: bool,
    },
    /// `require model.params <= 4 B`
    Require(Term),
    /// `prefer quality > energy`
    Prefer(Vec<Word>),
    /// `use runtime "a" | "b"`
    Use(Selection),
    /// `forbid license "x"`
    ForbidName(Selection),
    /// `forbid model.params > 10 B`
    ForbidCondition(Term),
    /// `pin diary.model = "x"`
    Pin {
        /// What.
        path: Word,
        /// To which name.
        value: Value,
    },
    /// `allow EP0612`
    Allow(Word),
    /// `resident with diary`
    Resident(Vec<Word>),
    /// `ram 8 GB share 55 %`
    Share {
        /// Which phones.
        class: ClassTerm,
        /// How many of all.
        share: Value,
    },
    /// `set min_ram = 6 GB`
    Set {
        /// The parameter.
        name: Word,
        /// Its value.
        value: Value,
    },
    /// `expect feasible`, `expect infeasible`
    ExpectOutcome {
        /// Which of the two.
        feasible: bool,
        /// Only on this class.
        on: Option<ClassTerm>,
    },
    /// `expect diary.memory <= 2 GB on "iPhone 13"`
    Expect {
        /// What must hold.
        condition: Term,
        /// Only on this class.
        on: Option<ClassTerm>,
    },
}

/// A spec, as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// Its file.
    pub file: FileId,
    /// Bytes in it.
    pub length: usize,
    /// Its statements.
    pub statements: Vec<Statement>,
    /// Its comments, `#` included.
    pub comments: Vec<Span>,
    /// Parts of it were not understood, so what seems missing may be there.
    pub damaged: bool,
}
