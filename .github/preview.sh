#!/usr/bin/env bash
# Previews each stack whose credentials exist, and writes the changes to the file $1 as
# Markdown. Exits with 1 when a preview failed.
set -uo pipefail
body=$1 failed=0
: >"$body"

# Prints the variable that a stack's preview needs, when this run does not have it.
missing() {
  case $1 in
    gke) [[ -n ${GOOGLE_CREDENTIALS:-} ]] || echo GOOGLE_CREDENTIALS ;;
  esac
}

for file in Pulumi.*.yaml; do
  stack=${file#Pulumi.} stack=${stack%.yaml}
  lacks=$(missing "$stack")
  if [[ -n $lacks ]]; then
    printf '### %s\n\nNot previewed: %s is not set for this run.\n\n' "$stack" "$lacks" >>"$body"
    continue
  fi
  if output=$(npm run --silent preview "$stack" 2>&1); then word=ok; else word=failed failed=1; fi
  printf '### %s: %s\n\n' "$stack" "$word" >>"$body"
  # A comment has room for 65,536 characters. The end of a preview matters most.
  printf '<details><summary>Preview</summary>\n\n``````text\n%s\n``````\n\n</details>\n\n' \
    "$(tail -c 25000 <<<"$output")" >>"$body"
done
exit "$failed"
