#!/usr/bin/env bash
# Compares the solver with clingo, OR-Tools CP-SAT and CPMpy on random instances. Usage: scripts/agreement.sh [COUNT]
# Needs python3 with venv. The engines go into an environment of their own under target/; they are never dependencies of the product.
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-1000}
environment=target/agreement
if [ ! -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
fi
"$environment/bin/pip" install --quiet --require-virtualenv \
    clingo==5.8.3 ortools==9.15.6755 cpmpy==1.1.1
cargo run --quiet --locked --example instances -- 0 "$count" | "$environment/bin/python" scripts/agreement.py "$count"
