#!/usr/bin/env bash
# cmake/setup.sh installs nothing when all is there, installs what is missing where it may, and else says the line.
# Package managers, sudo and id are played by scripts of a temporary folder that is first on PATH.
set -u
setup=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/cmake/setup.sh
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
unset CXX CMAKE_GENERATOR CMAKE_PREFIX_PATH Eigen3_ROOT
bad=0

# play name words…: a command of this name that runs these words.
play() {
  printf '#!/bin/bash\n%s\n' "$2" >"$stage/bin/$1"
  chmod +x "$stage/bin/$1"
}
# judge words status pattern: the last run ended like this and said so.
judge() {
  if [ "$status" != "$2" ] || [[ $output != *$3* ]]; then
    echo "$1: expected status $2 and '$3', got $status and: $output"
    bad=1
  fi
}
run() {
  output=$(PATH="$stage/bin:$PATH" bash -eu -o pipefail "$setup" "$@" 2>&1)
  status=$?
}
# For each test: nothing is installed unless the test says so; root decides; no library is found once hidden.
set_the_stage() {
  rm -rf "${stage:?}/bin" "$stage/called"
  mkdir "$stage/bin"
  play apt-get "echo \"\$@\" >>'$stage/called'; exit 1"
  play id 'echo 1000'
  play sudo 'exit 1'
}
real=$(command -v g++ || command -v c++)
# A compiler that finds no library until something was installed.
hide_libraries() {
  play g++ "[[ \"\$*\" = *' - '* || \"\$*\" = *' -' ]] && [ ! -e '$stage/installed' ] && { echo eigen; echo zlib; exit; }
exec '$real' \"\$@\""
}

set_the_stage
for set in examples tests; do
  run $set
  judge "all is there ($set)" 0 ""
  [ -z "$output" ] || { echo "all is there, and yet it says: $output"; bad=1; }
done
[ ! -e "$stage/called" ] || { echo "all is there, and yet it called apt-get $(cat "$stage/called")"; bad=1; }

run no_such_set
judge "an unknown set" 2 "is not one of"

CXX=$(command -v false) run examples
judge "CXX that is no compiler" 1 "is not a C++20 compiler"

# A machine without a compiler, or with one for C alone, cannot say which libraries it has: one command installs all.
bare_stage() {
  set_the_stage
  for tool in bash env sed sort head grep tr; do ln -s "$(command -v $tool)" "$stage/bin/$tool"; done
}
run_bare() {
  local PATH=$stage/bin
  run "$@"
}
bare_stage
for set in "examples libeigen3-dev zlib1g-dev" "tests python3 libeigen3-dev zlib1g-dev catch2" \
           "bench libeigen3-dev zlib1g-dev libbenchmark-dev"; do
  run_bare "${set%% *}"
  judge "a bare machine (${set%% *})" 1 \
    "type: sudo apt-get install -y --no-install-recommends g++ cmake ninja-build ${set#* }"
  play cc 'exit 1'
done

# A distribution whose g++ is too old, with a newer one beside it, or without.
bare_stage
play id 'echo 0'
play cmake 'echo cmake version 3.25.0'
play ninja 'exit 0'
play old_g++ "echo '#define __GNUC__ 11'"
link=$(command -v ln)
play apt-get "case \"\$*\" in *g++-12*) $link -s '$real' '$stage/bin/g++-12' ;; *) $link -s old_g++ '$stage/bin/g++' ;; esac"
run_bare examples
judge "an old g++ and a newer one" 0 "apt-get install -y --no-install-recommends g++-12"
rm -f "$stage/bin/g++" "$stage/bin/g++-12"
play apt-get "$link -sf old_g++ '$stage/bin/g++'"
run_bare examples
judge "an old g++ alone" 1 "missing: a C++20 compiler"
[[ $output != *type:* ]] || { echo "it asks for what was done: $output"; bad=1; }

set_the_stage
hide_libraries
run examples
judge "no root, no sudo" 1 "missing: Eigen 3.4, zlib"
judge "no root, no sudo" 1 "type: sudo apt-get install -y --no-install-recommends libeigen3-dev zlib1g-dev"
[ ! -e "$stage/called" ] || { echo "without root it called apt-get"; bad=1; }

play sudo 'shift; exec "$@"'
run examples
judge "sudo, but nothing can be had" 1 "type: sudo apt-get install"
[[ $(cat "$stage/called") = install*libeigen3-dev\ zlib1g-dev*update* ]] || { echo "it called: $(cat "$stage/called")"; bad=1; }

play id 'echo 0'
play apt-get "touch '$stage/installed'"
run examples
judge "root installs" 0 "installing what is missing"
rm -f "$stage/installed"

exit $bad
