#!/usr/bin/env bash
# Two programs have the same kernels: kernels.sh a.o b.o
# A kernel is instantiated once for all layers of its signature, so a chain that is longer has no more of them.
# Kernels are the functions in the namespace that is named for the machine's vectors.
set -uo pipefail
export LC_ALL=C
kernels() {
  nm -P "$1" | awk '$2 ~ /^[TtWw]$/ && $1 !~ /\./ {print $1}' |
    grep -E '^_Z[A-Z]*(N[A-Z]*)*2tg3cpu(6avx512|4avx2|3avx|8baseline)' | sort -u
}
first=$(kernels "$1") && second=$(kernels "$2") ||
  { echo "no kernels of typegrad"; exit 1; }
echo "$(wc -l <<<"$first") and $(wc -l <<<"$second") kernels"
[ "$first" = "$second" ] && exit
echo "only in one of them:"
comm -3 <(echo "$first") <(echo "$second") | tr -d '\t' | cut -c1-2000 | c++filt
exit 1
