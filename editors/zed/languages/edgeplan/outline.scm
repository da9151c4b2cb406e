; What the outline of an editor lists: the same as the language server's, without the lines inside of blocks.
(param "param" @context name: (identifier) @name) @item
(feature "feature" @context name: (identifier) @name) @item
(budget "budget" @name) @item
(fleet "fleet" @name) @item
(test "test" @context . (string) @name) @item
