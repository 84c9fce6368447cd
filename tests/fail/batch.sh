#!/usr/bin/env bash
# Compiles files that must not compile as one: batch.sh [--without-twin] folder compiler [flags…] -- file…
# Leaves folder/<name>.txt, what the compiler said of <name>.cpp, for files whose errors name no other of them, and
# folder/twins where all compile with -DFIXED. Nothing is judged here: check.sh does that, and asks the compiler about
# the file alone where this is not as expected.
set -euo pipefail
export LC_ALL=C
twins=1
[ "$1" = --without-twin ] && twins=0 && shift
folder=$1
shift
command=()
while [ "$1" != -- ]; do command+=("$1"); shift; done
shift

rm -rf "$folder"
mkdir -p "$folder"
bash "$(dirname "${BASH_SOURCE[0]}")/../together.sh" "$@" >"$folder/batch.cpp"

# A compiler's words are blocks of one error each. g++'s and clang's begin with where the error is, nvcc's with the error.
# An error that names none of the files, or two, may be anybody's: then nothing is left.
"${command[@]}" "$folder/batch.cpp" 2>&1 | sed 's/batched_[a-z0-9_]*:://g' | awk -v folder="$folder" '
  function finish() {
    if (errors) {
      if (names == 1) said[name] = said[name] block
      else unclear = 1
    }
    block = ""; told = errors = names = 0; split("", seen)
  }
  BEGIN {
    for (i = 2; i < ARGC; ++i) { file = ARGV[i]; sub(/.*\//, "", file); is_file[file] = 1; delete ARGV[i] }
  }
  / errors? detected in the compilation of / { next }
  told && /^In file included|: In [a-z]|(^|: )(error|warning|remark)( #[0-9]+(-D)?)?: / { finish() }
  {
    block = block $0 "\n"
    if (/(^|: )error( #[0-9]+(-D)?)?: /) told = errors = 1
    if (/(^|: )(warning|remark)( #[0-9]+(-D)?)?: /) told = 1
    if (/fatal error: |catastrophic error|internal compiler error|Segmentation fault/) unclear = 1
    for (rest = $0; match(rest, /[a-z0-9_]+\.cpp/); rest = substr(rest, RSTART + RLENGTH)) {
      file = substr(rest, RSTART, RLENGTH)
      if (file in is_file && !(file in seen)) { seen[file] = 1; ++names; name = file }
    }
  }
  END {
    finish()
    if (unclear) exit
    for (file in said) {
      path = file
      sub(/cpp$/, "txt", path)
      printf "%s", said[file] >(folder "/" path)
    }
  }' - "$@" || true
[ $twins = 0 ] || ! "${command[@]}" -DFIXED "$folder/batch.cpp" >/dev/null 2>&1 || touch "$folder/twins"
