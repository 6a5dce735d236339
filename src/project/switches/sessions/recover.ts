import { read } from '../../../change/task/act/read.ts'
import { checkpointName, firstCheckpoint } from '../../../change/task/act/session-name.ts'
import { savedState } from '../../../eos/device/device.ts'
import { isOpen } from '../../../eos/device/session-table.ts'
import type { Fleet } from '../../../eos/device/transport.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { SessionToEnd, SwitchLeftovers } from '../../../report/recover/switch-leftovers.ts'
import type { ListedSession } from '../../../report/sessions/formats.ts'
import { visibleLine } from '../../../report/text/visible.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { FoundLostTail } from '../../app/store/missing-records.ts'
import type { Caller } from '../../identity/caller.ts'
import type { Console } from '../../system/process/console.ts'
import { passClock } from '../../system/process/pass-clock.ts'
import { openFleet } from '../connect/open-fleet.ts'
import { readersOf } from '../connect/read-each.ts'
import { trustRecord } from '../connect/trust-record.ts'
import { chosenDevices } from '../inventory/chosen-devices.ts'
import { abortWanted, wantedOf } from './abort-named.ts'
import { RecordOfLook, readSessions } from './read-sessions.ts'

const CHECKPOINTS = 'show configuration checkpoints'

async function scan(
  app: RecordApp,
  caller: Console,
  fleet: Fleet,
  device: string,
  record: RecordOfLook,
): Promise<SwitchLeftovers> {
  const listed = await readSessions(app, caller, fleet, device, record)
  if ('failure' in listed) return listed
  const readers = readersOf(app, caller, fleet)
  try {
    const [printed] = await read(readers, device, (one) => one.print([CHECKPOINTS]))
    const saved = savedState(await read(readers, device, (one) => one.readConfig()))
    const checkpoints = printed?.ok === true ? checkpointsIn(printed.text) : []
    const foreignTimer = listed.sessions.find(({ state, whose }) => state === 'armed' && whose.kind === 'foreign')
    return {
      device,
      sessions: listed.sessions.filter(isOpenOfOurs),
      ...definedMembers({ foreignTimer }),
      checkpoints,
      ...(await savedBy(record, device, checkpoints)),
      unsaved: saved === 'unsaved',
      ...(saved === 'unknown' ? { startup: saved } : {}),
    }
  } catch (failure) {
    return { device, failure }
  }
}

async function savedBy(
  record: RecordOfLook,
  device: string,
  checkpoints: readonly string[],
): Promise<Pick<Read, 'savedBy'>> {
  const ids = checkpoints.length === 0 ? [] : await record.ids()
  const known = await Promise.all(
    checkpoints.map(async (name) => {
      const id = ids.find((one) => checkpointName(one) === firstCheckpoint(name))
      const state = id === undefined ? undefined : await record.state(id).catch(() => undefined)
      if (id === undefined || state?.devices.get(device)?.hasSaved !== true) return []
      return [[name, { execution: id, ended: state.outcome ?? 'open' }] as const]
    }),
  )
  const found = known.flat()
  return found.length === 0 ? {} : { savedBy: Object.fromEntries(found) }
}

type Read = Exclude<SwitchLeftovers, { failure: unknown }>

function isOpenOfOurs({ state, whose }: ListedSession) {
  return whose.kind !== 'foreign' && isOpen(state)
}

// Names and dates of the table that EOS prints, the newest first.
function checkpointsIn(text: string) {
  const rows = text.split('\n').flatMap((row) => {
    const [name = '', ...date] = row.trim().split(/\s+/)
    return firstCheckpoint(name) !== undefined ? [{ name, date: date.slice(0, 2).join(' ') }] : []
  })
  return rows.toSorted((a, b) => b.date.localeCompare(a.date)).map(({ name }) => name)
}

export interface Recovery {
  readonly target: string | undefined
  readonly names: readonly string[]
  choose(found: readonly SwitchLeftovers[]): Promise<readonly SessionToEnd[]>
}

export interface RecoveryResult {
  readonly found: readonly SwitchLeftovers[]
  readonly aborted: readonly SessionToEnd[]
  readonly lost?: FoundLostTail
}

/** Throws `stale` and `busy` as {@link wantedOf} does. */
export async function recover(app: App, caller: Caller, { target, names, choose }: Recovery): Promise<RecoveryResult> {
  const inventory = app.project.inventory()
  const chosen = chosenDevices(inventory, target)
  const lets = await requireAllowed(app, caller, 'device.unlock', { devices: chosen.map(({ name }) => name) })
  const fleet = openFleet(app, caller, inventory, chosen, { record: trustRecord(app, caller) })
  const scanAll = (): Promise<readonly SwitchLeftovers[]> => {
    const record = new RecordOfLook(app)
    return Promise.all(chosen.map(({ name }) => scan(app, caller, fleet.as('read'), name, record)))
  }
  try {
    const found = await scanAll()
    const wanted = names.length > 0 ? await wantedOf(app, found, names) : await choose(found)
    const lost = target === undefined ? await app.shared?.lostTail() : undefined
    const seen = lost === undefined ? {} : { lost }
    if (wanted.length === 0) return { found, aborted: [], ...seen }
    await passClock(app.clockRule, caller)
    for (const complaint of await abortWanted(app, caller, fleet, { wanted, lets }))
      caller.tell(`${visibleLine(complaint)}\n`)
    return { found: await scanAll(), aborted: wanted, ...seen }
  } finally {
    await fleet.close()
  }
}
