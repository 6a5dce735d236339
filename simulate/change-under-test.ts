import { type PreparedChange, prepare } from '../src/change/plan/prepare.ts'
import type { Principal } from '../src/model/principal.ts'
import { loadWorkflow } from '../src/project/files/load-workflow.ts'
import type { Project } from '../src/project/files/project.ts'
import { orProblems } from '../src/project/system/process/input-error.ts'
import { CUT, LINES, PASSWORD, type Side } from './device-texts.ts'
import type { Scenario } from './scenario.ts'

/** The key of every digest of a history: the same each time, and of no other use. */
export const KEY = 'a-history-has-a-key-that-is-no-secret'

/** Who does everything in a history. */
export const OPERATOR: Principal = { issuer: 'local', id: 'local:1:operator@lab', kind: 'person', auth: 'os' }

/** The seconds of the commit timer of every history. */
export const TIMER = 300

/** What takes a change back: on which switches, and by which lines. */
export interface Inverse {
  readonly switches: readonly string[]
  readonly lines: readonly string[]
}

/** The settings and the inventory of a history, by their paths in its project. */
export function projectFiles({
  switches,
  transport,
  locks,
  hasPast,
  ownerSession,
  sites,
  budget,
  pairs,
}: Scenario): readonly (readonly [string, string])[] {
  const settings = {
    configureLock: locks,
    checkpoints: hasPast ? 'prune' : 'keep',
    announce: false,
    ...(budget === undefined ? {} : { maxUnderChange: [{ on: '*', max: budget }] }),
    ...(ownerSession
      ? { ownerSession, proven: Object.fromEntries(switches.map(({ eos }) => [eos, { owner: true }])) }
      : {}),
  }
  const defaults = transport === 'ssh' ? { transport, credentials: 'sim' } : { protocol: 'http', credentials: 'sim' }
  const inventory = {
    defaults,
    credentials: { sim: { username: 'admin', password: PASSWORD, simulated: true } },
    devices: Object.fromEntries(
      switches.map(({ name }, index) => [
        name,
        {
          host: '127.0.0.1',
          port: index + 1,
          ...(sites ? { tags: { site: index % 2 === 0 ? 'north' : 'south' } } : {}),
          ...(pairs !== undefined && index < 2 ? { tags: { mlag: 'pair' } } : {}),
        },
      ]),
    ),
  }
  return [
    ['eosflow.yaml', JSON.stringify(settings)],
    ['inventory.yaml', JSON.stringify(inventory)],
  ]
}

/** The workflow of a change: the one that a history is about is drawn, those beside it are of one switch or take that one back. */
export function workflowOf(scenario: Scenario, side: Side, inverse: Inverse | undefined): string {
  const { switches, expires, budget } = scenario
  const all = switches.map(({ name }) => name)
  // Where a budget holds the last switch is the rival's.
  const own = budget === undefined ? all : all.slice(0, -1)
  const names = side === 'back' ? (inverse?.switches ?? []) : own
  const lines = side === 'back' ? (inverse?.lines ?? []) : LINES[side]
  const beside = { waves: [1], atomic: 'change', maxFailures: 0, cuts: false } as const
  const { waves, atomic, maxFailures, cuts } = side === 'main' ? scenario : beside
  const targets = side === 'rival' ? (budget === undefined ? names.slice(0, 1) : all.slice(-1)) : names
  const present = { 'vlans-present': { vlans: [side === 'main' ? 998 : 997] } }
  const checks = side === 'back' ? ['reachable'] : ['reachable', present]
  return `name: simulated
targets: ${targets.join(' or ')}
change: { mode: merge, lines: ${JSON.stringify(cuts ? [...lines, ...CUT] : lines)} }
rollout: { waves: ${JSON.stringify(waves)}, ${side === 'main' && scenario.sites ? 'sites: together' : `atomic: ${atomic}, ${confirmedTogether(scenario, side, maxFailures)}`} }
steps:
  - snapshot: { state: [vlan] }
  - plan
  - approve: { expires: ${expires}s }
  - push: { confirmWithin: ${TIMER}s }
  - verify: { within: 20s, stableFor: 4s, every: 4s, checks: ${JSON.stringify(checks)} }
  - confirm
`
}

/** Where two go together none of them may stay alone. */
const confirmedTogether = ({ pairs }: Scenario, side: Side, maxFailures: number): string =>
  side === 'main' && pairs !== undefined ? `pairs: ${pairs}` : `maxFailures: ${maxFailures}`

/** A change of a project, prepared as `run` prepares it. Throws InputError. */
export function preparedChange(project: Project, file: string): PreparedChange {
  const { files } = project
  return orProblems(
    prepare({ workflow: loadWorkflow(project, file), given: {}, inventory: project.inventory(), files }),
  )
}
