#!/usr/bin/env bash
# Checks a file that must not compile: check.sh [--without-twin] [--batch folder] compiler [flags…] file
#  1. The compiler fails with exactly one error.
#  2. Every `// expected-error {{text}}` of the file is in its output. White space, `tg::` and `tg::error::`
#     make no difference, nor do the compilers' spellings of numbers, packs and fixed strings.
#  3. With -DFIXED, as its mended twin, the file compiles.
# What batch.sh left in the folder spares the compiler where it is as expected; the compiler alone says that it is not.
set -u
export LC_ALL=C
twin=1
batch=
[ "$1" = --without-twin ] && twin=0 && shift
[ "$1" = --batch ] && batch=$2 && shift 2
command=("$@")
file=${command[-1]}

fail() {
  echo "FAILED: $1"
  echo "--- $file"
  echo "$output"
  exit 1
}
compile() { "${command[@]}" "$@" 2>&1; }
# What differs from compiler to compiler is spelled one way: nvcc names `fault<a, b>` as
# `fault<Words...> [with Words=<a, b>]`, and all three have their own way with a fixed string.
plain() {
  sed -e 's/FixedString<[0-9UL]*>{\("[^"]*"\)}/\1/g' -e 's/FixedString<[0-9UL]*>{{/"</g' \
    -e ":letter; s/\(\"<[^\"']*\)'\(.\)', /\1\2/; t letter" -e "s/\"<\([^\"']*\)'\\\\000'}}/\"\1\"/g" |
    tr -d '[:space:]' |
    sed -e 's/tg::error:://g' -e 's/tg:://g' -e 's/(int)//g' \
      -e 's/<\([A-Za-z]*\)\.\.\.>\[with\1=\(<[^]]*>\)\]/\2/g'
}

# Whether `output` is the one error that the file expects; if not, `wrong` says why.
is_expected() {
  local errors found text
  case $output in
    *'internal compiler error'* | *'Segmentation fault'* | *'fatal error:'* | *'catastrophic error'*)
      wrong="the compiler gave up"; return 1 ;;
  esac
  # g++ and clang: `file:1:2: error: …`; nvcc: `file(1): error: …` or `file(1): error #20-D: …`.
  errors=$(grep -cE '(^|: )error( #[0-9]+(-D)?)?: ' <<<"$output")
  [ "$errors" = 1 ] || { wrong="it has $errors errors, expected 1"; return 1; }
  found=$(plain <<<"$output")
  for text in "${expected[@]}"; do
    [[ $found == *"$(plain <<<"$text")"* ]] || { wrong="its error does not say: $text"; return 1; }
  done
}

output=
mapfile -t expected < <(sed -n 's,.*// *expected-error *{{\(.*\)}}.*,\1,p' "$file")
[ ${#expected[@]} -gt 0 ] || fail "it has no // expected-error {{…}}"

said=$batch/$(basename "$file" .cpp).txt
[ -n "$batch" ] && [ -e "$said" ] && output=$(<"$said")
if ! is_expected; then
  output=$(compile) && fail "it compiles, though it must not"
  is_expected || fail "$wrong"
fi

[ $twin = 1 ] || { echo "one error, as expected"; exit 0; }
[ -n "$batch" ] && [ -e "$batch/twins" ] || output=$(compile -DFIXED) || fail "it does not compile with -DFIXED"
echo "one error, as expected; with -DFIXED none"
