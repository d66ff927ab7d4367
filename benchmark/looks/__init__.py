"""The choice of the default preset: the method on a grid of knobs, and scores from features that the optimiser does not use."""
