import { foldAll } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { ExecutionSummary } from '../../../change/record/store/store.ts'
import { read } from '../../../change/task/act/read.ts'
import { sessionPrefix } from '../../../change/task/act/session-name.ts'
import { readSessionDetails } from '../../../eos/device/session-detail.ts'
import type { Fleet } from '../../../eos/device/transport.ts'
import type { Act } from '../../../model/act.ts'
import type { Command } from '../../../model/command.ts'
import type { ListedSession, SessionOwner, SwitchSessions } from '../../../report/sessions/formats.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { Caller } from '../../identity/caller.ts'
import type { Console } from '../../system/process/console.ts'
import { openFleet } from '../connect/open-fleet.ts'
import { readersOf } from '../connect/read-each.ts'
import { trustRecord } from '../connect/trust-record.ts'
import { chosenDevices } from '../inventory/chosen-devices.ts'
import { isOfEosflow, timeInName, whose } from './whose.ts'

const SESSIONS: Command = { cmd: 'show configuration sessions detail', revision: 1 }

// So long, in milliseconds, what was read holds for the switches of one look: an execution that goes on meanwhile is not taken for a dead one.
const HOLDS = 5_000

/** What is on record of executions, read once for many switches: those of one look have sessions and checkpoints of the same few. */
export class RecordOfLook {
  readonly #app: Pick<RecordApp, 'store' | 'clock'>
  readonly #read = new Map<string, { readonly at: number; readonly found: Promise<unknown> }>()

  constructor(app: Pick<RecordApp, 'store' | 'clock'>) {
    this.#app = app
  }

  ids(anew?: 'anew'): Promise<readonly string[]> {
    return this.#once('ids', () => this.#allIds(), anew)
  }

  events(id: string): Promise<readonly JournalEvent[]> {
    return this.#once(`events ${id}`, () => this.#app.store.read(id))
  }

  state(id: string): Promise<ExecutionState> {
    return this.#once(`state ${id}`, async () => foldAll(id, await this.events(id)))
  }

  #allIds(): Promise<readonly string[]> {
    return this.#app.store.executionIds()
  }

  #once<T>(what: string, read: () => Promise<T>, anew?: 'anew'): Promise<T> {
    const now = this.#app.clock.monotonic()
    const known = this.#read.get(what)
    if (known !== undefined && anew === undefined && now - known.at < HOLDS) return known.found as Promise<T>
    const found = read()
    this.#read.set(what, { at: now, found })
    return found
  }
}

/** `record` is that of this look alone. */
export async function readSessions(
  app: RecordApp,
  caller: Console,
  fleet: Fleet,
  device: string,
  record = new RecordOfLook(app),
): Promise<SwitchSessions> {
  const readers = readersOf(app, caller, fleet)
  try {
    const look = await read(readers, device, (one) => one.look([SESSIONS]))
    const { sessions, armed, maxOpenSessions } = look.sessions
    const [reply] = look.replies
    const details = reply?.ok === true ? readSessionDetails(reply.json) : {}
    const now = app.clock.now()
    const executions = await makersOf(record, Object.keys(sessions).filter(isOfEosflow))
    const listed = Object.entries(sessions).map(async ([name, state]): Promise<ListedSession> => {
      const detail = details[name]
      const owner = whose(name, executions, now)
      const since =
        detail?.completedAt === undefined ? await madeAt(record, device, name, owner) : detail.completedAt * 1000
      return {
        name,
        state,
        whose: owner,
        inside: detail?.inside ?? [],
        ...(detail?.user === undefined ? {} : { user: detail.user }),
        ...(since === undefined ? {} : { age: Math.max(0, Math.floor((now - since) / 1000)) }),
        ...(armed?.session === name ? { secondsLeft: armed.secondsLeft } : {}),
      }
    })
    return { device, sessions: await Promise.all(listed), places: maxOpenSessions }
  } catch (failure) {
    return { device, failure }
  }
}

export async function sessionsOn(
  app: App,
  caller: Caller,
  target: string | undefined,
): Promise<readonly SwitchSessions[]> {
  const inventory = app.project.inventory()
  const chosen = chosenDevices(inventory, target)
  await requireAllowed(app, caller, 'task.snapshot', { devices: chosen.map(({ name }) => name) })
  const fleet = openFleet(app, caller, inventory, chosen, { record: trustRecord(app, caller) }).as('read')
  try {
    const record = new RecordOfLook(app)
    return await Promise.all(chosen.map(({ name }) => readSessions(app, caller, fleet, name, record)))
  } finally {
    await fleet.close()
  }
}

async function makersOf(record: RecordOfLook, sessions: readonly string[]): Promise<readonly ExecutionSummary[]> {
  if (sessions.length === 0) return []
  const makers = (ids: readonly string[]) =>
    ids.filter((id) => sessions.some((name) => name.startsWith(sessionPrefix(id))))
  const known = makers(await record.ids())
  const isKnown = (name: string) => known.some((id) => name.startsWith(sessionPrefix(id)))
  const ids = sessions.every(isKnown) ? known : makers(await record.ids('anew'))
  const read = ids.map(async (id) => {
    const events = await record.events(id)
    const [first, last] = [events[0], events.at(-1)]
    return first === undefined || last === undefined ? [] : [{ id, first, last }]
  })
  return (await Promise.all(read)).flat()
}

const OPENING: ReadonlySet<Act> = new Set(['stage', 'hold'])

async function madeAt(record: RecordOfLook, device: string, session: string, owner: SessionOwner) {
  if (owner.kind !== 'ours') return timeInName(session)
  const opened = (event: JournalEvent) =>
    event.type === 'ActIntended' && OPENING.has(event.act) && event.device === device && event.session === session
  const event = (await record.events(owner.execution)).find(opened)
  return event === undefined ? undefined : Date.parse(event.at)
}
