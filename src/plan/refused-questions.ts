import { redact } from '../config/redact.ts'
import { EosflowError } from '../model/error.ts'
import type { Place } from '../model/problem.ts'
import type { RefusedQuestion } from '../model/refused-question.ts'
import type { ComparedEvidence } from './comparison.ts'
import type { PlanDefinition } from './definition.ts'
import { type ChangedConfig, madeByChange } from './made-by-change.ts'
import type { PlanWarning } from './plan.ts'
import type { QuestionPlaces } from './question-places.ts'

/** So many switches that refuse the same are named. */
const MOST_SWITCHES = 5

/**
 * What of a verification cannot be asked before the change that makes what it is about, a warning each. Throws `refused` with everything else that the
 * switches refuse: under the commit timer they would refuse it too. What a switch that does not change says decides nothing, unless it probes.
 */
export function askedAfterOnly(
  { askedAt, scrub = (text) => text }: Pick<PlanDefinition, 'askedAt' | 'scrub'>,
  shown: readonly ComparedEvidence[],
  changed: readonly string[],
): readonly PlanWarning[] {
  if (changed.length === 0) return []
  const bySwitch = new Map(shown.map((one) => [one.device, one]))
  const refused = shown
    .flatMap(({ refused: some = [] }) => some)
    .filter(({ device, by }) => 'probe' in by || changed.includes(device))
  requireAnswered(refused, askedAt, ({ device }) => {
    const one = bySwitch.get(device)
    return one === undefined ? NOTHING : changedBy(one)
  })
  return refused.map(({ device, command, says }) => {
    const one = bySwitch.get(device)
    const made = madeByChange({ command, says }, one === undefined ? NOTHING : changedBy(one)) ?? ''
    const message = `\`${redact(command)}\` of the verification cannot be asked before the change, which makes \`${redact(made)}\`: whether the switch takes it shows under the commit timer`
    return { code: 'asked-after', device, message: scrub(message) }
  })
}

const NOTHING: ChangedConfig = { added: [], running: '' }

function changedBy({ comparison: { changes, running } }: ComparedEvidence): ChangedConfig {
  return { added: changes.filter(({ sign }) => sign === '+').map(({ line }) => line), running }
}

/** Throws `refused` with what switches refuse of a verification, each refusal once with its place, unless the change makes what it is about. */
export function requireAnswered(
  refused: readonly RefusedQuestion[],
  places: QuestionPlaces | undefined,
  changeOf: (question: RefusedQuestion) => ChangedConfig,
): void {
  const groups = new Map<
    string,
    { readonly at: Place | undefined; readonly what: string; readonly devices: string[] }
  >()
  for (const question of refused) {
    const { by, device, command, says } = question
    if (madeByChange(question, changeOf(question)) !== undefined) continue
    const at = 'check' in by ? places?.checks[by.check] : places?.probes[by.probe]
    const what = `\`${redact(command)}\`: ${redact(says)}`
    const key = JSON.stringify([by, what])
    const group = groups.get(key) ?? { at, what, devices: [] }
    group.devices.push(device)
    groups.set(key, group)
  }
  if (groups.size === 0) return
  const lines = [...groups.values()].map(({ at, what, devices }) => {
    const place = at === undefined ? '' : `${at.file}:${at.line}:${at.column}: `
    return `${place}${switchesThat(devices)} ${what}`
  })
  throw new EosflowError('refused', lines.join('\n'), {
    hint: 'The verification would be refused under the commit timer too. Try the command with `eosflow ask`, and write it as the switch takes it.',
  })
}

/** `leaf1 and leaf3 refuse`. */
function switchesThat(devices: readonly string[]): string {
  const [first = ''] = devices
  if (devices.length === 1) return `${first} refuses`
  const rest = devices.length - MOST_SWITCHES
  if (rest > 0) return `${devices.slice(0, MOST_SWITCHES).join(', ')} and ${rest} more refuse`
  return `${devices.slice(0, -1).join(', ')} and ${devices.at(-1)} refuse`
}
