[(feature) (budget) (fleet) (test)] @fold
