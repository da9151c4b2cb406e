#!/bin/sh
# Holds other tools and edgeplanc against the same rows: memory that llama.cpp allocated, speed that phones reached.
# Needs Python 3.11, Node.js 20 and the network of pip's and npm's registries. The tools go, pinned, into a folder of
# their own; they are never dependencies of the product, and none of them downloads a model.
#
#   scripts/peers.sh [FOLDER FOR THE TOOLS [FOLDER OF A RELEASE BUILD]]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
home=${1:-$root/target/peers}
built=${2:-}
mkdir -p "$home/node"
if [ ! -x "$home/bin/python" ]; then
    python3 -m venv "$home"
fi
"$home/bin/pip" install --quiet --disable-pip-version-check gguf==0.19.0 \
    llmfit==1.1.17 quantprobe==1.37.0 ggufit==0.3.0 modelinfo-cli==1.4.4 hf-mem==0.5.6
# Their install scripts would build llama.cpp from source; the packages hold what is needed built.
npm install --prefix "$home/node" --silent --no-audit --no-fund --ignore-scripts \
    fitllm@2.18.0 node-llama-cpp@3.22.1
if [ -z "$built" ]; then
    cargo build --quiet --release --manifest-path "$root/Cargo.toml" --bin edgeplanc --example shapes
    built=${CARGO_TARGET_DIR:-$root/target}/release
fi
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
rm -f "$rows"
"$built/edgeplanc" verify "$root/src/verify/testdata/measurements.csv" --rows "$rows" >/dev/null
"$home/bin/python" "$root/scripts/peers" "$home" "$home/node" \
    "$built/edgeplanc" "$built/examples/shapes" "$rows"
