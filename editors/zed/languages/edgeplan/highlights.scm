(comment) @comment
(string) @string
(number) @number
(unit) @constant.builtin
(boolean) @boolean
(outcome) @constant.builtin
(code) @constant

["feature" "budget" "fleet" "test"] @keyword
[
  "edgeplan" "name" "locale" "param" "platform" "ui" "ram" "device" "offline" "confidence" "commercial"
  "non-commercial" "users" "region" "regions" "task" "language" "languages" "input" "output" "context" "ttft"
  "decode" "latency" "cold-start" "cold_start" "memory" "download" "storage" "battery" "require" "forbid" "use"
  "pin" "allow" "prefer" "resident" "exclusive" "set" "expect"
] @keyword
["because" "with" "share" "of" "on"] @keyword
["and" "or" "not" "in" "has" "is" "known" "unknown"] @keyword.operator
["<=" ">=" "!=" "<" ">" "=" "->" ".." "|" "+" "-" "*" "/"] @operator
["," ":"] @punctuation.delimiter
["(" ")" "[" "]" "}"] @punctuation.bracket

(feature name: (identifier) @type)
(resident (identifier) @type)
(param name: (identifier) @variable.parameter)
(set name: (identifier) @variable.parameter)
(param_ref) @variable.parameter
(path) @property
(word) @constant
(kind) @property
(objective) @constant
(type) @type.builtin
