"""Measures this repository's program against neural-style-pt and against PyTorch loops; see docs/performance.md."""
