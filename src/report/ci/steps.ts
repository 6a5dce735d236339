import type { ForgeKind } from '../../model/forge.ts'
import { GRAVEST_FIRST } from '../phrases/exit-code.ts'

interface PipelineWords {
  readonly comment: string
  readonly pull: string
  readonly account: string
  readonly warning: string
}

const WORDS: Readonly<Record<ForgeKind, PipelineWords>> = {
  github: { comment: 'comment github', pull: '--pr "$PULL"', account: ' --account 41898282', warning: '::warning::' },
  gitlab: { comment: 'comment gitlab', pull: '--mr "$PULL"', account: '', warning: '' },
}

// Of a name that Git has to quote there is no file, so it fails.
const changed = (range: string) =>
  `git diff --name-only --no-renames --diff-filter=AM ${range} -- 'changes/*.yaml' 'changes/*.yml' > "$list"`

const EACH = `name="change-$(printf '%s' "$change" | sha256sum | cut -c1-16)"
  plan="$EOSFLOW_HOME/plans/$(git rev-parse "HEAD:$change")-$name.plan"`

// Keeps the graver one of `code` and of what something has ended with: where a person is needed that is not hidden behind what waits. 2 is
// that a switch differs, and whatever is no exit code of eosflow is that it was killed, or is not there: an unexpected error.
const NOTE = `code=0
note() {
  if [ "$1" -gt 13 ]; then set -- 1; fi
  for each in ${GRAVEST_FIRST.join(' ')} 2; do
    if [ "$each" = "$1" ] || [ "$each" = "$code" ]; then code=$each; return 0; fi
  done
}`

/** Tests everything that needs no switch, no store and no secret. */
export const TEST_STEP = `set -euo pipefail
eosflow validate
if [ -d tests ]; then eosflow test --junit test-results.xml; fi
list=$(mktemp)
${changed('"$BASE...HEAD"')}
while IFS= read -r change <&3; do
  if [ -d fabrics ]; then eosflow plan "$change" --offline --markdown --max-bytes 60000; fi
done 3< "$list"`

export function planStep(kind: ForgeKind): string {
  const { comment, pull, account } = WORDS[kind]
  return `set -euo pipefail
mkdir -p "$EOSFLOW_HOME/plans"
list=$(mktemp)
${changed('"$BASE...HEAD"')}
${NOTE}
while IFS= read -r change <&3; do
  ${EACH}
  ended=0
  eosflow --store "$EOSFLOW_HOME/store.db" plan "$change" -o "$plan" || ended=$?
  if [ "$ended" = 0 ]; then
    eosflow --store "$EOSFLOW_HOME/store.db" ${comment} ${pull}${account} --name "$name" --plan "$plan" || ended=$?
  fi
  note "$ended"
done 3< "$list"
exit "$code"`
}

/** The key makes each once, however often this runs. Where something has moved since (exit 5) nothing is sent: the change is planned again and shown for another review on the same pull request, and the pipeline fails until it runs again behind that. */
export function applyStep(kind: ForgeKind): string {
  const { comment, account } = WORDS[kind]
  return `set -uo pipefail
mkdir -p "$EOSFLOW_HOME/plans"
list=$(mktemp)
${changed('"$BEFORE" "$COMMIT"')} || exit 1
${NOTE}
while IFS= read -r change <&3; do
  ${EACH}
  ended=5
  if [ -f "$plan" ]; then
    eosflow --store "$EOSFLOW_HOME/store.db" approve "$plan" --from-review ${kind} --merged "$COMMIT"${account} --name "$name" || true
    key="merge:$COMMIT:$(sha256sum < "$plan" | cut -c1-32)"
    ended=0
    eosflow --store "$EOSFLOW_HOME/store.db" run "$plan" --key "$key" --detach || ended=$?
  fi
  if [ "$ended" = 5 ]; then
    echo "$change: nothing was sent; review its new plan, and run this again"
    if eosflow --store "$EOSFLOW_HOME/store.db" plan "$change" -o "$plan"; then
      eosflow --store "$EOSFLOW_HOME/store.db" ${comment} --merged "$COMMIT"${account} --name "$name" --plan "$plan" || true
    fi
  fi
  note "$ended"
done 3< "$list"
exit "$code"`
}

/** Where nothing was ever confirmed there is nothing to compare with, and `drift` exits 10 as where a switch does not answer: the line that counts tells them apart. */
export function nightStep(kind: ForgeKind): string {
  const { warning } = WORDS[kind]
  return `set -uo pipefail
${NOTE}
ended=0
seen=$(mktemp)
if [ -e "$EOSFLOW_HOME/store.db" ]; then
  eosflow --store "$EOSFLOW_HOME/store.db" drift --detailed-exitcode | tee "$seen" || ended=$?
else
  echo "${warning}no switch was compared: there is no store in $EOSFLOW_HOME yet"
fi
if [ "$ended" = 10 ] && grep -Eq '^Drift: [1-9].*, 0 compared: [0-9,]+ never confirmed$' "$seen"; then
  echo "${warning}no switch was compared: this store has confirmed nothing yet"
else
  note "$ended"
fi
if [ -f checks.yaml ]; then eosflow --store "$EOSFLOW_HOME/store.db" check run checks.yaml || note "$?"; fi
eosflow --store "$EOSFLOW_HOME/store.db" config backup "$EOSFLOW_HOME/backup" || note "$?"
exit "$code"`
}

export function block(script: string, blanks: number): string {
  const left = ' '.repeat(blanks)
  return script
    .split('\n')
    .map((line) => (line === '' ? '' : left + line))
    .join('\n')
}
