"""How the default preset was chosen: the method on a grid of knobs, and numbers for looks that the optimiser has not seen."""
