"""Measurements for the choice of the default preset: images for a grid of knobs, with scores from features that the
optimiser does not use."""
