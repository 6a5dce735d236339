import type { EventBody } from '../../../change/record/event/event.ts'
import { type ActOnceContext, actOnce } from '../../../change/task/act/act-once.ts'
import { isOpen } from '../../../eos/device/session-table.ts'
import type { Fleet } from '../../../eos/device/transport.ts'
import { EosflowError } from '../../../model/error.ts'
import type {
  CollectedSession,
  RemainingSession,
  SwitchCollection,
  SwitchSessions,
} from '../../../report/sessions/formats.ts'
import { type AllowedAct, requireAllowed } from '../../access/policy/authority.ts'
import { writeAllowed } from '../../access/policy/write-allowed.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { Caller, SilentCaller } from '../../identity/caller.ts'
import { openFleet } from '../connect/open-fleet.ts'
import { requireSwitchClocks } from '../connect/switch-clocks.ts'
import { trustRecord } from '../connect/trust-record.ts'
import { chosenDevices } from '../inventory/chosen-devices.ts'
import { keptBecause } from './kept-because.ts'
import { readSessions } from './read-sessions.ts'

/** Aborts the pending sessions of a switch that nobody wants any more, one after the other: intent and outcome of each are on record, and the sessions are read back. `all`: those of other stores too. */
export async function collectSessions(
  app: RecordApp,
  caller: Caller,
  fleet: Fleet,
  device: string,
  { all, lets }: { readonly all: boolean; readonly lets: AllowedAct },
): Promise<SwitchCollection> {
  const before = await readSessions(app, caller, fleet, device)
  if ('failure' in before) return before
  const open = before.sessions.filter(({ state }) => isOpen(state))
  const kept = open.flatMap((session): RemainingSession[] => {
    const because = session.whose.kind === 'foreign' ? undefined : keptBecause(session, all, app)
    return because === undefined ? [] : [{ session: session.name, because }]
  })
  const goes = open.filter((session) => keptBecause(session, all, app) === undefined).map(({ name }) => name)
  const said = new Map<string, string>()
  for (const session of goes) {
    const complaint = await abortSession(app, caller, fleet, { device, session, lets })
    if (complaint !== undefined) said.set(session, complaint)
  }
  const after = goes.length === 0 ? before : await readSessions(app, caller, fleet, device)
  const removed = goes.map((session) => collected(session, after, said.get(session)))
  return { device, removed, kept }
}

/** `lets`: what lets whoever calls; absent for a session of their own. */
export async function abortSession(
  app: RecordApp,
  caller: SilentCaller,
  fleet: Fleet,
  {
    device,
    session,
    lets,
  }: { readonly device: string; readonly session: string; readonly lets: AllowedAct | undefined },
): Promise<string | undefined> {
  const append = async (event: EventBody) => {
    await app.journalAs(caller.principal).append(undefined, [event])
  }
  const log: ActOnceContext['log'] = {
    intended: async (name, kind, detail) => {
      const event = { type: 'ActIntended', device: name, act: kind, ...detail } as const
      if (lets === undefined) await append(event)
      else await writeAllowed(app, caller, lets, () => [event])
    },
    finished: (name, kind, detail) => append({ type: 'ActFinished', device: name, act: kind, ...detail }),
  }
  try {
    const { outcome } = await actOnce({ fleet, log }, device, 'abort', { session }, (one) => one.abort(session))
    return outcome === 'unknown' ? 'the answer to its abort was lost' : undefined
  } catch (error) {
    if (!(error instanceof EosflowError) || error.kind === 'store') throw error
    return error.message
  }
}

function collected(session: string, after: SwitchSessions, said: string | undefined): CollectedSession {
  const detail = said === undefined ? {} : { detail: said }
  if ('failure' in after) {
    return { session, end: 'unknown', detail: said ?? 'it was aborted, and the switch could not be read afterwards' }
  }
  const left = after.sessions.find(({ name }) => name === session)
  if (left === undefined || left.state === 'aborted') return { session, end: 'removed', ...detail }
  return { session, end: 'refused', detail: said ?? `the switch still shows it: ${left.state}` }
}

/** The same on several switches, as somebody asks for it: the policy is asked, and the clocks are compared before anything is written. */
export async function collectOn(
  app: App,
  caller: Caller,
  { target, all }: { readonly target: string | undefined; readonly all: boolean },
): Promise<readonly SwitchCollection[]> {
  const inventory = app.project.inventory()
  const chosen = chosenDevices(inventory, target)
  const names = chosen.map(({ name }) => name)
  const lets = await requireAllowed(app, caller, 'device.unlock', { devices: names })
  await app.clockRule?.require()
  await requireSwitchClocks(app, caller, names)
  const fleet = openFleet(app, caller, inventory, chosen, { record: trustRecord(app, caller) })
  try {
    return await Promise.all(names.map((name) => collectSessions(app, caller, fleet, name, { all, lets })))
  } finally {
    await fleet.close()
  }
}
