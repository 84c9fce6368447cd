#!/usr/bin/env bash
# No symbol of a kernel, pass or plan is longer than 400 characters: symbols.sh program…
# Only the inline edge (Model, Trainer, Function) spells the network's type; its symbols do not count.
set -u
most=400
bad=0
for program in "$@"; do
  names=$(nm -P "$program" | cut -d' ' -f1 | grep -E '^_Z[A-Z]*(N[A-Z]*)*2tg') ||
    { echo "$program: no symbols of typegrad"; bad=1; continue; }
  inner=$(grep -vE '2tg(5Model|7Trainer|8Function)' <<<"$names")
  long=$(awk -v most=$most 'length > most {print length ": " $0}' <<<"$inner" | sort -rn)
  if [ -n "$long" ]; then
    echo "$program: $(wc -l <<<"$long") symbols longer than $most characters, the longest:"
    head -n 3 <<<"$long" | cut -c1-2000 | c++filt
    bad=1
  fi
  awk '{if (length > most) most = length} END {print NR " symbols, the longest has " most " characters"}' <<<"$inner"
done
exit $bad
