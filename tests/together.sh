#!/usr/bin/env bash
# Prints one translation unit that is several files, each in a namespace of its own: together.sh file…
# Most of a compiler's time goes into what they include and instantiate alike, which it then does once.
set -euo pipefail
export LC_ALL=C

# Includes are outside of the namespaces, on the conditions that they have in their file; beside it, "…" is looked for first.
for file in "$@"; do
  folder=$(dirname "$file")
  while IFS= read -r line; do
    name=${line#*\"}
    name=${name%\"*}
    case $line in '#include "'*) [ ! -e "$folder/$name" ] || line="#include \"$folder/$name\"" ;; esac
    printf '%s\n' "$line"
  done < <(grep -E '^#(if|el|endif|include)' "$file" || true)
done
number=0
echo 'namespace tg::test {}'
for file in "$@"; do
  number=$((number + 1))
  printf 'namespace batched_%s {\n' "$number"
  # `namespace tg::test` is one of its own here, which sees what the true one has.
  if grep -q '^namespace tg' "$file"; then
    printf 'namespace tg {\nusing namespace ::tg;\nnamespace test {\nusing namespace ::tg::test;\n}\n}\n'
  fi
  printf '#include "%s"\n}\n' "$file"
done
