#!/bin/sh
# Holds the decode speeds that other tools predict against published measurements, beside edgeplanc's own.
# Needs python3 and the network of a package index; installs the peers into a folder of their own.
#
#   scripts/peers.sh [FOLDER FOR THE PEERS]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
home=${1:-$(mktemp -d)}
if [ ! -x "$home/bin/llmfit" ]; then
    python3 -m venv "$home"
    "$home/bin/pip" --quiet install llmfit==1.1.17
    # quantprobe needs Python 3.11 or newer; the comparison goes on without it.
    "$home/bin/pip" --quiet install quantprobe==1.37.0 || echo "quantprobe is not installed" >&2
fi
rows=$(mktemp)
rm -f "$rows"
cargo run --quiet --release --manifest-path "$root/Cargo.toml" -- \
    verify "$root/src/verify/testdata/measurements.csv" --rows "$rows" >/dev/null
python3 "$root/scripts/peers.py" "$home/bin" "$root/src/verify/testdata/measurements.csv" "$rows"
rm -f "$rows"
