import { requireNoTimer } from '../../../change/task/act/foreign-timer.ts'
import { combined } from '../../../change/task/act/on-each.ts'
import { type ClockReading, clockAgreement } from '../../../eos/device/clock-agreement.ts'
import { problemOf } from '../../../model/problem.ts'
import type { EarlierBaseline } from '../../../report/baseline-words.ts'
import { type AllowedAct, type DecisionOfPolicy, decided, requireAllowed } from '../../access/policy/authority.ts'
import { whileAllowed } from '../../access/policy/while-allowed.ts'
import { allowedNow } from '../../access/policy/write-allowed.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { type Baseline, baselinesOf } from '../../history/executions/baseline.ts'
import type { Caller } from '../../identity/caller.ts'
import { InputError } from '../../system/process/input-error.ts'
import { heedClocks } from '../connect/switch-clocks.ts'
import { chosenDevices } from '../inventory/chosen-devices.ts'
import { noteVersions } from './read-versions.ts'
import type { SnapshotDocument } from './snapshot-document.ts'
import { readThose } from './snapshot-reading.ts'

export interface TakenSnapshot {
  readonly name: string
  /** ISO 8601 in UTC. */
  readonly takenAt: string
  readonly devices: readonly string[]
  readonly missing: readonly string[]
  readonly baseline: readonly string[]
  readonly still: readonly EarlierBaseline[]
  readonly notices: readonly string[]
  /** Why it does not do what it would do: the denials in words, each once. */
  readonly denied: readonly string[]
  readonly failure: unknown
}

export type SnapshotAct = 'baseline.set' | 'notice.end'

export interface SnapshotRequest {
  readonly target: string | undefined
  readonly name: string | undefined
  readonly moves?: readonly SnapshotAct[]
  readonly adopts?: AllowedAct
}

/** Of a switch on which no change was confirmed it becomes the baseline, and it ends the notices about a switch, where the caller may do that too (docs/policy.md#baselines-and-notices). Throws what failed where none can be read, and InputError for a name that a snapshot has already: nothing is kept then. */
export async function takeSnapshot(
  app: App,
  caller: Caller,
  { target, name: given, adopts, moves = adopts !== undefined ? [] : ['baseline.set', 'notice.end'] }: SnapshotRequest,
): Promise<TakenSnapshot> {
  const chosen = chosenDevices(app.project.inventory(), target)
  const lets = await requireAllowed(app, caller, 'task.snapshot', { devices: chosen.map((one) => one.name) })
  const takenAt = new Date(app.clock.now()).toISOString()
  const kind = adopts !== undefined ? 'adopted' : 'snapshot'
  const name =
    given ?? (await freeName(app, `${kind}-${takenAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`))
  requireName(name)
  await requireFreeName(app, caller, name)
  await app.clockRule?.require()
  const clocks: ClockReading[] = []
  const { devices: read, failures } = await readThose(app, caller, chosen, {
    tellClock: (reading) => clocks.push(reading),
    // What a commit timer may take back is nobody's intended text yet.
    ...(adopts !== undefined ? { require: (one, { sessions }) => requireNoTimer(one, sessions) } : {}),
  })
  heedClocks(app, caller, clockAgreement(clocks))
  const devices = Object.keys(read)
  if (devices.length === 0 && failures.length > 0) throw combined(failures)
  const missing = chosen.map((one) => one.name).filter((one) => !devices.includes(one))
  await requireFreeName(app, caller, name)
  const document: SnapshotDocument = { version: 1, name, takenAt, devices: read }
  const snapshot = await app.store.put(JSON.stringify(document))
  const known = await baselinesOf(app, devices)
  const isChanged = (one: string) => 'ending' in (known.get(one) ?? {})
  const unchanged = devices.filter((one) => !isChanged(one))
  const mayMove = (act: SnapshotAct, names: readonly string[]): MovedNames =>
    moves.includes(act) ? allowed(names, (one) => decided(app, caller, act, { devices: [one] })) : NONE
  const judged = {
    again: () => Promise.all([lets, ...(adopts === undefined ? [] : [adopts])].map((one) => allowedNow(app, one))),
  }
  const { moved, why } = await whileAllowed(app, judged, async (condition) => {
    const [baseline, notices] = [mayMove('baseline.set', unchanged), mayMove('notice.end', devices)]
    const own = { baseline: baseline.names, notices: notices.names }
    const adopted = adopts === undefined ? {} : { adopted: devices }
    const taken = { type: 'SnapshotTaken', name, snapshot, devices, ...own, ...adopted } as const
    await app.journalAs(caller.principal).append(undefined, [taken], [condition])
    return { moved: own, why: [...baseline.why, ...notices.why] }
  })
  await noteVersions(app.notes, new Map(Object.entries(read).map(([one, { identity }]) => [one, identity.eos])))
  return {
    ...{ name, takenAt, devices, missing, ...moved },
    still: devices.filter((one) => !moved.baseline.includes(one)).map((one) => stillOf(one, known.get(one))),
    denied: [...new Set(why)],
    failure: failures.length === 0 ? undefined : combined(failures),
  }
}

interface MovedNames {
  readonly names: readonly string[]
  readonly why: readonly string[]
}

const NONE: MovedNames = { names: [], why: [] }

function allowed(names: readonly string[], decide: (name: string) => DecisionOfPolicy): MovedNames {
  const made = names.map((name) => [name, decide(name)] as const)
  const denied = made.filter(([, { effect }]) => effect === 'deny')
  const [first] = denied
  return {
    names: made.flatMap(([name, { effect }]) => (effect === 'allow' ? [name] : [])),
    why: first === undefined ? [] : [first[1].reason],
  }
}

function stillOf(name: string, baseline: Baseline | undefined): EarlierBaseline {
  if (baseline === undefined) return { name }
  return 'ending' in baseline
    ? { name, source: { kind: 'execution', id: baseline.ending.execution } }
    : { name, source: { kind: 'snapshot', name: baseline.snapshot.name } }
}

const NAME = /^(?![-@\s])[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u

function requireName(name: string) {
  if (NAME.test(name)) return
  const message =
    'the name of a snapshot is one line of plain text of at most 100 characters, and begins with no `@` or `-`'
  throw new InputError([problemOf('name', 'name', message, 'Give it another name.')])
}

// A second one under the name would hide the first from whoever compares with it. Throws InputError.
async function requireFreeName(app: RecordApp, caller: Caller, name: string) {
  const kept = app.scrubber.scrub(name)
  const taken = (await app.store.snapshots()).find((one) => one.name === kept)
  if (taken === undefined) return
  if (decided(app, caller, 'task.snapshot', { devices: taken.devices }).effect === 'deny')
    throw new InputError([problemOf(kept, 'name', 'no snapshot can be taken under this name', 'Give it another name.')])
  const message = `there is a snapshot of this name already, of ${taken.at}`
  throw new InputError([problemOf(kept, 'taken-name', message, 'Give it another name: the earlier one stays.')])
}

// The name, or with a number behind it where several are taken within a second.
async function freeName({ store }: RecordApp, name: string) {
  const taken = new Set((await store.snapshots()).map((one) => one.name))
  let free = name
  for (let count = 2; taken.has(free); count += 1) free = `${name}-${count}`
  return free
}
