#!/usr/bin/env bash
# Compares the solver with clingo, OR-Tools CP-SAT and CPMpy on random instances. Usage: scripts/agreement.sh [COUNT]
# The engines go into an environment of their own under target/; they are never dependencies of the product.
set -euo pipefail
cd "$(dirname "$0")/.."
environment=target/agreement
if [ ! -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
fi
"$environment/bin/pip" install --quiet --require-virtualenv \
    clingo==5.8.3 ortools==9.15.6755 cpmpy==1.1.1
cargo build --quiet --example instances
target/debug/examples/instances 0 "${1:-1000}" | "$environment/bin/python" scripts/agreement.py
