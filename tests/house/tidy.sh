#!/usr/bin/env bash
# clang-tidy 19 finds nothing of .clang-tidy's list in the headers: tidy.sh root [compiler flags…]. Status 77: it is not here.
set -u
root=$1
shift
for tool in clang-tidy-22 clang-tidy-21 clang-tidy-20 clang-tidy-19 none; do
  command -v "$tool" >/dev/null && break
done
if [ "$tool" = none ]; then echo "no clang-tidy 19 found"; exit 77; fi
exec "$tool" --quiet --config-file="$root/.clang-tidy" "$root/include/typegrad/typegrad.hpp" -- \
  -x c++ -std=c++20 -I "$root/include" "$@"
