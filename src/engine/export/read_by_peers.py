"""Reads a dataset with other people's readers, and prints its boxes as JSON:
{file name: [[class, x, y, width, height], ...]}, predictions with a score as a sixth.

    python read_by_peers.py FORMAT PATH [TRUTH]
"""

import json
import sys
from collections import defaultdict
from pathlib import Path


def with_pycocotools(path, truth=None):
    from pycocotools.coco import COCO

    coco = COCO(truth or path)
    names = {image["id"]: image["file_name"] for image in coco.dataset["images"]}
    classes = {entry["id"]: entry["name"] for entry in coco.dataset["categories"]}
    # Asked for as its evaluation does, by image and class, so that its indices are what is tested.
    boxes = {name: [] for name in names.values()}
    source = coco.loadRes(path) if truth else coco
    for image, name in names.items():
        for category in classes:
            for entry in source.loadAnns(source.getAnnIds(imgIds=[image], catIds=[category])):
                score = [entry["score"]] if truth else []
                boxes[name].append([classes[category], *entry["bbox"], *score])
    return boxes


def with_globox(annotations, class_of=lambda label: label):
    boxes = {}
    for annotation in annotations:
        boxes[annotation.image_id] = [
            [
                class_of(box.label),
                *(box.xmin, box.ymin, box.xmax - box.xmin, box.ymax - box.ymin),
                *([] if box.confidence is None else [box.confidence]),
            ]
            for box in annotation.boxes
        ]
    return boxes


def yolo_names(path):
    """Classes of data.yaml: a flow list is JSON where all is quoted, and words without quotes elsewhere."""
    import re

    text = (Path(path) / "data.yaml").read_text()
    inside = re.search(r"^names: \[(.*)\]$", text, re.M).group(1)
    return [name.strip().strip('"') for name in inside.split(",")]


def yolo(path, images=None):
    from globox import AnnotationSet

    names = yolo_names(path)
    boxes = {}
    root = Path(path)
    for folder in sorted({file.parent for file in root.glob("labels/**/*.txt")}):
        below = folder.relative_to(root / "labels")
        found = AnnotationSet.from_yolo_v5(folder, image_folder=Path(images or root / "images") / below)
        boxes.update(with_globox(found, lambda label: names[int(label)]))
    return boxes


def darknet(path):
    from globox import Annotation
    from globox.image_utils import get_image_size

    root = Path(path)
    names = (root / "obj.names").read_text().split("\n")
    found = []
    for file in sorted(root.glob("**/*.jpg")):
        found.append(Annotation.from_yolo_darknet(file.with_suffix(".txt"), image_size=get_image_size(file)))
    return with_globox(found, lambda label: names[int(label)])


def tfrecord(path):
    """As the Object Detection API's decoder reads it (data_decoders/tf_example_decoder.py): names, kinds, lists."""
    import tensorflow as tf

    features = {
        "image/encoded": tf.io.FixedLenFeature((), tf.string, default_value=""),
        "image/format": tf.io.FixedLenFeature((), tf.string, default_value="jpeg"),
        "image/filename": tf.io.FixedLenFeature((), tf.string, default_value=""),
        "image/source_id": tf.io.FixedLenFeature((), tf.string, default_value=""),
        "image/height": tf.io.FixedLenFeature((), tf.int64, default_value=1),
        "image/width": tf.io.FixedLenFeature((), tf.int64, default_value=1),
        **{f"image/object/bbox/{side}": tf.io.VarLenFeature(tf.float32) for side in ("xmin", "xmax", "ymin", "ymax")},
        "image/object/class/label": tf.io.VarLenFeature(tf.int64),
        "image/object/class/text": tf.io.VarLenFeature(tf.string),
        "image/object/area": tf.io.VarLenFeature(tf.float32),
        "image/object/is_crowd": tf.io.VarLenFeature(tf.int64),
        "image/object/difficult": tf.io.VarLenFeature(tf.int64),
        "image/object/group_of": tf.io.VarLenFeature(tf.int64),
        "image/object/weight": tf.io.VarLenFeature(tf.float32),
    }
    boxes = defaultdict(list)
    for record in tf.data.TFRecordDataset([path]):
        example = tf.io.parse_single_example(record, features)
        width, height = int(example["image/width"]), int(example["image/height"])
        name = example["image/filename"].numpy().decode()
        pixels = tf.io.decode_image(example["image/encoded"], channels=3)
        if pixels.shape != (height, width, 3):
            raise ValueError(f"{name} is {pixels.shape}, not {height} x {width}")
        column = lambda key: tf.sparse.to_dense(example[f"image/object/{key}"], default_value=None).numpy()
        text = tf.sparse.to_dense(example["image/object/class/text"], default_value=b"").numpy()
        sides = [column(f"bbox/{side}").astype(float) for side in ("xmin", "ymin", "xmax", "ymax")]
        boxes[name] = [
            [name_of.decode(), x * width, y * height, (right - x) * width, (bottom - y) * height]
            for name_of, x, y, right, bottom in zip(text, *sides)
        ]
        if len(text) != len(column("class/label")):
            raise ValueError(f"{name} has {len(text)} names of classes, and numbers of another count")
    return boxes


def main(form, path, other=None):
    if form in ("coco", "coco-results"):
        return with_pycocotools(path, other)
    if form in ("yolo", "yolo-predictions"):
        return yolo(path, other)
    if form == "darknet":
        return darknet(path)
    if form == "tfrecord":
        return tfrecord(path)
    from globox import AnnotationSet

    read = {
        "voc": lambda: AnnotationSet.from_pascal_voc(Path(path) / "Annotations"),
        "labelme": lambda: AnnotationSet.from_labelme(path),
        "cvat": lambda: AnnotationSet.from_cvat(Path(path) / "annotations.xml"),
    }[form]
    return with_globox(read())


if __name__ == "__main__":
    result = main(*sys.argv[1:])
    # pycocotools prints while it reads.
    print("\nBOXES " + json.dumps(result))
