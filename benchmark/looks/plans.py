"""The settings that looks.grid tries: for each plan its stages, in order: (split, size, {label: knobs}, which half of the pairs).

The first word of a label gives the style layers and the padding: cwX is the earlier preset (five layers, replicate) with
a content weight of X; five-zeros, four-zeros and four-replicate name both. Four layers are relu1_1 to relu4_1, a quarter each.
"""

from dataclasses import replace

from .method import EQUAL, Knobs

FIRST, REST = True, False


def layers(*weights: float) -> tuple:
    return tuple(zip(EQUAL, weights))


def equally(*names: str) -> tuple:
    return tuple((name, 1 / len(names)) for name in names)


FOUR = layers(0.25, 0.25, 0.25, 0.25, 0)
LAYER_WEIGHTS = {
    "shallow": layers(0.3, 0.25, 0.2, 0.15, 0.1),
    "deep": layers(0.1, 0.15, 0.2, 0.25, 0.3),
    "no5": FOUR,
    "half5": layers(0.225, 0.225, 0.225, 0.225, 0.1),
    "no1": layers(0, 0.25, 0.25, 0.25, 0.25),
    "middle": layers(0.1, 0.2, 0.4, 0.2, 0.1),
    "strokes": layers(0.1, 0.2, 0.3, 0.3, 0.1),
    "seconds": equally("relu1_2", "relu2_2", "relu3_2", "relu4_2", "relu5_2"),
    "all": equally(*"relu1_1 relu1_2 relu2_1 relu2_2 relu3_1 relu3_2 relu3_3 relu4_1 relu4_2 relu4_3 relu5_1".split()),
    "ten": equally(*"relu1_1 relu1_2 relu2_1 relu2_2 relu3_1 relu3_3 relu4_1 relu4_3 relu5_1 relu5_3".split()),
}
CONTENT_LAYERS = {
    "relu4_1": (("relu4_1", 1.0),),
    "relu3_3": (("relu3_3", 1.0),),
    "relu5_2": (("relu5_2", 1.0),),
    "relu3_2+4_2": (("relu3_2", 0.3), ("relu4_2", 0.7)),
}

CHOSEN = replace(Knobs(), content_weight=0.05, padding="zeros", style_layers=FOUR)


def variants(prefix: str, base: Knobs, changes: dict[str, dict]) -> dict[str, Knobs]:
    return {f"{prefix}-{name}": replace(base, **own) for name, own in changes.items()}


def at(size: int, knobs: dict[str, Knobs]) -> dict[str, Knobs]:
    return {label: replace(own, image_size=size) for label, own in knobs.items()}


def weights(prefix: str, base: Knobs, *values: float) -> dict[str, Knobs]:
    return {f"{prefix}cw{value:g}": replace(base, content_weight=value) for value in values}


def first() -> list:
    """Each knob alone, starting from the earlier preset."""
    small = replace(Knobs(), num_iterations=60, saves=(10, 20, 30, 45))
    mid = replace(small, content_weight=0.05)
    one = weights("", small, 0.3, 0.1, 0.05, 0.03, 0.02, 0.2, 0.07, 0.01)
    one |= variants("cw0.05", mid, {f"tv{t:g}": {"tv_weight": t} for t in (0, 0.01, 0.1, 0.3)})
    for weight in (0.1, 0.03, 0.02):
        one |= variants(f"cw{weight:g}", replace(small, content_weight=weight), {f"tv{t:g}": {"tv_weight": t} for t in (0.01, 0.1)})
    one["cw0.1-content"] = replace(small, content_weight=0.1, init="content")
    one |= variants(
        "cw0.05",
        mid,
        {
            "content": {"init": "content"},
            "random": {"init": "random"},
            "noise0.1": {"noise_ratio": 0.1},
            **{f"scale{s:g}": {"style_scale": s} for s in (0.5, 0.75, 1.5, 2)},
            **{name: {"style_layers": LAYER_WEIGHTS[name]} for name in "shallow deep no5 half5 no1 middle strokes".split()},
        },
    )
    three = {
        **{f"cw{w:g}-per_element": replace(small, gram="per_element", content_weight=w) for w in (0.1, 0.03, 0.3)},
        **{f"cw{w:g}-max": replace(small, pooling="max", content_weight=w) for w in (0.1, 0.05)},
        **variants(
            "cw0.05",
            mid,
            {
                "zeros": {"padding": "zeros"},
                **{name: {"style_layers": LAYER_WEIGHTS[name]} for name in ("seconds", "all", "ten")},
                **{f"content-{name}": {"content_layers": value} for name, value in CONTENT_LAYERS.items()},
                "from128": {"smallest_size": 128, "num_iterations": 30, "saves": ()},
                "from128-share0.3": {"smallest_size": 128, "num_iterations": 30, "saves": (), "coarse_share": 0.3},
                "move0.1": {"first_move": 0.1},
                "move0.5": {"first_move": 0.5},
                "tv-d2l": {"tv_term": "d2l"},
                "tv-d2l0.1": {"tv_term": "d2l", "tv_weight": 0.1},
                "fp32": {"precision": "float32"},
            },
        ),
    }
    large = replace(Knobs(), image_size=512)
    big = replace(large, content_weight=0.05)
    two = weights("", large, 0.1, 0.05, 0.03, 0.02, 0.3) | variants(
        "cw0.05",
        big,
        {
            "one-scale": {"smallest_size": 0, "saves": (20,)},
            "from128": {"smallest_size": 128},
            "tv0.1": {"tv_weight": 0.1},
            "tv0.01": {"tv_weight": 0.01},
            "steps60": {"num_iterations": 60},
            "steps20": {"num_iterations": 20},
            "share0.7": {"coarse_share": 0.7},
        },
    )
    four = {
        "cw0.1-tv0.1": replace(large, content_weight=0.1, tv_weight=0.1),
        "cw0.03-tv0.1": replace(large, content_weight=0.03, tv_weight=0.1),
        **variants("cw0.05", big, {name: {"style_layers": LAYER_WEIGHTS[name]} for name in ("deep", "no5", "strokes")}),
        **variants(
            "cw0.05",
            big,
            {
                "scale0.75": {"style_scale": 0.75},
                "scale1.5": {"style_scale": 1.5},
                "content": {"init": "content"},
                "zeros": {"padding": "zeros"},
                "share0.3": {"coarse_share": 0.3},
                "ratio1.41": {"smallest_size": 128, "scale_ratio": 2**0.5},
                "steps45": {"num_iterations": 45},
            },
        ),
        **variants(
            "cw0.1",
            replace(large, content_weight=0.1),
            {"max": {"pooling": "max"}, "per_element": {"gram": "per_element"}, "from128": {"smallest_size": 128}},
        ),
    }
    held = weights("", Knobs(), 0.1, 0.05, 0.03, 0.02, 0.3)
    held |= {f"cw{w:g}-tv0.1": replace(Knobs(), content_weight=w, tv_weight=0.1) for w in (0.1, 0.05, 0.03)}
    held["cw0.05-deep"] = replace(held["cw0.05"], style_layers=LAYER_WEIGHTS["deep"])
    no5 = {"cw0.05-no5": replace(Knobs(), content_weight=0.05, style_layers=FOUR, saves=(20,))}
    return [
        ("tune", 256, one, FIRST),
        ("tune", 512, two, FIRST),
        ("tune", 256, three, FIRST),
        ("held", 512, at(512, held), FIRST),
        ("held", 256, {label: replace(own, saves=(20,)) for label, own in held.items()} | no5, FIRST),
        ("tune", 512, four, FIRST),
        ("held", 512, at(512, held), REST),
    ]


def second() -> list:
    """Around the choice, with four layers and zeros: every other knob again, and the best settings on all pairs."""
    finalists = weights("four-zeros-", CHOSEN, 0.1, 0.07, 0.05, 0.03)
    finalists |= weights("four-replicate-", replace(CHOSEN, padding="replicate"), 0.05, 0.1)
    finalists["five-zeros-cw0.1"] = replace(Knobs(), content_weight=0.1, padding="zeros")
    around = variants(
        "four-zeros",
        CHOSEN,
        {
            "relu5-0.1": {"style_layers": layers(0.225, 0.225, 0.225, 0.225, 0.1)},
            "relu5-0.05": {"style_layers": layers(0.2375, 0.2375, 0.2375, 0.2375, 0.05)},
            "shallow": {"style_layers": layers(0.35, 0.3, 0.2, 0.15, 0)},
            "middle": {"style_layers": layers(0.1, 0.2, 0.35, 0.35, 0)},
            "deep": {"style_layers": layers(0.1, 0.2, 0.3, 0.4, 0)},
            "tv0.01": {"tv_weight": 0.01},
            "tv0.06": {"tv_weight": 0.06},
            "tv0.1": {"tv_weight": 0.1},
            "max": {"pooling": "max"},
            "per_element": {"gram": "per_element"},
            "content": {"init": "content"},
            "content-relu4_1": {"content_layers": CONTENT_LAYERS["relu4_1"]},
            "content-relu3_3": {"content_layers": CONTENT_LAYERS["relu3_3"]},
            "cw0.02": {"content_weight": 0.02},
            "steps20": {"num_iterations": 20},
            "steps45": {"num_iterations": 45},
            "move0.1": {"first_move": 0.1},
            "from128": {"smallest_size": 128},
        },
    )
    pyramid = variants(
        "four-zeros",
        CHOSEN,
        {"share0.3": {"coarse_share": 0.3}, "share0.7": {"coarse_share": 0.7}, "one-scale": {"smallest_size": 0}},
    )
    everywhere = [(split, half) for split, half in (("held", FIRST), ("held", REST), ("tune", REST))]
    return [
        ("tune", 512, at(512, finalists | around | pyramid), FIRST),
        ("tune", 256, finalists | around, FIRST),
        *[(split, size, at(size, finalists), half) for split, half in everywhere for size in (512, 256)],
    ]


def third() -> list:
    """The choice with other content weights, and settings that may lower the frame number, on all pairs."""
    shown = weights("four-zeros-", CHOSEN, 0.05, 0.3, 0.1, 0.03)
    frame = variants(
        "four-zeros",
        CHOSEN,
        {
            "steps45": {"num_iterations": 45},
            "steps60": {"num_iterations": 60},
            "tv0.06": {"tv_weight": 0.06},
            "steps45-tv0.06": {"num_iterations": 45, "tv_weight": 0.06},
            "relu5-0.05": {"style_layers": layers(0.2375, 0.2375, 0.2375, 0.2375, 0.05)},
            "relu5-0.1": {"style_layers": layers(0.225, 0.225, 0.225, 0.225, 0.1)},
        },
    )
    return [
        *[("held", 512, at(512, shown), half) for half in (FIRST, REST)],
        *[("held", 256, {"four-zeros-cw0.3": shown["four-zeros-cw0.3"]}, half) for half in (FIRST, REST)],
        *[(split, size, at(size, frame), half) for split in ("held", "tune") for size in (512, 256) for half in (FIRST, REST)],
    ]


def frame() -> list:
    """The choice on a larger canvas that is cropped, so that no border is visible; and with a mirrored border."""
    control = variants("four-zeros", CHOSEN, {f"margin{margin}": {"margin": margin} for margin in (4, 8, 16)})
    control |= variants("four-reflect", replace(CHOSEN, padding="reflect"), {"cw0.05": {}, "margin8": {"margin": 8}})
    return [(split, size, at(size, control), half) for split in ("held", "tune") for size in (512, 256) for half in (FIRST, REST)]


def chosen() -> list:
    """Only the choice, on all pairs."""
    return [
        (split, size, at(size, {"four-zeros-cw0.05": CHOSEN}), half)
        for size in (256, 512)
        for split in ("tune", "held")
        for half in (FIRST, REST)
    ]


PLANS = {"first": first, "second": second, "third": third, "frame": frame, "chosen": chosen}
