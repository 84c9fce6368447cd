#!/usr/bin/env bash
# Has a compiler read files together, and if it finds fault, each alone: read.sh work compiler [flags…] -- file…
# What they say together counts where it is nothing; who is at fault, and how, a file says alone.
set -euo pipefail
work=$1
shift
command=()
while [ "$1" != -- ]; do command+=("$1"); shift; done
shift

if [ $# -gt 1 ]; then
  mkdir -p "$work"
  bash "$(dirname "${BASH_SOURCE[0]}")/together.sh" "$@" >"$work/together.cpp"
  "${command[@]}" "$work/together.cpp" >"$work/together.txt" 2>&1 && { cat "$work/together.txt"; echo "$# files"; exit 0; }
fi
failed=0
for file in "$@"; do
  echo "$file"
  "${command[@]}" "$file" || failed=1
done
[ $# = 1 ] || [ $failed = 1 ] || {
  echo "Each can be read, but not together, which takes longer:"
  grep -E '(^|: )(fatal )?error' "$work/together.txt" | head -5
}
exit $failed
