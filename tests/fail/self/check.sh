#!/usr/bin/env bash
# The harness passes what is right and fails what is wrong, each for its own reason: self/check.sh compiler [flags…]
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
compiler=("$@")
judge good 0 "one error, as expected; with -DFIXED none"
judge compiles 1 "FAILED: it compiles, though it must not"
judge wrong_message 1 "FAILED: its error does not say: layer 5 is too wide"
judge two_errors 1 "FAILED: it has 2 errors, expected 1"
judge not_fixed 1 "FAILED: it does not compile with -DFIXED"
compiler=(--without-twin "$@")
judge not_fixed 0 "one error, as expected"
judge two_errors 1 "FAILED: it has 2 errors, expected 1"
compiler=("$@")
judge no_expectation 1 "FAILED: it has no // expected-error {{…}}"
judge missing_header 1 "FAILED: the compiler gave up"
exit $bad
