"""Scores a set in parts on Apache Spark, and prints what one run over the whole set would print, bit for bit.

    spark-submit evaluate_in_parts.py --reticle /opt/reticle/bin/reticle.mjs \\
        --truth /data/instances_val.json --predictions /data/results.json --parts 64 --protocol coco --json

Every worker needs Node 20 or newer, Reticle, and the two files at the same paths (a shared file system, or a copy on each
machine). A task runs `reticle evaluate --shard K/N` and hands the part back through Spark, which runs it again where
a worker is lost. What stands after the options named below goes to `reticle evaluate` as it is.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

from pyspark.sql import SparkSession


def score_shares(shares, command, count):
    """Runs in a worker: one part a share, as (number, bytes)."""
    for number in shares:
        with tempfile.TemporaryDirectory() as folder:
            part = pathlib.Path(folder, "part")
            subprocess.run(
                [*command, "--shard", f"{number}/{count}", "--partial", str(part)],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            yield number, part.read_bytes()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reticle", required=True, help="bin/reticle.mjs")
    parser.add_argument("--node", default="node")
    parser.add_argument("--truth", required=True)
    parser.add_argument("--predictions", required=True)
    parser.add_argument("--parts", type=int, required=True)
    parser.add_argument("--json", action="store_true")
    own, options = parser.parse_known_args()
    reticle = [own.node, own.reticle]
    command = [*reticle, "evaluate", "--truth", own.truth, "--predictions", own.predictions, *options]
    count = own.parts

    spark = SparkSession.builder.appName("reticle").getOrCreate()
    numbers = spark.sparkContext.parallelize(range(1, count + 1), count)
    parts = numbers.mapPartitions(lambda shares: score_shares(shares, command, count)).collect()
    spark.stop()

    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, content in parts:
            file = pathlib.Path(folder, f"part-{number}")
            file.write_bytes(content)
            files.append(str(file))
        form = ["--json"] if own.json else []
        return subprocess.run([*reticle, "merge-evaluations", *files, *form], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
