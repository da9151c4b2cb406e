(feature "}" @end) @indent
(budget "}" @end) @indent
(fleet "}" @end) @indent
(test "}" @end) @indent
