import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { byPlace } from '../../../change/record/event/cursor.ts'
import type { SwitchEnding, SwitchEnds } from '../../../change/record/noted-ends.ts'
import { isLiveAt } from '../../../change/record/store/lease.ts'
import { textsOf } from '../../../change/record/texts-of.ts'
import { read } from '../../../change/task/act/act.ts'
import { isSameSwitch } from '../../../change/task/act/switch-identity.ts'
import { type ChangeLine, presentChanges } from '../../../eos/config/diff/diff.ts'
import { parseConfig } from '../../../eos/config/text/parse.ts'
import { changesBetween, comparableText } from '../../../eos/config/vlan-sets.ts'
import { type DeviceIdentity, type Fleet, savedState } from '../../../eos/device/device.ts'
import { EosflowError, messageOf } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { ConfirmedSource, Drift } from '../../../report/drift/drift.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { Project } from '../../files/project.ts'
import { baselinesOf, switchEnds } from '../../history/executions/switch-ends.ts'
import { stagedChanges } from '../../history/plans/staged-change.ts'
import type { Caller } from '../../identity/caller-of.ts'
import type { Console } from '../../system/process/console.ts'
import { allowedSwitches, readersOf, withReaders } from '../connect/open-fleet.ts'
import { secretlessLines } from '../connect/secretless-lines.ts'
import type { SnapshotDocument } from '../snapshot/snapshot-document.ts'

/**
 * Does something with the store of a project; where there is none, with one in a folder of its own that is gone behind it, so that none is made. `work` is given the
 * place of that, and undefined where the project has a store.
 */
export async function withStoreAside<T>(
  project: Pick<Project, 'database' | 'store'>,
  work: (store: string | undefined) => Promise<T>,
): Promise<T> {
  if (project.database !== undefined || existsSync(project.store)) return work(undefined)
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-aside-'))
  try {
    return await work(join(folder, 'store.sqlite'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export interface ConfirmedConfig {
  readonly source: ConfirmedSource
  /** ISO 8601 in UTC. */
  readonly since: string
  readonly identity: DeviceIdentity
  readonly running: string
}

type Named = readonly [name: string, confirmed: ConfirmedConfig]

export async function confirmedConfigs(
  app: Pick<ProjectStore, 'store' | 'clock'>,
  names: readonly string[],
): Promise<Readonly<Record<string, ConfirmedConfig>>> {
  const executed = new Map<string, Sharing<SwitchEnding>>()
  const kept = new Map<string, Sharing<string>>()
  for (const [name, baseline] of await baselinesOf(app, names)) {
    if ('ending' in baseline)
      share(executed, `${baseline.ending.execution} ${baseline.ending.seq}`, baseline.ending, name)
    else share(kept, baseline.snapshot.snapshot, baseline.snapshot.snapshot, name)
  }
  const found: Named[] = []
  for (const { source, names } of executed.values()) found.push(...(await confirmedBy(app, source, names)))
  for (const { source, names } of kept.values()) found.push(...(await keptIn(app, source, names)))
  return Object.fromEntries(found)
}

interface Sharing<T> {
  readonly source: T
  readonly names: string[]
}

function share<T>(all: Map<string, Sharing<T>>, key: string, source: T, name: string) {
  const known = all.get(key) ?? { source, names: [] }
  known.names.push(name)
  all.set(key, known)
}

async function confirmedBy(
  app: Pick<ProjectStore, 'store'>,
  ending: SwitchEnding,
  names: readonly string[],
): Promise<readonly Named[]> {
  const { execution: id, at: since } = ending
  const source: ConfirmedSource = { kind: 'execution', id }
  const staged = await stagedChanges(app, ending, names)
  const found: Named[] = []
  const texts = textsOf(
    app.store,
    staged.map((one) => [one, one.target]),
  )
  for await (const [{ name, planned }, running] of texts)
    found.push([name, { source, since, identity: planned.identity, running }])
  return found
}

async function keptIn(
  { store }: Pick<ProjectStore, 'store'>,
  ref: string,
  names: readonly string[],
): Promise<readonly Named[]> {
  const { name: snapshot, takenAt, devices } = JSON.parse(await store.get(ref)) as SnapshotDocument
  const source: ConfirmedSource = { kind: 'snapshot', name: snapshot }
  return names.flatMap((name): readonly Named[] => {
    const device = devices[name]
    if (device === undefined) return []
    const { identity, running } = device
    return [[name, { source, since: takenAt, identity, running }]]
  })
}

export async function driftOfSwitches(app: App, caller: Caller, target: string | undefined): Promise<readonly Drift[]> {
  const { chosen, names } = await allowedSwitches(app, caller, 'task.snapshot', target)
  const confirmed = await confirmedConfigs(app, names)
  return await withReaders(app, caller, chosen, async ({ fleet }) => {
    const found = await Promise.all(names.map((name) => driftOf(app, caller, fleet, name, confirmed[name])))
    const ends = found.some(({ state }) => state === 'differs') ? await switchEnds(app) : undefined
    const drifts = await Promise.all(found.map((drift) => withMaker(app, drift, ends?.get(drift.name))))
    await recordDrift(app, caller, drifts)
    return drifts
  })
}

async function withMaker(app: RecordApp, drift: Drift, { newest, changed }: Partial<SwitchEnds> = {}): Promise<Drift> {
  if (drift.state !== 'differs') return drift
  const lease = await app.leases.leaseOf(drift.name)
  if (lease !== undefined && isLiveAt(lease, new Date(app.clock.now()).toISOString()))
    return { ...drift, by: { execution: lease.execution, standing: 'changing' } }
  const isLost = newest?.end === 'unknown' && (changed === undefined || byPlace(newest, changed) > 0)
  return isLost ? { ...drift, by: { execution: newest.execution, standing: 'unknown' } } : drift
}

async function recordDrift(app: RecordApp, caller: Caller, drifts: readonly Drift[]) {
  if (app.project.settings.notify.targets.length === 0) return
  const named = (state: Drift['state']) => drifts.flatMap((drift) => (drift.state === state ? [drift.name] : []))
  const [differs, same, unconfirmed, unread] = [named('differs'), named('same'), named('unknown'), named('unread')]
  if (drifts.length === 0) return
  try {
    await app
      .journalAs(caller.principal)
      .append(undefined, [{ type: 'DriftCompared', differs, same, unconfirmed, unread }])
  } catch (error) {
    caller.tell(`! it is not on record: ${messageOf(error)}\n`)
  }
}

// A switch that was never confirmed is not asked.
async function driftOf(
  app: RecordApp,
  caller: Console,
  fleet: Fleet,
  name: string,
  confirmed: ConfirmedConfig | undefined,
): Promise<Drift> {
  if (confirmed === undefined) return { name, state: 'unknown' }
  const readers = readersOf(app, caller, fleet)
  try {
    const { identity, sessions } = await read(readers, name, (device) => device.look([]))
    requireSame(name, confirmed.identity, identity)
    const reading = await read(readers, name, (device) => device.readConfig())
    const saved = savedState(reading)
    const config = driftLines(confirmed.running, reading.running)
    return {
      name,
      state: config.length === 0 ? 'same' : 'differs',
      source: confirmed.source,
      since: confirmed.since,
      config,
      unsaved: saved === 'unsaved',
      ...(saved === 'unknown' ? { startup: saved } : {}),
      ...definedMembers({ armed: sessions.armed }),
    }
  } catch (failure) {
    return { name, state: 'unread', failure }
  }
}

function requireSame(name: string, was: DeviceIdentity, is: DeviceIdentity) {
  if (isSameSwitch(was, is)) return
  throw new EosflowError(
    'wrong-device',
    `${name}: another switch answers: serial ${is.serial}, MAC ${is.systemMac}; confirmed was serial ${was.serial}, MAC ${was.systemMac}`,
    { device: name },
  )
}

function driftLines(confirmed: string, running: string): readonly ChangeLine[] {
  const lines = presentChanges(
    changesBetween(parseConfig(comparableText(confirmed)), parseConfig(comparableText(running))),
  )
  const shown = secretlessLines(lines.map(({ text }) => text))
  return lines.map((line, index) => ({ ...line, text: shown[index] ?? '' }))
}
