import { knownChecks } from '../src/check/known-checks.ts'
import type { DeviceTarget } from '../src/device/transport.ts'
import type { Planning } from '../src/engine/ports.ts'
import { parseInventory } from '../src/inventory/inventory.ts'
import { EosflowError } from '../src/model/error.ts'
import type { Json } from '../src/model/json.ts'
import type { Principal } from '../src/model/principal.ts'
import type { Checked } from '../src/model/problem.ts'
import { makePlan } from '../src/plan/make-plan.ts'
import { type Prepared, planTimers, prepare } from '../src/plan/prepare.ts'
import { builtinTasks } from '../src/task/builtin/index.ts'
import { memoryKeys } from '../src/trial/memory-keys.ts'
import { compileWorkflow } from '../src/workflow/compile.ts'
import { CUT, LINES, PASSWORD, type Side } from './device-texts.ts'
import type { Scenario } from './scenario.ts'

/** The key of every digest of a history: the same each time, and of no other use. */
export const KEY = 'a-history-has-a-key-that-is-no-secret'

/** The store of a history, by its id. */
export const STORE_ID = 'eosflow.audit/0000000000000000'

/** Who does everything in a history. */
export const OPERATOR: Principal = { issuer: 'local', id: 'local:1:operator@lab', kind: 'person', auth: 'os' }

/** What a history's change is made of. */
export interface ChangeShape {
  readonly side: Side
  readonly switches: readonly string[]
  /** The sizes of the waves. */
  readonly waves: readonly number[]
  readonly atomic: Scenario['atomic']
  readonly maxFailures: Scenario['maxFailures']
  readonly transport: Scenario['transport']
  /** What takes the first change back, as lines; absent but for that. */
  readonly inverse?: readonly string[]
  /** Whether the change shuts the port over which its switch is managed. */
  readonly cuts: boolean
  /** For how many seconds an approval holds. */
  readonly expires: number
}

/** What a history's change is made of: the one it is about is drawn, those beside it are of one switch or take that one back. */
export function shapeOf(
  { switches, waves, atomic, maxFailures, transport, cuts, expires }: Scenario,
  side: Side,
  inverse: { readonly switches: readonly string[]; readonly lines: readonly string[] } | undefined,
): ChangeShape {
  const names = switches.map(({ name }) => name)
  const plain = { side, transport, expires }
  if (side === 'main') return { ...plain, switches: names, waves, atomic, maxFailures, cuts }
  const beside = { ...plain, waves: [1], atomic: 'change', maxFailures: 0, cuts: false } as const
  return inverse === undefined
    ? { ...beside, switches: names.slice(0, 1) }
    : { ...beside, switches: inverse.switches, inverse: inverse.lines }
}

/** The seconds of the commit timer of every history. */
export const TIMER = 300

const known = new Map<string, Prepared>()

/** A change that is compiled and prepared: shapes are few, and each is read once. */
export function preparedChange(shape: ChangeShape): Prepared {
  const key = JSON.stringify(shape)
  let prepared = known.get(key)
  if (prepared === undefined) {
    prepared = prepareChange(shape)
    known.set(key, prepared)
  }
  return prepared
}

function prepareChange({
  side,
  switches,
  waves,
  atomic,
  maxFailures,
  transport,
  cuts,
  expires,
  inverse = [],
}: ChangeShape): Prepared {
  const own = side === 'back' ? inverse : LINES[side]
  const lines = cuts ? [...own, ...CUT] : own
  const checks =
    side === 'back' ? ['reachable'] : ['reachable', { 'vlans-present': { vlans: [side === 'main' ? 998 : 997] } }]
  const workflow = `name: simulated
targets: ${switches.join(' or ')}
change: { mode: merge, lines: ${JSON.stringify(lines)} }
rollout: { waves: ${JSON.stringify(waves)}, atomic: ${atomic}, maxFailures: ${maxFailures} }
steps:
  - snapshot: { state: [vlan] }
  - plan
  - approve: { expires: ${expires}s }
  - push: { confirmWithin: ${TIMER}s }
  - verify: { within: 20s, stableFor: 4s, every: 4s, checks: ${JSON.stringify(checks)} }
  - confirm
`
  const inventory = {
    defaults: transport === 'ssh' ? { transport, credentials: 'sim' } : { protocol: 'http', credentials: 'sim' },
    credentials: { sim: { username: 'admin', password: PASSWORD, simulated: true } },
    devices: Object.fromEntries(switches.map((name, index) => [name, { host: '127.0.0.1', port: index + 1 }])),
  }
  const files = (): undefined => undefined
  const context = { files, checks: knownChecks, tasks: builtinTasks, policyPresent: false }
  return must(
    prepare({
      workflow: must(compileWorkflow(workflow, 'simulated.yaml', context)),
      given: {},
      inventory: must(parseInventory(JSON.stringify(inventory), 'inventory.yaml')),
      files,
    }),
  )
}

function must<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value
  throw new EosflowError('bug', checked.problems.map(({ message }) => message).join('\n'))
}

/** How the switches of a change are reached. */
export function targetsOf(prepared: Prepared): readonly DeviceTarget[] {
  return prepared.devices.map(({ credentials: _user, tags: _tags, ...target }) => target)
}

/** The change as it is rendered and planned, whoever asks and whenever. */
export function planningOf(prepared: Prepared, now: () => number, checkpoints: 'keep' | 'prune'): Planning {
  const { workflow, params, rollout, checks, changes, digest } = prepared
  return {
    key: KEY,
    render: async (device) => {
      const change = changes[device]
      if (change === undefined) throw new EosflowError('stale', `${device} is not in the inventory`, { device })
      return change
    },
    make: (evidence) =>
      makePlan(
        {
          workflow: { name: workflow.name, file: workflow.file, digest, params },
          targets: targetsOf(prepared),
          credentials: Object.fromEntries(prepared.devices.map(({ name, credentials }) => [name, credentials])),
          rollout,
          ...planTimers(workflow),
          checks: checks as unknown as Json,
          approve: workflow.approve === null ? null : { expires: workflow.approve.expires },
          allow: workflow.allow,
          ...(checkpoints === 'keep' ? {} : { checkpoints }),
          policy: null,
          offline: false,
          toolVersion: '0.0.0',
          requester: OPERATOR,
          createdAt: new Date(now()).toISOString(),
          key: KEY,
          sealing: { key: memoryKeys(KEY).readOrMake('plan').key, store: STORE_ID, anyStore: false },
        },
        evidence,
      ),
  }
}
