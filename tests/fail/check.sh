#!/usr/bin/env bash
# Checks a file that must not compile: check.sh [--without-twin] compiler [flags…] file
#  1. The compiler fails with exactly one error.
#  2. Every `// expected-error {{text}}` of the file is in its output. White space, `tg::` and `tg::error::`
#     make no difference, nor do the compilers' spellings of numbers, packs and fixed strings.
#  3. With -DFIXED, as its mended twin, the file compiles.
set -u
export LC_ALL=C
twin=1
[ "$1" = --without-twin ] && twin=0 && shift
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

output=
mapfile -t expected < <(sed -n 's,.*// *expected-error *{{\(.*\)}}.*,\1,p' "$file")
[ ${#expected[@]} -gt 0 ] || fail "it has no // expected-error {{…}}"

output=$(compile) && fail "it compiles, though it must not"
case $output in
  *'internal compiler error'* | *'Segmentation fault'* | *'fatal error:'* | *'catastrophic error'*)
    fail "the compiler gave up" ;;
esac
# g++ and clang: `file:1:2: error: …`; nvcc: `file(1): error: …` or `file(1): error #20-D: …`.
errors=$(grep -cE '(^|: )error( #[0-9]+(-D)?)?: ' <<<"$output")
[ "$errors" = 1 ] || fail "it has $errors errors, expected 1"

found=$(plain <<<"$output")
for text in "${expected[@]}"; do
  [[ $found == *"$(plain <<<"$text")"* ]] || fail "its error does not say: $text"
done

[ $twin = 1 ] || { echo "one error, as expected"; exit 0; }
output=$(compile -DFIXED) || fail "it does not compile with -DFIXED"
echo "one error, as expected; with -DFIXED none"
