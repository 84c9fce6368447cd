#!/usr/bin/env bash
# Builds one executable and runs it: compile_and_run.sh executable compiler [flags and files…]
set -euo pipefail
executable=$1
shift
"$@" -o "$executable"
exec "$executable"
