#!/usr/bin/env bash
# Previews each stack, and writes the changes to the file $1 as Markdown. Exits with 1 when a
# preview failed.
set -uo pipefail
body=$1 failed=0
: >"$body"

# Google's plugin does nothing without credentials. The lab's engine, which takes the place of a
# Pulumi that does not run, previews with a stand-in for it.
broken=$(mktemp -d)
trap 'rm -r "$broken"' EXIT
printf '#!/bin/sh\nexit 1\n' >"$broken/pulumi"
chmod +x "$broken/pulumi"

for file in Pulumi.*.yaml; do
  stack=${file#Pulumi.} stack=${stack%.yaml} path=$PATH
  if [[ $stack == gke && -z ${GOOGLE_CREDENTIALS:-} ]]; then path=$broken:$PATH; fi
  if output=$(PATH=$path npm run --silent preview "$stack" 2>&1); then word=ok; else word=failed failed=1; fi
  printf '### %s: %s\n\n' "$stack" "$word" >>"$body"
  # A comment has room for 65,536 characters. The end of a preview matters most.
  printf '<details><summary>Preview</summary>\n\n``````text\n%s\n``````\n\n</details>\n\n' \
    "$(tail -c 25000 <<<"$output")" >>"$body"
done
exit "$failed"
