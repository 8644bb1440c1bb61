#!/usr/bin/env bash
# One check for the log and the exit code, one for the step's summary, one for code scanning.
set -eu
arguments=()
while IFS= read -r definition; do
  if [ -n "$definition" ]; then arguments+=("$definition"); fi
done <<< "${DEFINITION:-}"
for option in environment profile waivers changed-since; do
  name=${option^^}
  name=${name//-/_}
  if [ -n "${!name:-}" ]; then arguments+=("--$option" "${!name}"); fi
done
code=0
ormer check "${arguments[@]}" || code=$?
if [ "$code" -le 1 ]; then
  ormer check "${arguments[@]}" --format sarif --output "${SARIF:-ormer.sarif}" || true
  ormer check "${arguments[@]}" --format markdown >> "${GITHUB_STEP_SUMMARY:-/dev/null}" || true
fi
exit "$code"
