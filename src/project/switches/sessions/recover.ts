import { actLog } from '../../../change/engine/act-log.ts'
import { foldAll } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { ExecutionSummary } from '../../../change/record/store/store.ts'
import { actOnce, checkpointName, firstCheckpoint, read, sessionPrefix } from '../../../change/task/act/act.ts'
import { type Fleet, isOpen, savedState } from '../../../eos/device/device.ts'
import { readSessionDetails } from '../../../eos/device/session-detail.ts'
import type { Act } from '../../../model/act.ts'
import type { Command } from '../../../model/command.ts'
import { EosflowError, problemOf } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { everyOpen, type SessionToEnd, type SwitchLeftovers } from '../../../report/recover/formats.ts'
import type {
  CollectedSession,
  ListedSession,
  RemainingSession,
  SessionOwner,
  SwitchCollection,
  SwitchSessions,
} from '../../../report/sessions/formats.ts'
import { visibleLine } from '../../../report/text/text.ts'
import { type AllowedAct, writeAllowed } from '../../access/policy/authority.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { FoundLostTail } from '../../app/store/missing-records.ts'
import type { Caller, SilentCaller } from '../../identity/caller-of.ts'
import type { Console } from '../../system/process/console.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { InputError } from '../../system/process/input-error.ts'
import { passClock } from '../../system/process/pass-clock.ts'
import { allowedSwitches, readersOf, withFleet } from '../connect/open-fleet.ts'
import { requireSwitchClocks } from '../connect/switch-clocks.ts'

// How long an execution that has not ended may be silent before it counts as dead, in milliseconds. A session is pending only between a
// request and the next one, and each of them is on record and gives up after two minutes.
const SILENCE = 10 * 60_000

function isOfEosflow(session: string) {
  return /^eosflow-[0-9a-f]{8}-(?:own)?\d+$/.test(session)
}

// `now` in milliseconds since the epoch.
function whose(session: string, executions: readonly ExecutionSummary[], now: number): SessionOwner {
  const own = executions.find(({ id }) => session.startsWith(sessionPrefix(id)))
  if (own !== undefined) {
    if (own.last.type === 'ExecutionEnded') return { kind: 'ours', execution: own.id, running: false, ended: true }
    return { kind: 'ours', execution: own.id, running: now - Date.parse(own.last.at) < SILENCE }
  }
  return { kind: isOfEosflow(session) ? 'eosflow' : 'foreign' }
}

// Seconds or finer since the epoch, at the end of a name: `ansible_<ms>`, `napalm_<us>`, `scrapli_cfg_<s>` (docs/eos.md 2.6).
const TIMED = /^(?:ansible|napalm|scrapli_cfg)_(\d{10})(?:\d{3}|\d{6})?$/

// When a foreign session was made, where its name tells it; milliseconds since the epoch.
function timeInName(session: string) {
  const seconds = TIMED.exec(session)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1000
}

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

  #allIds() {
    return this.#app.store.executionIds()
  }

  #once<T>(what: string, read: () => Promise<T>, anew?: 'anew') {
    const now = this.#app.clock.monotonic()
    const known = this.#read.get(what)
    if (known !== undefined && anew === undefined && now - known.at < HOLDS) return known.found as Promise<T>
    const found = read()
    this.#read.set(what, { at: now, found })
    return found
  }
}

// `record` is that of this look alone.
async function readSessions(
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
  const { chosen, names } = await allowedSwitches(app, caller, 'task.snapshot', target)
  return withFleet(app, caller, chosen, {}, (fleet) => {
    const record = new RecordOfLook(app)
    return Promise.all(names.map((name) => readSessions(app, caller, fleet.as('read'), name, record)))
  })
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

/** Why garbage collection leaves a session alone; undefined when it may go. `all`: those of other stores may go too. */
export function keptBecause(
  { state, whose, inside }: ListedSession,
  all: boolean,
  { words }: WordedHost,
): string | undefined {
  if (whose.kind === 'foreign') return 'it is not of eosflow'
  if (!isOpen(state)) return 'it holds no place'
  if (state === 'armed') return 'a commit timer runs: an abort would change running-config'
  if (state === 'unknown') return 'its state is not one that eosflow knows'
  if (inside.length > 0) return `${inside.join(', ')} is inside it`
  if (whose.kind === 'eosflow')
    return all ? undefined : `it is of another store: ${words({ code: 'remove-of-other-stores' })}`
  return whose.running ? `execution ${whose.execution} is running` : undefined
}

// Aborts the pending sessions of a switch that nobody wants any more, one after the other: intent and outcome of each are on record, and the sessions are read back. `all`: those of other stores too.
async function collectSessions(
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
  const log = actLog(async (event) => {
    if (lets !== undefined && event.type === 'ActIntended') await writeAllowed(app, caller, lets, () => [event])
    else await app.journalAs(caller.principal).append(undefined, [event])
  })
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
  const { chosen, names, lets } = await allowedSwitches(app, caller, 'device.unlock', target)
  await app.clockRule?.require()
  await requireSwitchClocks(app, caller, names)
  return withFleet(app, caller, chosen, {}, (fleet) =>
    Promise.all(names.map((name) => collectSessions(app, caller, fleet, name, { all, lets }))),
  )
}

/** Throws InputError when a name is not one that eosflow gives: nobody else's session is ever aborted. */
export function requireOwnNames({ words }: WordedHost, names: readonly string[]): void {
  const [first, ...others] = names
    .filter((name) => !isOfEosflow(name))
    .map((name) =>
      problemOf(
        words({ code: 'given', input: 'abort' }),
        'not-ours',
        `${name} is not the name of a session of eosflow`,
        'eosflow ends only sessions that it has opened itself.',
      ),
    )
  if (first !== undefined) throw new InputError([first, ...others])
}

// Throws `stale` when one is on none of them, `busy` when this store has an execution that still answers for it.
async function wantedOf(app: RecordApp, found: readonly SwitchLeftovers[], names: readonly string[]) {
  const open = everyOpen(found)
  const missing = names.filter((name) => !open.some(({ session }) => session.name === name))
  if (missing.length > 0) {
    throw new EosflowError(
      'stale',
      `not open on any of these switches: ${missing.join(', ')}`,
      hinted(app, { code: 'scan' }),
    )
  }
  const wanted = open.filter(({ session }) => names.includes(session.name))
  for (const { session } of wanted) {
    const { whose } = session
    if (whose.kind !== 'ours') continue
    const own = (await app.store.openExecutions()).find(({ id }) => id === whose.execution)
    if (own === undefined) continue
    throw new EosflowError(
      'busy',
      `${session.name} belongs to execution ${own.id} of this store`,
      hinted(app, { code: 'resume-or-stop', execution: own.id }),
    )
  }
  return wanted
}

async function abortWanted(
  app: RecordApp,
  caller: SilentCaller,
  fleet: Fleet,
  { wanted, lets }: { readonly wanted: readonly SessionToEnd[]; readonly lets: AllowedAct },
) {
  const said = await Promise.all(
    wanted.map(async ({ device, session }) => {
      const complaint = await abortSession(app, caller, fleet, { device, session: session.name, lets })
      return complaint === undefined ? [] : [`${device}: ${session.name}: ${complaint}`]
    }),
  )
  return said.flat()
}

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

interface Recovery {
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
  const { chosen, lets } = await allowedSwitches(app, caller, 'device.unlock', target)
  return withFleet(app, caller, chosen, {}, async (fleet) => {
    const scanAll = (): Promise<readonly SwitchLeftovers[]> => {
      const record = new RecordOfLook(app)
      return Promise.all(chosen.map(({ name }) => scan(app, caller, fleet.as('read'), name, record)))
    }
    const found = await scanAll()
    const wanted = names.length > 0 ? await wantedOf(app, found, names) : await choose(found)
    const lost = target === undefined ? await app.shared?.lostTail() : undefined
    const seen = lost === undefined ? {} : { lost }
    if (wanted.length === 0) return { found, aborted: [], ...seen }
    await passClock(app.clockRule, caller)
    for (const complaint of await abortWanted(app, caller, fleet, { wanted, lets }))
      caller.tell(`${visibleLine(complaint)}\n`)
    return { found: await scanAll(), aborted: wanted, ...seen }
  })
}
