import { kindOf } from '../../../eos/config/kinds/kind-of.ts'
import { typedLines } from '../../../eos/config/rules/typed-lines.ts'
import { scanOutline } from '../../../eos/config/text/tree.ts'
import { QUIET_KINDS } from '../../../model/change-kind.ts'
import { formatDuration } from '../../../text/source/duration.ts'

interface SmallChange {
  readonly name: string
  readonly lines: readonly string[]
  readonly switches: number
}

const QUIET_CHECKS = ['reachable']
const USUAL_CHECKS = [...QUIET_CHECKS, 'bgp-established', 'mlag-healthy', 'interfaces-up', 'lldp-as-before']

/**
 * The workflow of a change of typed lines (docs/small-changes.md#the-workflow): one switch first, then half of all, then the rest, with the checks that fit the
 * kinds of its lines.
 */
export function smallChangeText({ name, lines, switches }: SmallChange): string {
  const checks = lines.length > 0 && isQuiet(lines) ? QUIET_CHECKS : USUAL_CHECKS
  return `name: ${name}
description: Lines that were typed
targets: '*'
change:
  mode: merge
  lines:
${lines.map((line) => `    - ${quoted(line)}`).join('\n')}
rollout: { waves: [1, 50%, 100%] }
steps:
  - snapshot: { state: [interfaces, bgp, lldp, mlag] }
  - plan
  - approve
  - push: { confirmWithin: ${formatDuration(timerFor(switches))} }
  - verify: { checks: [${checks.join(', ')}] }
  - confirm
onFailure: rollback
`
}

// A text of one line between apostrophes means itself (YAML 1.2, 7.3.2).
const quoted = (line: string) => `'${line.replaceAll("'", "''")}'`

function isQuiet(lines: readonly string[]) {
  const typed = typedLines(scanOutline(lines.join('\n')), 'merge')
  return typed.every(({ line, above }, at) => {
    const isHeader = above.length === 0 && (typed[at + 1]?.above.length ?? 0) > 0
    if (isHeader && line.startsWith('interface ')) return true
    return QUIET_KINDS.includes(kindOf(above, line) ?? '')
  })
}

// How many switches are changed at the same time, and for how many seconds each such group may be verified.
const GROUP = 10
const VERIFIED = 180
const RESERVE = 120
const SHORTEST = 600

function timerFor(switches: number) {
  const waves = [1, Math.ceil(switches / 2), switches - 1 - Math.ceil(switches / 2)]
  const groups = waves.reduce((sum, wave) => sum + Math.ceil(Math.max(wave, 0) / GROUP), 0)
  return switches === 1 ? SHORTEST : Math.max(SHORTEST, 2 * groups * VERIFIED + RESERVE)
}
