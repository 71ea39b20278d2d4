"""Trains the sample project's small detector and writes it as ONNX with the Object Detection API's signature.

    python train.py FOLDER MODEL.onnx        (npm run sample:model does it all)

FOLDER: what `render-training.mjs` makes. A detector in the manner of CenterNet ("Objects as Points"): a heat map of
centres for each class on a grid of 4 pixels, sizes and offsets beside it; its peaks are the boxes. Seeds are fixed, and
operations keep one order of adding up, so that a second training gives the same detector on the same machine.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf
import tf2onnx
from PIL import Image

CLASSES = 3
ROWS, COLUMNS = 60, 80
STRIDE = 4
HEIGHT, WIDTH = ROWS * STRIDE, COLUMNS * STRIDE
DETECTIONS = 100
STEPS = 2200
BATCH = 8
RATE = 2e-3
WARM_UP = 0.1
SEED = 7
OPSET = 17

layers = tf.keras.layers


def block(x, channels, stride=1):
    # Both sides padded alike, whatever the stride, so that cells stay where the pixels are.
    x = layers.ZeroPadding2D(1)(x)
    x = layers.Conv2D(channels, 3, stride, use_bias=False, kernel_initializer="he_normal")(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    return layers.ReLU()(x)


def network():
    """Grey levels [batch, 240, 320, 3] to centre scores before the sigmoid, and log width, log height, offsets."""
    image = layers.Input((HEIGHT, WIDTH, 3))
    four = block(block(block(layers.Rescaling(1 / 127.5, -1)(image), 16, 2), 32, 2), 32)
    eight = block(block(four, 48, 2), 48)
    sixteen = block(block(block(eight, 64, 2), 64), 64)
    merged = block(layers.Concatenate()([layers.UpSampling2D()(sixteen), eight]), 48)
    features = block(layers.Concatenate()([layers.UpSampling2D()(merged), four]), 48)
    rare = tf.keras.initializers.Constant(-3.0)
    heat = layers.Conv2D(CLASSES, 1, bias_initializer=rare)(features)
    shape = layers.Conv2D(4, 1)(features)
    return tf.keras.Model(image, [heat, shape])


def target(objects):
    """Heat map, shapes, and where shapes count, of one image of 640 x 480."""
    heat = np.zeros((ROWS, COLUMNS, CLASSES), np.float32)
    shape = np.zeros((ROWS, COLUMNS, 4), np.float32)
    mask = np.zeros((ROWS, COLUMNS, 1), np.float32)
    ys, xs = np.mgrid[:ROWS, :COLUMNS]
    for entry in objects:
        x, y, width, height = (value / 2 / STRIDE for value in entry["box"])
        centre_x, centre_y = x + width / 2, y + height / 2
        column, row = min(int(centre_x), COLUMNS - 1), min(int(centre_y), ROWS - 1)
        spread_x, spread_y = max(width / 9, 0.4), max(height / 9, 0.4)
        bump = np.exp(-((xs - column) ** 2) / (2 * spread_x**2) - ((ys - row) ** 2) / (2 * spread_y**2))
        plane = heat[..., entry["classId"] - 1]
        np.maximum(plane, bump, out=plane)
        shape[row, column] = np.log(width), np.log(height), centre_x - column, centre_y - row
        mask[row, column] = 1
    return heat, shape, mask


def load(folder):
    pixels, targets = [], []
    for entry in json.loads((folder / "objects.json").read_text()):
        image = np.asarray(Image.open(folder / entry["name"]).convert("RGB"))
        # Halving is what the network's own resize does to 640 x 480.
        halved = image.reshape(HEIGHT, 2, WIDTH, 2, 3).astype(np.float32).mean((1, 3))
        pixels.append(halved)
        targets.append(target(entry["objects"]))
    return np.stack(pixels), [np.stack(part) for part in zip(*targets)]


def loss_of(logits, shapes, heat, shape, mask):
    score = tf.clip_by_value(tf.sigmoid(logits), 1e-4, 1 - 1e-4)
    is_centre = tf.cast(heat > 0.999, tf.float32)
    positive = is_centre * (1 - score) ** 2 * tf.math.log(score)
    negative = (1 - is_centre) * (1 - heat) ** 4 * score**2 * tf.math.log(1 - score)
    count = tf.maximum(tf.reduce_sum(mask), 1)
    distance = tf.reduce_sum(tf.abs(shapes - shape) * mask) / count
    return -tf.reduce_sum(positive + negative) / count + 4 * distance


def mirrored(images, heat, shape, mask):
    """Left to right; offsets mirror about their cell."""
    shape = shape[:, :, ::-1].copy()
    mask = mask[:, :, ::-1]
    shape[..., 2] = np.where(mask[..., 0] > 0, 1 - shape[..., 2], shape[..., 2])
    return images[:, :, ::-1], heat[:, :, ::-1], shape, mask


def rate_at(step):
    """Up in a tenth of the steps, then down along half a cosine."""
    warm_up = WARM_UP * STEPS
    if step < warm_up:
        return RATE * (0.04 + 0.96 * step / warm_up)
    return RATE * 0.5 * (1 + np.cos(np.pi * (step - warm_up) / (STEPS - warm_up)))


def train(folder):
    tf.keras.utils.set_random_seed(SEED)
    tf.config.experimental.enable_op_determinism()
    random = np.random.default_rng(SEED)
    pixels, targets = load(folder)
    detector = network()
    optimizer = tf.keras.optimizers.AdamW(RATE, weight_decay=1e-4)
    optimizer.build(detector.trainable_variables)

    @tf.function
    def learn(images, heat, shape, mask):
        with tf.GradientTape() as tape:
            logits, shapes = detector(images, training=True)
            loss = loss_of(logits, shapes, heat, shape, mask)
        gradients = tape.gradient(loss, detector.trainable_variables)
        optimizer.apply_gradients(zip(gradients, detector.trainable_variables))
        return loss

    for step in range(STEPS):
        chosen = random.integers(0, len(pixels), BATCH)
        images, *wanted = (part[chosen] for part in (pixels, *targets))
        if random.random() < 0.5:
            images, *wanted = mirrored(images, *wanted)
        # Lamps and exposures differ.
        images = np.clip(images * random.uniform(0.9, 1.1), 0, 255)
        optimizer.learning_rate.assign(rate_at(step))
        loss = learn(*(tf.constant(np.ascontiguousarray(part), tf.float32) for part in (images, *wanted)))
        if step % 50 == 0 or step == STEPS - 1:
            print(f"step {step}: loss {float(loss):.3f}", file=sys.stderr, flush=True)
    return detector


def export(detector, out):
    """Image in, boxes out: what the Object Detection API's exports do."""

    @tf.function(input_signature=[tf.TensorSpec([1, None, None, 3], tf.uint8, name="input_tensor")])
    def detect(input_tensor):
        resized = tf.image.resize(tf.cast(input_tensor, tf.float32), (HEIGHT, WIDTH))
        logits, shapes = detector(resized, training=False)
        heat = tf.sigmoid(logits)
        peaks = tf.where(tf.nn.max_pool2d(heat, 3, 1, "SAME") == heat, heat, 0.0)
        scores, index = tf.math.top_k(tf.reshape(peaks, [1, -1]), DETECTIONS)
        cell = index // CLASSES
        values = tf.gather(tf.reshape(shapes, [-1, 4]), cell[0])
        width, height = tf.exp(values[:, 0]), tf.exp(values[:, 1])
        x = tf.cast(cell[0] % COLUMNS, tf.float32) + values[:, 2]
        y = tf.cast(cell[0] // COLUMNS, tf.float32) + values[:, 3]
        sides = [(y - height / 2) / ROWS, (x - width / 2) / COLUMNS, (y + height / 2) / ROWS, (x + width / 2) / COLUMNS]
        return {
            "detection_boxes": tf.stack(sides, 1)[tf.newaxis],
            "detection_classes": tf.cast(index % CLASSES + 1, tf.float32),
            "detection_scores": scores,
            "num_detections": tf.fill([1], float(DETECTIONS)),
        }

    out.parent.mkdir(parents=True, exist_ok=True)
    tf2onnx.convert.from_function(detect, detect.input_signature, opset=OPSET, output_path=str(out))
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB", file=sys.stderr)


if __name__ == "__main__":
    export(train(Path(sys.argv[1])), Path(sys.argv[2]))
