#!/usr/bin/env bash
# The harness passes what is right and fails what is wrong, each for its own reason, and so it does for files that were
# compiled as one: self/check.sh compiler [flags…]
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bad=0

# judge file status words…: check.sh ends with this status and its first line is this.
judge() {
  local file=$1 status=$2 words=$3 output got
  output=$(bash "$here/../check.sh" "${compiler[@]}" "$here/$file.cpp")
  got=$?
  if [ $got != "$status" ] || [[ $(head -n 1 <<<"$output") != "$words" ]]; then
    echo "$file: expected status $status and '$words', got $got and: $output"
    bad=1
  fi
}
# What holds of every file alone, whatever a batch has left of it.
judge_all() {
  local plain=("${compiler[@]}")
  judge compiles 1 "FAILED: it compiles, though it must not"
  judge wrong_message 1 "FAILED: its error does not say: layer 5 is too wide"
  judge two_errors 1 "FAILED: it has 2 errors, expected 1"
  judge good 0 "one error, as expected; with -DFIXED none"
  judge not_fixed 1 "FAILED: it does not compile with -DFIXED"
  compiler=(--without-twin "${plain[@]}")
  judge not_fixed 0 "one error, as expected"
  judge two_errors 1 "FAILED: it has 2 errors, expected 1"
  compiler=("${plain[@]}")
  judge no_expectation 1 "FAILED: it has no // expected-error {{…}}"
  judge missing_header 1 "FAILED: the compiler gave up"
}
# left_of batch names…: the batch has left these.
left_of() {
  local batch=$1
  shift
  if [ "$(cd "$work/$batch" && printf '%s\n' * | grep -v batch.cpp | xargs)" != "$*" ]; then
    echo "batch $batch: expected $*, got $(ls "$work/$batch"), of" "$(cat "$work/$batch/batch.cpp")"
    bad=1
  fi
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
batch() {
  local name=$1
  shift
  bash "$here/../batch.sh" "$work/$name" "${compiler[@]}" -- "${@/#/$here/}"
}

compiler=("$@")
judge_all
batch all compiles.cpp good.cpp not_fixed.cpp no_expectation.cpp two_errors.cpp wrong_message.cpp
left_of all good.txt no_expectation.txt not_fixed.txt two_errors.txt wrong_message.txt
batch mended compiles.cpp good.cpp two_errors.cpp wrong_message.cpp
left_of mended good.txt twins two_errors.txt wrong_message.txt
batch broken good.cpp missing_header.cpp
left_of broken twins
compiler=(--batch "$work/all" "$@")
judge_all
compiler=(--batch "$work/broken" "$@")
judge good 0 "one error, as expected; with -DFIXED none"
judge missing_header 1 "FAILED: the compiler gave up"
# Where a batch has said what is expected, no compiler is asked.
compiler=(--batch "$work/mended" false)
judge good 0 "one error, as expected; with -DFIXED none"
judge wrong_message 1 "FAILED: it has 0 errors, expected 1"
exit $bad
