[(feature) (budget) (fleet) (test)] @indent
"}" @outdent
