"""One evaluator on one pair of files: prints its twelve numbers as one line of JSON."""
import contextlib
import io
import json
import sys


def pycocotools_like(coco, evaluator, truth, predictions):
    with contextlib.redirect_stdout(io.StringIO()):
        ground = coco(truth)
        evaluation = evaluator(ground, ground.loadRes(predictions), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation.stats


def pycocotools(truth, predictions):
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    return pycocotools_like(COCO, COCOeval, truth, predictions)


def ultrafast(truth, predictions):
    from ultrafast_pycocotools.coco import COCO
    from ultrafast_pycocotools.cocoeval import COCOeval

    return pycocotools_like(COCO, COCOeval, truth, predictions)


def hotcoco(truth, predictions):
    from hotcoco import COCO, COCOeval

    return pycocotools_like(COCO, COCOeval, truth, predictions)


def faster_coco_eval(truth, predictions):
    from faster_coco_eval import COCO, COCOeval_faster

    return list(pycocotools_like(COCO, COCOeval_faster, truth, predictions))[:12]


def vernier(truth, predictions):
    import os
    from pathlib import Path

    from vernier.instance import Bbox, CocoDataset, Evaluator

    ground = CocoDataset.from_json(Path(truth).read_bytes())
    evaluator = Evaluator(iou=Bbox(), parity_mode="strict")
    return evaluator.evaluate(ground, Path(predictions).read_bytes(), num_threads=os.cpu_count()).stats


PEERS = {
    "pycocotools": pycocotools,
    "ultrafast-pycocotools": ultrafast,
    "hotcoco": hotcoco,
    "vernier": vernier,
    "faster-coco-eval": faster_coco_eval,
}

name, truth, predictions = sys.argv[1:]
print(json.dumps([float(value) for value in PEERS[name](truth, predictions)]))
