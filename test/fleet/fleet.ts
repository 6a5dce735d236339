import { expect } from 'vitest'
import { renderConfig } from '../../src/config/render.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { DeviceFault } from '../../src/sim/fault/fault.ts'
import { type Ended, type Lab, type LabOptions, openLab } from '../lab/lab.ts'
import { isSaved, whereIs } from '../lab/vlan-change.ts'
import { inventoryOf, LEAVES, SPINES, sixtySwitches } from './sixty-switches.ts'

/** Commits under a timer, and confirms. */
export const TIMED = /^configure session \S+ commit timer /
export const CONFIRM = /^configure session \S+ commit$/
/** Every switch, in the order of the inventory. */
export const ALL: readonly string[] = [...SPINES, ...LEAVES]

/** One VLAN on all sixty switches, twelve at a time. */
const workflow = (rollout: string, targets = 'role:leaf or role:spine'): string => `name: sixty
targets: ${targets}
change: { mode: merge, lines: ['vlan 998', '   name TESTED'] }
rollout: { ${rollout}, concurrency: 20 }
steps:
  - snapshot: { state: [interfaces, lldp] }
  - plan
  - approve
  - push: { confirmWithin: 20m }
  - verify: { within: 20s, stableFor: 4s, every: 4s, checks: [reachable, interfaces-up, { vlans-present: { vlans: [998] } }] }
  - confirm
`

/** A lab of sixty switches. */
export interface Fleet {
  readonly lab: Lab
  /** What every switch ran before. */
  readonly before: ReadonlyMap<string, string>
  plan(): Promise<Plan>
}

/** `stops` gives the interrupt of each command line. */
export function startFleet(
  rollout: string,
  { stops, ...options }: Omit<LabOptions, 'stop'> & { readonly stops?: () => AbortSignal } = {},
): Fleet {
  const lab = openLab({
    switches: { fabric: sixtySwitches() },
    workflow: workflow(rollout),
    ...options,
    get stop() {
      return stops?.() ?? new AbortController().signal
    },
  })
  lab.write('inventory.yaml', inventoryOf(lab.fabric))
  const before = new Map(lab.fabric.devices.map((one) => [one.name, renderConfig(one.switch.running)]))
  return {
    lab,
    before,
    plan: async () => {
      const { code, out, err } = await lab.eosflow('plan', 'workflow.yaml', '--json')
      if (code !== 0) throw new Error(out + err)
      return (JSON.parse(out) as { plan: Plan }).plan
    },
  }
}

/** The switches whose running-config holds the change. Requires that every other runs what it ran before, and that all are saved. */
export function changedIn({ lab, before }: Fleet): readonly string[] {
  return lab.fabric.devices.flatMap((one) => {
    expect(isSaved(one), one.name).toBe(true)
    if (whereIs(one) === 'AFTER') return [one.name]
    expect(renderConfig(one.switch.running), one.name).toBe(before.get(one.name))
    return []
  })
}

/** Sets a fault when a switch is about to be asked something for the first time. */
export function strikes(device: string, at: RegExp, fault: DeviceFault): Pick<LabOptions, 'before'> {
  let isStruck = false
  return {
    before: (lab, name, commands) => {
      if (isStruck || name !== device || !commands.some((command) => at.test(command))) return
      isStruck = true
      lab.fabric.fault(fault)
    },
  }
}

/** The switches of a row of the recap. */
export const rowsOf = ({ out }: Ended, end: string): readonly string[] =>
  out.split('\n').flatMap((line) => new RegExp(`^(\\S+)\\s+\\S ${end}\\b`).exec(line)?.[1] ?? [])

/** Names, but for some. */
export const without = (names: readonly string[], others: readonly string[]): readonly string[] =>
  names.filter((name) => !others.includes(name))

/** The first three of the waves, twelve each: no tag says who is a pair. */
export const FIRST = [...SPINES, ...leaves(1, 3, 5, 7, 9, 11, 13, 15)]
export const SECOND = leaves(2, 4, 6, 8, 10, 12, 14, 16, 17, 19, 21, 23)
export const THIRD = leaves(18, 20, 22, 24, 25, 27, 29, 31, 33, 35, 37, 39)

function leaves(...numbers: readonly number[]): readonly string[] {
  return numbers.map((n) => `leaf${n}`)
}

/** How often each switch was committed under a timer. */
export const commitsOf = ({ lab }: Fleet): ReadonlyMap<string, number> =>
  new Map(lab.fabric.devices.map((one) => [one.name, one.counters().commits.timed]))

/** Orders switches as the inventory does. */
export function byPlace(a: string, b: string): number {
  return ALL.indexOf(a) - ALL.indexOf(b)
}
