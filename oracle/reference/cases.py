"""The cases: every preset, and a small base case with every value of every knob that affects the numbers."""

from dataclasses import dataclass, replace

from .knobs import presets


@dataclass(frozen=True)
class StyleCase:
    image: str
    weight: float = 1.0
    mask: str = ""
    style_mask: str = ""


@dataclass(frozen=True)
class Case:
    name: str
    preset: str
    knobs: dict[str, str]  # the differences from the preset
    content: str = "content-40x32-1.png"
    styles: tuple[StyleCase, ...] = (StyleCase("swirl-32x40.png"),)
    network: str = "fixture"  # or embedded: the trained VGG16
    start_only: bool = False  # without steps: only the losses and the gradient at the start


# The base case does not resample images: the content keeps its size, and so do the styles.
PLAIN = {"size_rule": "content"}
# The presets keep their rules for sizes, with the sizes of the fixtures.
SMALL = {"image_size": "40", "image_width": "40", "image_height": "32"}
ADAM_STEPS, LBFGS_STEPS = "20", "10"
# The steps of Adam for a variant of the base case: enough for the bias correction of both moments, for a schedule and
# for three scales. The presets and the base case itself have ADAM_STEPS.
VARIANT_STEPS = "8"

# An objective with few layers in which content, style and tv have similar gradients.
BASE = {
    **PLAIN,
    "backbone": "vgg19",
    "optimize_in": "pixels",
    "feature_scale": "torchvision",  # the scale of the fixtures' network
    "pooling": "average",
    "content_layers": "relu3_2:1",
    "style_layers": "relu1_1:0.5,relu2_1:0.3,relu3_1:0.2",
    "content_weight": "1",
    "style_weight": "2e4",
    "tv_weight": "0.001",
    "init": "image",
    "init_image": "start-40x32.png",
    "optimizer": "adam",
    "learning_rate": "0.02",
    "num_iterations": VARIANT_STEPS,
    "mask_feather": "0",
}
LONG = {"num_iterations": ADAM_STEPS}
LBFGS = {"optimizer": "lbfgs", "learning_rate": "1", "num_iterations": LBFGS_STEPS}
# The first trial step of torch is so short that in float32 the curvature is only rounding error. Ten times that is
# enough.
WOLFE = {"line_search": "strong_wolfe", "learning_rate": "10"}
ARMIJO = {**LBFGS, "line_search": "armijo"}
END_LAYERS = {"style_layers_end": "relu1_1:0.1,relu3_1:0.6,relu3_2:0.3"}
# With style alone, some pixels that start at a bound move far outside the range.
BEYOND = {"init_image": "walls-40x32.png", "content_weight": "0", "tv_weight": "0"}
# The same with bounds: dozens of pixels stay at a bound, with the gradient towards it.
AT_THE_WALLS = {**BEYOND, "bounds": "projected"}
# Three scales of 20, 28 and 40 pixels.
PYRAMID = {
    "smallest_size": "20",
    "scale_ratio": "1.4142135623730951",
    "coarse_share": "0.5",
    "scale_state": "carried",
}
OVERSHOT = {"learning_rate": "0.08", "adam_beta1": "0.98", "num_iterations": "7"}
SIZES = {"image_size": "36", "image_width": "35", "image_height": "44"}
RAW = {"gram": "raw", "style_weight": "3e-6"}
RAW_GATYS = {"gram": "raw", "style_term": "gatys", "style_weight": "4"}
CENTERED = {"gram": "centered", "style_weight": "15"}
PER_ELEMENT = {"style_term": "mean_per_element", "style_weight": "1e9"}
CAFFE = {"feature_scale": "caffe", "content_weight": "3e-4", "style_weight": "0.002"}
DEEP = {
    "content_layers": "relu4_2:1",
    "style_layers": "relu1_1:0.2,relu2_1:0.2,relu3_1:0.2,relu4_1:0.2,relu5_1:0.2",
}
STANDARDIZED = {"optimize_in": "standardized", "learning_rate": "0.1", "tv_weight": "5e-5"}
NORMALIZED = {
    "loss_normalization": "initial",
    "content_weight": "0.5",
    "style_weight": "1",
    "tv_weight": "0.1",
}
MOBILE = {
    "backbone": "mobilenet_v2",
    "content_layers": "features6:1",
    "style_layers": "features0:0.4,features3:0.3,features7:0.3",
    "content_weight": "4",
}

VARIANTS: dict[str, dict[str, str]] = {
    "base": LONG,
    # the network
    "backbone-vgg16": {"backbone": "vgg16", **DEEP},
    "backbone-mobilenet_v2": MOBILE,
    "pooling-max": {"pooling": "max"},
    "padding-replicate": {"padding": "replicate"},
    # the terms
    "feature_scale-caffe": CAFFE,
    "feature_scale-caffe-gatys": {**CAFFE, **RAW_GATYS, "style_weight": "4e-7"},
    "feature_scale-caffe-normalized": {**NORMALIZED, "feature_scale": "caffe"},
    "content_layers-several": {"content_layers": "relu2_2:0.5,conv3_1:0.25,pool3:2"},
    "content_term-half_sum_squares": {"content_term": "half_sum_squares", "content_weight": "1e-4"},
    "gram-raw": RAW,
    "gram-per_position": {"gram": "per_position", "style_weight": "1"},
    "gram-centered": CENTERED,
    "style_term-gatys": RAW_GATYS,
    "style_term-mean_per_element": PER_ELEMENT,
    "style_term-mean_per_element-raw": {
        **RAW,
        "style_term": "mean_per_element",
        "style_weight": "0.05",
    },
    "style_layers_end": END_LAYERS,
    "tv_term-d2l": {"tv_term": "d2l", "tv_weight": "5"},
    "tv_term-absolute": {"tv_term": "absolute", "tv_weight": "5e-4"},
    "tv_term-keras": {"tv_term": "keras", "tv_weight": "1.5e-3"},
    "loss_normalization-initial": NORMALIZED,
    "loss_normalization-initial-half_sum_squares": {
        **NORMALIZED,
        "content_term": "half_sum_squares",
        "gram": "centered",
    },
    # the start
    "init-content": {"init": "content"},
    "init-style": {"init": "style"},
    "init-recolored": {"init": "recolored"},
    "original_colors-match": {"original_colors": "match"},
    # the optimiser
    "optimize_in-standardized": STANDARDIZED,
    "optimize_in-caffe": {"optimize_in": "caffe", "learning_rate": "5", "tv_weight": "2e-8"},
    "learning_rate_schedule-constant": {
        "learning_rate_end": "0.002",
        "learning_rate_decay": "0.7",
        "learning_rate_decay_every": "3",
    },
    "learning_rate_schedule-step": {
        "learning_rate_schedule": "step",
        "learning_rate_decay": "0.7",
        "learning_rate_decay_every": "3",
    },
    "learning_rate_schedule-linear": {
        "learning_rate_schedule": "linear",
        "learning_rate_end": "0.002",
    },
    "learning_rate_schedule-cosine": {
        "learning_rate_schedule": "cosine",
        "learning_rate_end": "0.002",
    },
    "adam-betas": {"adam_beta1": "0.8", "adam_beta2": "0.95", "adam_epsilon": "0.001"},
    "bounds-projected": {"bounds": "projected", "learning_rate": "0.05"},
    "bounds-projected-standardized": {**STANDARDIZED, "bounds": "projected", "learning_rate": "0.3"},
    "bounds-sigmoid": {"bounds": "sigmoid", "learning_rate": "0.1"},
    "bounds-projected-walls": {**AT_THE_WALLS, "learning_rate": "0.05"},
    "keep-average": {"keep": "average", "average_decay": "0.8"},
    # Momentum moves past the minimum, so the best iterate is neither the first nor the last.
    "keep-best": {**OVERSHOT, "keep": "best"},
    "keep-last": {**OVERSHOT, "keep": "last"},
    "keep-best-sigmoid": {
        "keep": "best",
        "learning_rate": "0.8",
        "adam_beta1": "0.98",
        "num_iterations": "8",
        "bounds": "sigmoid",
    },
    # The best by clamped loss is iterate 16, by loss the last.
    "keep-best-clamped": {**BEYOND, "keep": "best", "learning_rate": "0.05", "num_iterations": "18"},
    # The clamped loss has almost stopped decreasing at step 13; the loss continues to decrease.
    "tolerance-clamped": {
        **ARMIJO,
        **BEYOND,
        "num_iterations": "16",
        "tolerance": "0.1",
        "tolerance_window": "2",
    },
    "tolerance-adam": {**LONG, "tolerance": "0.05", "tolerance_window": "3", "learning_rate": "0.1"},
    "tolerance-sigmoid": {
        **LONG,
        "tolerance": "0.1",
        "tolerance_window": "4",
        "bounds": "sigmoid",
        "learning_rate": "0.5",
    },
    "tolerance-lbfgs": {**LBFGS, **WOLFE, "tolerance": "0.2", "tolerance_window": "2", "bounds": "none"},
    "lbfgs-strong_wolfe": {**LBFGS, **WOLFE},
    "lbfgs-strong_wolfe-history-3": {**LBFGS, **WOLFE, "lbfgs_history": "3"},
    "lbfgs-strong_wolfe-sigmoid": {**LBFGS, "line_search": "strong_wolfe", "bounds": "sigmoid"},
    "lbfgs-strong_wolfe-projected": {**LBFGS, **WOLFE, **AT_THE_WALLS},
    "lbfgs-strong_wolfe-style_layers_end": {**LBFGS, **WOLFE, **END_LAYERS},
    "lbfgs-none": {**LBFGS, "line_search": "none", "learning_rate": "0.5"},
    "lbfgs-none-projected": {**LBFGS, **AT_THE_WALLS, "line_search": "none", "learning_rate": "0.5"},
    "lbfgs-armijo": ARMIJO,
    "lbfgs-armijo-first_move": {**ARMIJO, "first_move": "0.01"},
    "lbfgs-armijo-history-3": {**ARMIJO, "lbfgs_history": "3"},
    "lbfgs-armijo-sigmoid": {**ARMIJO, "bounds": "sigmoid"},
    "lbfgs-armijo-projected": {**ARMIJO, **AT_THE_WALLS, "first_move": "0.5"},
    "lbfgs-armijo-restarts": {**ARMIJO, "learning_rate": "1e8"},
    "lbfgs-armijo-style_layers_end": {**ARMIJO, **END_LAYERS},
    "lbfgs-armijo-learning_rate_schedule-linear": {
        **ARMIJO,
        "learning_rate_schedule": "linear",
        "learning_rate_end": "0.2",
    },
    # sizes
    "size_rule-longest": {**SIZES, "size_rule": "longest"},
    "size_rule-shortest": {**SIZES, "size_rule": "shortest"},
    "size_rule-exact": {**SIZES, "size_rule": "exact"},
    "size_rule-content": {**SIZES, "content_weight": "2"},
    "style_scale": {"style_scale": "0.75"},
    "style_scale-crop": {"style_scale": "1.25", "style_fit": "crop"},
    "style_fit-crop": {"style_fit": "crop"},
    "style_fit-pad": {"style_fit": "pad"},
    "style_fit-pad-pyramid": {**PYRAMID, "style_fit": "pad", "style_scale": "1.2"},
    # the start again
    "init-random": {"init": "random", "seed": "20160627"},
    "noise_ratio": {"init": "content", "noise_ratio": "0.3", "seed": "-7"},
    # scales
    "pyramid-adam": {**PYRAMID, "learning_rate_schedule": "cosine", "learning_rate_end": "0.002"},
    "pyramid-adam-fresh": {**PYRAMID, "scale_state": "fresh"},
    "pyramid-adam-style_layers_end": {**PYRAMID, **END_LAYERS, "scale_ratio": "2", "coarse_share": "0.3"},
    "pyramid-adam-tolerance": {**PYRAMID, **LONG, "tolerance": "0.3", "tolerance_window": "3"},
    "pyramid-armijo": {**ARMIJO, **PYRAMID, "bounds": "sigmoid"},
    "pyramid-armijo-fresh": {**ARMIJO, **PYRAMID, "bounds": "sigmoid", "scale_state": "fresh"},
    "pyramid-strong_wolfe": {**LBFGS, **WOLFE, **PYRAMID},
    "pyramid-recolored-normalized": {**NORMALIZED, **PYRAMID, "init": "recolored", "bounds": "projected"},
    "pyramid-random-best-crop": {**PYRAMID, "init": "random", "keep": "best", "style_fit": "crop", "seed": "3"},
    # colours
    "original_colors-luminance_ycbcr": {"original_colors": "luminance_ycbcr"},
    "original_colors-luminance_oklab": {"original_colors": "luminance_oklab"},
}

SEVERAL = (StyleCase("swirl-32x40.png", 0.7), StyleCase("mosaic-40x32.png", 0.3))
LEFT_AND_RIGHT = (
    StyleCase("swirl-32x40.png", 0.6, mask="mask-left-40x32.png"),
    StyleCase("mosaic-40x32.png", 0.4, mask="mask-right-40x32.png"),
)
FROM_A_SPOT = (
    StyleCase(
        "swirl-32x40.png", mask="mask-right-40x32.png", style_mask="mask-spot-32x40.png"
    ),
)
HARD_EDGE = (
    StyleCase("swirl-32x40.png", 0.6, mask="mask-hard-52x44.png"),
    StyleCase("mosaic-40x32.png", 0.3),
    StyleCase("swirl-40x32.png", 0.1),
)
STYLED: dict[str, tuple[tuple[StyleCase, ...], dict[str, str]]] = {
    "style_blend-grams": (SEVERAL, {}),
    "style_blend-losses": (SEVERAL, {"style_blend": "losses"}),
    "style_blend-losses-normalized": (SEVERAL, {**NORMALIZED, "style_blend": "losses"}),
    "style_blend-grams-normalized": (SEVERAL, NORMALIZED),
    "masks-two-regions": (LEFT_AND_RIGHT, {}),
    "masks-two-regions-raw": (LEFT_AND_RIGHT, RAW_GATYS),
    "masks-both-sides-centered": (FROM_A_SPOT, CENTERED),
    "masks-both-sides-normalized": (FROM_A_SPOT, NORMALIZED),
    "masks-both-sides-mean_per_element": (FROM_A_SPOT, PER_ELEMENT),
    "style_fit-crop-style_mask": (FROM_A_SPOT, {"style_fit": "crop"}),
    "style_fit-pad-style_mask": (FROM_A_SPOT, {"style_fit": "pad"}),
    "mask_feather": (HARD_EDGE, {"mask_feather": "6"}),
    "mask_feather-none": (HARD_EDGE, {"mask_feather": "0", "style_blend": "losses"}),
    "mask_feather-pyramid": (HARD_EDGE, {**PYRAMID, "mask_feather": "6"}),
    "original_colors-match-several": (SEVERAL, {"original_colors": "match", "style_blend": "losses"}),
}


def vgg_layers(convolutions: tuple[int, ...]) -> str:
    names = []
    for block, count in enumerate(convolutions, start=1):
        for layer in range(1, count + 1):
            names += [f"conv{block}_{layer}:1", f"relu{block}_{layer}:1"]
        names.append(f"pool{block}:1")
    return ",".join(names)


# Every layer of every backbone, so that layers cannot be confused. One step is enough.
EVERY_LAYER = {
    "vgg19": vgg_layers((2, 2, 4, 4, 4)),
    "vgg16": vgg_layers((2, 2, 3, 3, 3)),
    "mobilenet_v2": ",".join(f"features{index}:1" for index in range(19)),
}


# The content images, which differ only in their noise. Deep networks with max pooling amplify rounding errors when
# a maximum moves to another position. With these images, float32 follows float64 for the longest time.
GRAIN = {"balanced": 5, "gatys": 2, "d2l": 4, "pytorch": 2, "scheduled": 2, "keras-as-printed": 2}


def preset_case(name: str, values: dict[str, str]) -> Case:
    steps = ADAM_STEPS if values["optimizer"] == "adam" else LBFGS_STEPS
    content = f"content-40x32-{GRAIN.get(name, 1)}.png"
    small = {key: value for key, value in SMALL.items() if values[key] != "0"}
    if values["size_rule"] == "shortest":
        small["image_size"] = "32"
    knobs = {**small, "backbone": "vgg19", "num_iterations": steps}
    return Case(f"preset-{name}", name, knobs, content)


# On VGG16, the last ReLU of a block replaces the fourth convolution.
STAND_INS = {
    "d2l": {"content_layers": "relu4_3:1"},
    "scheduled-as-printed": {
        "style_layers": "relu1_1:0.1,relu2_1:0.15,relu3_1:0.2,pool3:0.25,relu4_3:0.3",
        "style_layers_end": "relu1_1:0.3,relu2_1:0.25,relu3_1:0.2,pool3:0.15,relu4_3:0.1",
    },
}
TRAINED = {
    "content": "photo-96x64.png",
    "styles": (StyleCase("painting-96x64.png"),),
    "network": "embedded",
}


def trained_case(name: str, values: dict[str, str]) -> Case:
    """The start of a preset on the trained network. The start image is the recoloured photo, so that no term is 0."""
    sizes = {"image_size": "96", "image_width": "96", "image_height": "64"}
    small = {key: value for key, value in sizes.items() if values[key] != "0"}
    if values["size_rule"] == "shortest":
        small["image_size"] = "64"
    knobs = {
        **small,
        **STAND_INS.get(name, {}),
        "backbone": "vgg16",
        "init": "recolored",
        "num_iterations": "1",
    }
    return Case(f"trained-{name}", name, knobs, start_only=True, **TRAINED)


# Cases whose content is resampled.
LARGER = {"content": "content-64x48.png", "styles": (StyleCase("swirl-48x64.png"),)}


def all_cases() -> list[Case]:
    cases = [preset_case(name, values) for name, values in presets().items()]
    # Gatys' objective also with Adam, as in published recipes.
    cases.append(
        Case(
            "preset-gatys-adam",
            "gatys",
            {
                **PLAIN,
                "backbone": "vgg19",
                "optimizer": "adam",
                "learning_rate": "1",
                "num_iterations": ADAM_STEPS,
            },
            content=f"content-40x32-{GRAIN.get('gatys-adam', 1)}.png",
        )
    )
    for name, knobs in VARIANTS.items():
        case = Case(name, "gatys", {**BASE, **knobs})
        if name == "init-style":
            case = replace(case, styles=tuple(reversed(SEVERAL)))
        if name.startswith("size_rule"):
            case = replace(case, **LARGER)
        cases.append(case)
    for name, (styles, knobs) in STYLED.items():
        cases.append(Case(name, "gatys", {**BASE, **knobs}, styles=styles))
    for backbone, layers in EVERY_LAYER.items():
        knobs = {
            **BASE,
            **NORMALIZED,
            "backbone": backbone,
            "content_layers": layers,
            "style_layers": layers,
            "init": "content",
            "init_image": "",
            "num_iterations": "2",
        }
        cases.append(Case(f"layers-{backbone}", "gatys", knobs, **LARGER))
    cases += [trained_case(name, values) for name, values in presets().items()]
    return cases
