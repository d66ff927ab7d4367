"""Stands for neural-style-pt, which CI cannot download: it takes the same options and saves the photo, slightly blurred, as its result."""

import argparse

from PIL import Image, ImageFilter

parser = argparse.ArgumentParser()
parser.add_argument("-content_image", required=True)
parser.add_argument("-output_image", required=True)
options, _ = parser.parse_known_args()
Image.open(options.content_image).convert("RGB").filter(ImageFilter.GaussianBlur(1)).save(options.output_image)
