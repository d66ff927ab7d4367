"""SplitMix64: random numbers with the same bits in Java and Python.

Element e of stream t under a seed is
    u(seed, t, e) = (mix(key + (e + 1) * GOLDEN) >>> 11) * 2^-53,   key = mix(seed + (t + 1) * GOLDEN)
in [0, 1). In Java: the (e + 1)-th nextDouble() of new SplittableRandom(key).
"""

import numpy as np

GOLDEN = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1


def mix(z: np.ndarray) -> np.ndarray:
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def uniform(seed: int, stream: int, count: int) -> np.ndarray:
    """Returns the first count numbers of a stream, float64 in [0, 1)."""
    start = np.array([(seed + (stream + 1) * GOLDEN) & MASK], dtype=np.uint64)
    key = mix(start)
    steps = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(GOLDEN)
    return (mix(key + steps) >> np.uint64(11)).astype(np.float64) * 2.0**-53
