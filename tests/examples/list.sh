#!/usr/bin/env bash
# examples/run.sh lists every example when called without a name, and refuses a name that it does not know.
set -u
run=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/examples/run.sh
bad=0
list=$(bash "$run") || { echo "without a name it fails"; bad=1; }
for name in "$@"; do
  grep -qE "^ +$name +[^ ]" <<<"$list" || { echo "not in its list, or without a caption: $name"; bad=1; }
done
if output=$(bash "$run" no_such_example 2>&1); then echo "it accepts no_such_example"; bad=1; fi
grep -q "There is no example 'no_such_example'" <<<"$output" || { echo "it says: $output"; bad=1; }
exit $bad
