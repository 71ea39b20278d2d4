"""Trains the sample project's small detector and writes it as ONNX with the Object Detection API's signature.

    node scripts/sample-model/render-training.mjs /tmp/smears 240
    python scripts/sample-model/train.py /tmp/smears resources/sample-model/model.onnx

Needs torch, numpy, pillow and onnx. A detector in the manner of CenterNet ("Objects as Points"): a heat map of
centres for each class on a grid of 4 pixels, sizes and offsets beside it; its peaks are the boxes. One CPU core
trains it in minutes; the seed is fixed.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

CLASSES = 3
SIZE = (240, 320)
STRIDE = 4
DETECTIONS = 100
STEPS = 1200
BATCH = 8
RATE = 2e-3
SEED = 7


def block(inputs, outputs, stride=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(block(3, 16, 2), block(16, 32, 2), block(32, 32))
        self.down8 = nn.Sequential(block(32, 48, 2), block(48, 48))
        self.down16 = nn.Sequential(block(48, 64, 2), block(64, 64), block(64, 64))
        self.up8 = block(64 + 48, 48)
        self.up4 = block(48 + 32, 48)
        self.heat = nn.Conv2d(48, CLASSES, 1)
        self.shape = nn.Conv2d(48, 4, 1)
        nn.init.constant_(self.heat.bias, -3.0)

    def forward(self, pixels):
        """Grey levels [batch, 3, height, width] to centre scores before the sigmoid, and width, height, offsets."""
        x = F.interpolate(pixels, SIZE, mode="bilinear", align_corners=False) / 127.5 - 1
        four = self.stem(x)
        eight = self.down8(four)
        sixteen = F.interpolate(self.down16(eight), scale_factor=2, mode="nearest")
        merged = F.interpolate(self.up8(torch.cat([sixteen, eight], 1)), scale_factor=2, mode="nearest")
        features = self.up4(torch.cat([merged, four], 1))
        return self.heat(features), self.shape(features)


class Exported(nn.Module):
    """Image in, boxes out: what the Object Detection API's exports do."""

    def __init__(self, detector):
        super().__init__()
        self.detector = detector

    def forward(self, input_tensor):
        heat, shape = self.detector(input_tensor.permute(0, 3, 1, 2).float())
        heat = torch.sigmoid(heat)
        peaks = heat * (F.max_pool2d(heat, 3, 1, 1) == heat)
        rows, columns = SIZE[0] // STRIDE, SIZE[1] // STRIDE
        scores, index = torch.topk(peaks.flatten(1), DETECTIONS)
        cell = index % (rows * columns)
        values = shape.flatten(2).gather(2, cell.unsqueeze(1).expand(-1, 4, -1))
        size = torch.exp(values[:, :2])
        x = (cell % columns).float() + values[:, 2]
        y = torch.div(cell, columns, rounding_mode="floor").float() + values[:, 3]
        left, right = x - size[:, 0] / 2, x + size[:, 0] / 2
        top, bottom = y - size[:, 1] / 2, y + size[:, 1] / 2
        boxes = torch.stack([top / rows, left / columns, bottom / rows, right / columns], 2)
        classes = torch.div(index, rows * columns, rounding_mode="floor").float() + 1
        count = torch.full((1,), float(DETECTIONS))
        return boxes, classes, scores, count


def target(objects):
    """Heat map, shapes, and where shapes count, of one image."""
    rows, columns = SIZE[0] // STRIDE, SIZE[1] // STRIDE
    heat = np.zeros((CLASSES, rows, columns), np.float32)
    shape = np.zeros((4, rows, columns), np.float32)
    mask = np.zeros((rows, columns), np.float32)
    ys, xs = np.mgrid[:rows, :columns]
    for entry in objects:
        x, y, width, height = (value / 2 / STRIDE for value in entry["box"])
        centre_x, centre_y = x + width / 2, y + height / 2
        column, row = min(int(centre_x), columns - 1), min(int(centre_y), rows - 1)
        spread_x, spread_y = max(width / 9, 0.4), max(height / 9, 0.4)
        bump = np.exp(-((xs - column) ** 2) / (2 * spread_x**2) - ((ys - row) ** 2) / (2 * spread_y**2))
        heat[entry["classId"] - 1] = np.maximum(heat[entry["classId"] - 1], bump)
        shape[:, row, column] = np.log(width), np.log(height), centre_x - column, centre_y - row
        mask[row, column] = 1
    return heat, shape, mask


def load(folder):
    pixels, targets = [], []
    for entry in json.loads((folder / "objects.json").read_text()):
        image = np.asarray(Image.open(folder / entry["name"]).convert("RGB"))
        # Halving is what the network's own resize does to 640x480.
        halved = image.reshape(240, 2, 320, 2, 3).astype(np.float32).mean((1, 3))
        pixels.append(halved.transpose(2, 0, 1))
        targets.append(target(entry["objects"]))
    return np.stack(pixels), [np.stack(part) for part in zip(*targets)]


def loss_of(detector, pixels, heat, shape, mask):
    logits, shapes = detector(pixels)
    score = torch.sigmoid(logits).clamp(1e-4, 1 - 1e-4)
    is_centre = (heat > 0.999).float()
    positive = is_centre * (1 - score) ** 2 * torch.log(score)
    negative = (1 - is_centre) * (1 - heat) ** 4 * score**2 * torch.log(1 - score)
    count = mask.sum().clamp(min=1)
    distance = (F.l1_loss(shapes, shape, reduction="none") * mask.unsqueeze(1)).sum() / count
    return -(positive + negative).sum() / count + 2 * distance


def flipped(images, heat, shape, mask):
    """Half of the batches mirrored; offsets mirror about the cell."""
    shape = shape.flip(3).clone()
    shape[:, 2] = torch.where(mask.flip(2) > 0, 1 - shape[:, 2], shape[:, 2])
    return images.flip(3), heat.flip(3), shape, mask.flip(2)


def train(folder):
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    pixels, targets = load(folder)
    detector = Detector()
    optimizer = torch.optim.AdamW(detector.parameters(), lr=RATE, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, STEPS, pct_start=0.1)
    detector.train()
    for step in range(STEPS):
        chosen = random.integers(0, len(pixels), BATCH)
        batch = [torch.from_numpy(part[chosen]) for part in (pixels, *targets)]
        if random.random() < 0.5:
            batch = flipped(*batch)
        levels = batch[0] * float(random.uniform(0.9, 1.1))
        loss = loss_of(detector, levels.clamp(0, 255), *batch[1:])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 50 == 0 or step == STEPS - 1:
            print(f"step {step}: loss {loss.item():.3f}", file=sys.stderr, flush=True)
    return detector.eval()


def main():
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    detector = train(folder)
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        Exported(detector).eval(),
        (torch.zeros(1, 480, 640, 3, dtype=torch.uint8),),
        str(out),
        input_names=["input_tensor"],
        output_names=["detection_boxes", "detection_classes", "detection_scores", "num_detections"],
        dynamic_axes={"input_tensor": {1: "height", 2: "width"}},
        opset_version=17,
        dynamo=False,
    )
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
