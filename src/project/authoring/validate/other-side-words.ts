import type { JudgedChange } from '../../../change/plan/judged-change.ts'
import type { Workflow } from '../../../change/workflow/definition/workflow.ts'
import { diffConfig } from '../../../eos/config/diff/diff.ts'
import { redact } from '../../../eos/config/secrets/redact.ts'
import { perhapsTakingDown } from '../../../eos/config/takes-down.ts'
import { parseConfig } from '../../../eos/config/text/parse.ts'

const NAMED = 2

export function otherSideWords(
  { change: { mode }, rollout: { fitness } }: Workflow,
  { rendered }: JudgedChange,
): string {
  if (mode !== 'merge' || fitness === 'off') return ''
  const none = parseConfig('')
  const changes = rendered.flatMap(({ lines: own }) => diffConfig(none, parseConfig(`${own.join('\n')}\n`)).changes)
  const opening = new Set(changes.map(({ path }) => path.join(' > ')))
  const lines = perhapsTakingDown(changes).map(({ path, line }) => [...path, line].join(' > '))
  // What opens a block is there already, as far as anybody knows.
  const different = [...new Set(lines)].filter((line) => !opening.has(line))
  if (different.length === 0) return ''
  const more = different.length - NAMED
  const named = different.slice(0, NAMED).map((line) => `\`${redact(line)}\``)
  return `; what backs a switch up is asked before ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}, which may take it or an uplink down`
}
