#!/usr/bin/env bash
# Scores a set in parts, several at a time on this machine, and prints what one run would print:
#   evaluate-in-parts.sh PARTS AT_A_TIME TRUTH PREDICTIONS [options of evaluate]
# RETICLE names the command; where it is not set, `reticle` has to be on the path.
set -euo pipefail
parts=$1 at_a_time=$2 truth=$3 predictions=$4
shift 4
read -ra reticle <<<"${RETICLE:-reticle}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
seq "$parts" | xargs -P "$at_a_time" -I NUMBER "${reticle[@]}" evaluate \
  --truth "$truth" --predictions "$predictions" "$@" \
  --shard "NUMBER/$parts" --partial "$folder/part-NUMBER" >&2
"${reticle[@]}" merge-evaluations "$folder"/part-* --json
