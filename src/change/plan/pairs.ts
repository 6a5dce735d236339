import { isOfKind } from '../../model/change-kind.ts'
import { gathered } from '../../model/json.ts'
import type { ReadLine } from '../policy/policy.ts'
import { diffChange } from './change-read.ts'
import type { PlanDefinition } from './definition.ts'
import type { PlanContent, PlannedDevice, PlannedPair } from './plan.ts'
import { fitsIn } from './under-change.ts'

// What two switches that back each other up must have alike, so that they are changed at the same time: MLAG compares it, and while only one
// of the two has it, `show mlag config-sanity` is inconsistent.
const ALIKE = [
  'vlan',
  'vlan-state',
  'interface.trunk-vlans',
  'interface.access-vlan',
  'interface.switchport',
  'interface.mlag',
  'interface.port-channel',
  'vxlan.vlan',
  'router-bgp.vlan',
]

interface PairedSwitches {
  readonly changed: readonly string[]
  readonly canary: PlanContent['canary']
  readonly redundant: readonly (readonly [string, string])[]
  readonly sides?: PlanContent['redundantSides']
  // The planned changes; absent before there are any: then no lines decide.
  readonly devices?: readonly Pick<PlannedDevice, 'name' | 'diff'>[] | undefined
}

export function decidePairs(
  { rollout, budgets = [] }: Pick<PlanDefinition, 'rollout' | 'budgets'>,
  { changed, canary, redundant, sides = [], devices }: PairedSwitches,
): readonly PlannedPair[] {
  if (rollout.pairs === 'apart') return []
  const isChanged = new Set(changed)
  const pairs = redundant.filter((pair) => pair.every((one) => isChanged.has(one)))
  const fits = rollout.atomic === 'change' || budgets.length === 0 ? undefined : fitsIn(budgets)
  const [several, sidesOf] = [severalPartners(pairs), sidesOfEach(sides)]
  const areOpposite = (a: string, b: string) => sidesOf(a).some((side) => sidesOf(b).includes(side ^ 1))
  return pairs.map((pair) => {
    const apart =
      several(pair) ??
      (areOpposite(...pair) ? `${pair[0]} may back up another one` : undefined) ??
      oneCanary(pair, canary) ??
      (fits?.([pair[0]], pair[1]) === false ? `\`maxUnderChange\` allows one of them in a wave` : undefined) ??
      (rollout.pairs === 'auto' ? otherLine(pair, devices) : undefined)
    const why =
      rollout.pairs === 'auto'
        ? `every line is of ${kindsOf(pair, devices).join(', ')}`
        : 'the workflow says `pairs: together`'
    return { switches: pair, as: apart === undefined ? 'together' : 'apart', because: apart ?? why }
  })
}

export function sidesOfEach(sides: NonNullable<PlanContent['redundantSides']>): (name: string) => readonly number[] {
  const numbers = gathered(sides.flat().flatMap((side, at) => side.map((name) => [name, at] as const)))
  return (name) => numbers.get(name) ?? []
}

export function togetherIn(pairs: readonly PlannedPair[]): readonly (readonly [string, string])[] {
  return pairs.filter(({ as }) => as === 'together').map(({ switches }) => switches)
}

function severalPartners(pairs: readonly (readonly string[])[]): (pair: readonly string[]) => string | undefined {
  const counts = new Map<string, number>()
  for (const pair of pairs) for (const name of new Set(pair)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return (pair) => {
    const name = pair.find((one) => (counts.get(one) ?? 0) > 1)
    return name === undefined ? undefined : `${name} backs up more than one`
  }
}

function oneCanary([a, b]: readonly [string, string], canary: PlanContent['canary']) {
  const [isA, isB] = [a, b].map((name) => canary?.switches.includes(name) === true)
  return isA === isB ? undefined : `${isA === true ? a : b} is a canary, and the other is not`
}

function otherLine(pair: readonly string[], devices: PairedSwitches['devices']) {
  if (devices === undefined) return 'the lines of the change decide'
  const [other] = pair.flatMap((name) => {
    const device = devices.find((one) => one.name === name)
    const line = diffChange(device?.diff ?? []).find((one) => !isAlike(one))
    return line === undefined ? [] : [`${name}: \`${line.text}\` is ${line.kind ?? 'of no known kind'}`]
  })
  return other
}

function kindsOf(pair: readonly string[], devices: PairedSwitches['devices'] = []) {
  const theirs = devices.filter(({ name }) => pair.includes(name))
  return [...new Set(theirs.flatMap(({ diff }) => diffChange(diff).flatMap(({ kind }) => kind ?? [])))]
}

function isAlike({ kind, isKnown }: ReadLine) {
  return kind !== undefined && isKnown && ALIKE.some((named) => isOfKind(kind, named))
}
