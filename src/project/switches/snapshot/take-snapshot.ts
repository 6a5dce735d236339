import type { InventoryDevice } from '../../../change/inventory/inventory.ts'
import { combined, read } from '../../../change/task/act/act.ts'
import { requireNoTimer } from '../../../change/task/act/own-timer.ts'
import { stateAreas } from '../../../eos/check/area/index.ts'
import { checkPort } from '../../../eos/check/run.ts'
import { type ClockReading, clockAgreement } from '../../../eos/device/clock-agreement.ts'
import type { Look } from '../../../eos/device/device.ts'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { EarlierBaseline } from '../../../report/baseline-words.ts'
import { compareDevices, type DeviceDiff } from '../../../report/snapshot-diff/formats.ts'
import {
  type AllowedAct,
  allowedNow,
  type DecisionOfPolicy,
  decided,
  requireAllowed,
  whileAllowed,
} from '../../access/policy/authority.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { type Baseline, baselinesOf } from '../../history/executions/switch-ends.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { inputError } from '../../system/process/input-error.ts'
import { type Readers, withReaders } from '../connect/open-fleet.ts'
import { secretlessLines } from '../connect/secretless-lines.ts'
import { heedClocks, skewOf } from '../connect/switch-clocks.ts'
import { chosenDevices } from '../inventory/tell-warnings.ts'
import { noteVersions } from './read-versions.ts'
import { type SnapshotDevice, type SnapshotDocument, snapshotNamed } from './snapshot-document.ts'

export const SNAPSHOT_AREAS: readonly string[] = stateAreas.map(({ name }) => name)

// For how many seconds a switch may be silent unless the inventory says otherwise, and how much longer all of its answers may take.
const ANSWER_SECONDS = 120
const MORE_SECONDS = 30

async function readSwitches(
  app: App,
  caller: Caller,
  chosen: readonly InventoryDevice[],
): Promise<SnapshotDocument['devices']> {
  const { devices, failures } = await readThose(app, caller, chosen)
  if (failures.length > 0) throw combined(failures)
  return devices
}

interface ReadSwitches {
  readonly devices: SnapshotDocument['devices']
  readonly failures: readonly unknown[]
}

interface FirstAnswers {
  readonly tellClock?: (reading: ClockReading) => void
  readonly require?: (name: string, look: Look) => void
}

async function readThose(
  app: App,
  caller: Caller,
  chosen: readonly InventoryDevice[],
  { tellClock, require }: FirstAnswers = {},
): Promise<ReadSwitches> {
  const checks = checkPort([])
  const readOne = async (readers: Readers, name: string): Promise<readonly [string, SnapshotDevice]> => {
    const look = await read(readers, name, async (device) => {
      const sent = app.clock.now()
      const answer = await device.look(checks.areaCommands(SNAPSHOT_AREAS))
      tellClock?.({ device: name, skew: skewOf(answer.epoch, sent, app.clock.now()) })
      return answer
    })
    require?.(name, look)
    const { running, startupDiff } = await read(readers, name, (device) => device.readConfig())
    const state = checks.readAreas(SNAPSHOT_AREAS, look.replies)
    return [name, { identity: look.identity, running, ...definedMembers({ startupDiff }), state }]
  }
  return await withReaders(app, caller, chosen, async (readers) => {
    const names = chosen.map(({ name }) => name)
    const limits = new Map(
      chosen.map(({ name, answerSeconds = ANSWER_SECONDS }) => [name, answerSeconds + MORE_SECONDS]),
    )
    const limitOf = (name: string) => limits.get(name) ?? ANSWER_SECONDS
    const settled = await Promise.allSettled(
      names.map((name) => inTime(app.clock, limitOf(name), name, () => readOne(readers, name))),
    )
    return {
      devices: Object.fromEntries(settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))),
      failures: settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : [])),
    }
  })
}

// Throws what failed with the name of the switch, `lost-answer` when the time is over.
async function inTime<T>(clock: Clock, seconds: number, name: string, work: () => Promise<T>) {
  const over = new AbortController()
  const late = clock.sleep(seconds * 1000, over.signal).then(() => {
    throw new EosflowError('lost-answer', `it did not answer within ${seconds} s`)
  })
  try {
    return await Promise.race([work(), late])
  } catch (error) {
    if (!(error instanceof EosflowError) || error.message.includes(name)) throw error
    const hint = error.hint === undefined ? {} : { hint: error.hint }
    throw new EosflowError(error.kind, `${name}: ${error.message}`, { ...hint, device: name, cause: error })
  } finally {
    over.abort()
  }
}

interface TakenSnapshot {
  readonly name: string
  // ISO 8601 in UTC.
  readonly takenAt: string
  readonly devices: readonly string[]
  readonly missing: readonly string[]
  readonly baseline: readonly string[]
  readonly still: readonly EarlierBaseline[]
  readonly notices: readonly string[]
  // Why it does not do what it would do: the denials in words, each once.
  readonly denied: readonly string[]
  readonly failure: unknown
}

type SnapshotAct = 'baseline.set' | 'notice.end'

interface SnapshotRequest {
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
  throw inputError('name', 'name', message, 'Give it another name.')
}

// A second one under the name would hide the first from whoever compares with it. Throws InputError.
async function requireFreeName(app: RecordApp, caller: Caller, name: string) {
  const kept = app.scrubber.scrub(name)
  const taken = (await app.store.snapshots()).find((one) => one.name === kept)
  if (taken === undefined) return
  if (decided(app, caller, 'task.snapshot', { devices: taken.devices }).effect === 'deny')
    throw inputError(kept, 'name', 'no snapshot can be taken under this name', 'Give it another name.')
  const message = `there is a snapshot of this name already, of ${taken.at}`
  throw inputError(kept, 'taken-name', message, 'Give it another name: the earlier one stays.')
}

// The name, or with a number behind it where several are taken within a second.
async function freeName({ store }: RecordApp, name: string) {
  const taken = new Set((await store.snapshots()).map((one) => one.name))
  let free = name
  for (let count = 2; taken.has(free); count += 1) free = `${name}-${count}`
  return free
}

export interface SnapshotComparison {
  readonly before: string
  readonly after: string | undefined
  readonly target: string | undefined
}

/** How switches differ between two snapshots, or since one. */
export async function compareSnapshots(
  app: App,
  caller: Caller,
  { before, after, target }: SnapshotComparison,
): Promise<readonly DeviceDiff[]> {
  const { project } = app
  const was = await snapshotNamed(app, before)
  const kept = after === undefined ? undefined : (await snapshotNamed(app, after)).devices
  const all = [...new Set([was.devices, kept ?? {}].flatMap((devices) => Object.keys(devices)))]
  const chosen = target === undefined ? all : chosenDevices(project.inventory(), target).map(({ name }) => name)
  await requireAllowed(app, caller, 'task.snapshot', { devices: chosen })
  const is = kept ?? (await live(app, caller, chosen))
  return compareDevices(only(was.devices, chosen), only(is, chosen), secretlessLines)
}

function live(app: App, caller: Caller, names: readonly string[]) {
  const { devices } = app.project.inventory()
  return readSwitches(
    app,
    caller,
    devices.filter(({ name }) => names.includes(name)),
  )
}

function only(devices: SnapshotDocument['devices'], names: readonly string[]): SnapshotDocument['devices'] {
  return Object.fromEntries(Object.entries(devices).filter(([name]) => names.includes(name)))
}
