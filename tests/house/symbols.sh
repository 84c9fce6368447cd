#!/usr/bin/env bash
# No symbol of a kernel, pass or plan is longer than 400 characters: symbols.sh program…
# Only the inline edge spells the network's type, and its symbols do not count: what Model, Trainer and
# runtime::ProgramOf are, the tables of a network, and what is asked of it.
set -u
most=400
bad=0
ours='^_Z[A-Z]*(N[A-Z]*)*2tg'
edge='(5Model|7Trainer|8Function|6Shared|7runtime(9ProgramOf|13InitialValues)|5views13SummaryTables|1[123](in|out)put_shapes?)I'
for program in "$@"; do
  names=$(nm -P "$program" | cut -d' ' -f1 | grep -E "$ours") ||
    { echo "$program: no symbols of typegrad"; bad=1; continue; }
  inner=$(grep -vE "$ours$edge" <<<"$names")
  long=$(awk -v most=$most 'length > most {print length ": " $0}' <<<"$inner" | sort -rn)
  if [ -n "$long" ]; then
    echo "$program: $(wc -l <<<"$long") symbols longer than $most characters, the longest:"
    head -n 3 <<<"$long" | cut -c1-2000 | c++filt
    bad=1
  fi
  awk '{if (length > most) most = length} END {print NR " symbols, the longest has " most " characters"}' <<<"$inner"
done
exit $bad
