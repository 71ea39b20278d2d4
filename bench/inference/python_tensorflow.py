"""Files to boxes as Python's TensorFlow does it, a folder of images through a SavedModel: milliseconds an image, as JSON."""

import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from PIL import Image

detect = tf.saved_model.load(sys.argv[1]).signatures["serving_default"]
files = sorted(Path(sys.argv[2]).iterdir())


def run(file):
    pixels = np.asarray(Image.open(file).convert("RGB"))
    return [value.numpy() for value in detect(input_tensor=tf.constant(pixels[np.newaxis])).values()]


run(files[0])
wall, cpu = time.perf_counter(), time.process_time()
for file in files:
    run(file)
count = len(files)
print(json.dumps({"wall": (time.perf_counter() - wall) * 1000 / count, "cpu": (time.process_time() - cpu) * 1000 / count}))
