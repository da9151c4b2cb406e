// The syntax of specs for editors. It accepts what `grammar/edgeplan.pest` accepts without a finding, and nothing else:
// the slips that the compiler names are errors here. A test holds the two together over all specs of the repository
// and many made ones.

const commaSep = ($, rule) => seq(rule, repeat(seq(",", repeat($._go_on), rule)));

// Words that the expression language keeps for itself.
const RESERVED = ["and", "or", "not", "in", "has", "is", "because", "on", "share", "of"];

module.exports = grammar({
  name: "edgeplan",

  word: ($) => $.identifier,
  extras: ($) => [/[ \t]/, $.comment],
  externals: ($) => [$._open, $._go_on, $.unit],
  reserved: {
    global: (_) => [],
    expression: (_) => RESERVED,
  },

  rules: {
    source_file: ($) =>
      seq(
        repeat($._newline),
        $.version_line,
        repeat(seq($._newline, optional($._statement))),
      ),

    comment: (_) => token(/#[^\r\n]*/),
    _newline: (_) => token(/\r\n|\n|\r/),

    version_line: ($) => seq("edgeplan", alias(token(prec(1, /0*1(\.0+)?/)), $.number)),

    _statement: ($) =>
      choice(
        $.version,
        $.name,
        $.locale,
        $.param,
        $.platform,
        $.ui,
        $.ram,
        $.device,
        $.confidence,
        $.users,
        $.region,
        alias($._top_flag, $.flag),
        $.allow,
        $._choice,
        $.feature,
        $.budget,
        $.fleet,
        $.test,
      ),
    // What may stand at the top level and in a feature.
    _choice: ($) => choice($.require, $.forbid, $.use, $.pin, $.prefer),

    version: ($) => seq("edgeplan", $.number),
    name: ($) => seq("name", $._text),
    locale: ($) => seq("locale", commaSep($, $._word_value)),
    param: ($) =>
      seq(
        "param",
        field("name", $.identifier),
        choice(
          seq(":", field("type", $.type), optional(seq($._assign, $._value))),
          seq($._assign, $._value),
        ),
      ),
    platform: ($) => seq("platform", commaSep($, $.platform_term)),
    platform_term: ($) => seq($._word_value, optional(seq($._relation, choice($.param_ref, $.number)))),
    ui: ($) => seq("ui", $._word_value),
    ram: ($) =>
      seq("ram", choice(seq($._value, "..", repeat($._go_on), $._value), seq(optional($._inequality), $._value))),
    device: ($) => seq("device", commaSep($, $._text)),
    confidence: ($) => seq("confidence", optional($._inequality), $._value),
    users: ($) => seq("users", optional($._inequality), $._value),
    region: ($) => seq(choice("region", "regions"), commaSep($, $._word_value)),
    _top_flag: (_) => choice("offline", "commercial", "non-commercial"),
    allow: ($) => seq("allow", alias($.identifier, $.code), optional($.because)),

    require: ($) => seq("require", $.expression, optional($.because)),
    forbid: ($) => seq("forbid", choice($.expression, $.selection), optional($.because)),
    use: ($) => seq("use", $.selection, optional($.because)),
    selection: ($) =>
      seq(
        field("kind", alias(reserved("expression", $.identifier), $.kind)),
        $._text,
        repeat(seq("|", repeat($._go_on), $._text)),
      ),
    pin: ($) => seq("pin", $.path, $._assign, $._text, optional($.because)),
    prefer: ($) =>
      seq(
        "prefer",
        alias($.identifier, $.objective),
        repeat(seq(">", repeat($._go_on), alias($.identifier, $.objective))),
      ),
    because: ($) => seq("because", $._text),

    feature: ($) =>
      seq(
        "feature",
        field("name", $.identifier),
        optional($._text),
        optional(block($, $._feature_statement)),
      ),
    _feature_statement: ($) =>
      choice(
        $.task,
        $.languages,
        alias($._feature_limit, $.limit),
        $.resident,
        alias($._feature_flag, $.flag),
        $._choice,
      ),
    _feature_flag: (_) => "exclusive",
    task: ($) => seq("task", $._word_value),
    languages: ($) => seq(choice("language", "languages"), commaSep($, $.language_term)),
    language_term: ($) => seq($._word_value, optional(seq("->", repeat($._go_on), $._word_value))),
    _feature_limit: ($) =>
      seq(
        choice("input", "output", "context", "ttft", "decode", "latency", "cold-start", "cold_start", "memory"),
        $._limit,
      ),
    _limit: ($) => seq(optional($._relation), $._value, optional($.of_ram)),
    of_ram: (_) => seq("of", "ram"),
    resident: ($) => seq("resident", "with", commaSep($, $.identifier)),

    budget: ($) => seq("budget", block($, alias($._budget_limit, $.limit))),
    _budget_limit: ($) => seq(choice("memory", "download", "storage", "battery"), $._limit),

    fleet: ($) => seq("fleet", block($, $.share)),
    share: ($) => seq(choice(seq("ram", $._value), seq("device", $._text)), "share", $._value),

    test: ($) => seq("test", $._text, block($, choice($.set, $.expect))),
    set: ($) => seq("set", field("name", $.identifier), $._assign, $._value),
    expect: ($) => seq("expect", choice($.outcome, $.expression), optional($.on)),
    outcome: (_) => choice("feasible", "infeasible"),
    on: ($) => seq("on", choice(seq("ram", $._value), seq(optional("device"), $._text))),

    _value: ($) => choice($.param_ref, $.quantity, $.boolean, $.string, alias($.identifier, $.word)),
    _word_value: ($) => choice($.param_ref, $.string, alias($.identifier, $.word)),
    _text: ($) => choice($.param_ref, $.string),
    type: (_) => token(/[A-Za-z][A-Za-z0-9_-]*/),
    quantity: ($) => seq($.number, optional($.unit)),
    boolean: (_) => choice("true", "false"),
    number: (_) => token(/[0-9]+(_[0-9]+)*(\.[0-9]+)?/),
    string: (_) => token(/"([^"\\\r\n]|\\["\\]|\\[^"\\\r\n])*"/),
    param_ref: (_) => token(/\$[A-Za-z][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*/),
    identifier: (_) => token(/[A-Za-z][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*/),
    _dotted: (_) =>
      token(/[A-Za-z][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*(\.[A-Za-z][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*)+/),
    path: ($) => choice(reserved("expression", $.identifier), $._dotted),

    _assign: ($) => seq("=", repeat($._go_on)),
    // Where a keyword takes its value without a sign, `=` is a slip.
    _inequality: ($) => seq(choice("<=", ">=", "!=", "<", ">"), repeat($._go_on)),
    _relation: ($) => seq(choice("<=", ">=", "!=", "<", ">", "="), repeat($._go_on)),

    // Precedence means nothing for acceptance; the compiler reads expressions flat, too.
    expression: ($) =>
      seq($._operand, repeat(seq(choice($._infix, $._compare), $._operand))),
    _operand: ($) =>
      seq(
        repeat("not"),
        choice($.quantity, $.boolean, $.string, $.list, $.group, $.param_ref, $.path),
        repeat(seq("is", choice("known", "unknown"))),
      ),
    _infix: ($) =>
      seq(choice("or", "and", "in", "has", "+", "-", "*", "/"), repeat($._newline)),
    _compare: ($) => seq(choice("<=", ">=", "!=", "<", ">", "="), repeat($._go_on)),
    group: ($) => seq("(", repeat($._newline), $.expression, repeat($._newline), ")"),
    list: ($) =>
      seq(
        "[",
        repeat($._newline),
        optional(seq($.expression, repeat(seq(",", repeat($._go_on), $.expression)), repeat($._newline))),
        "]",
      ),
  },
});

// A block: one statement a line; the last may stand before the brace.
function block($, statement) {
  return seq(
    $._open,
    repeat(seq(optional(statement), $._newline)),
    optional(statement),
    "}",
  );
}
