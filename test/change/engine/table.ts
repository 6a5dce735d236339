import { readState } from '../../../src/change/engine/fold.ts'
import type { Inbox, TaskAnswer, TaskCall, TaskPort } from '../../../src/change/engine/ports.ts'
import { runExecution } from '../../../src/change/engine/run.ts'
import type { ExecutionState } from '../../../src/change/engine/state.ts'
import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import { unlimitedRoom } from '../../../src/change/record/room.ts'
import { transitionsOf } from '../../../src/change/record/transitions.ts'
import type { Dialect, TaskBinding } from '../../../src/change/workflow/asl/part.ts'
import { readMachine } from '../../../src/change/workflow/asl/read-machine.ts'
import type { StateMachine } from '../../../src/change/workflow/machine/machine.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import type { Clock, Random } from '../../../src/model/clock.ts'
import { EosflowError } from '../../../src/model/error.ts'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import { locatedNowhere } from '../../../src/text/source/located.ts'
import { EXECUTION, inboxOf, type MemoryJournal, memoryJournal } from './random-machine-world.ts'

/** How one attempt goes: after so many seconds (default 0) it gives something, or fails. `never`: it has to be ended. */
export interface Attempt {
  readonly after?: number
  readonly gives?: Json
  readonly fails?: string
  /** Whether the failure is a lost answer: nobody knows whether it was done. */
  readonly lost?: true
  readonly never?: true
}

/** What outside systems send about the n-th token that was given out (from 0), at so many seconds from the start. */
export interface Sent {
  readonly at: number
  readonly token: number
  readonly signal: 'success' | 'failure' | 'heartbeat'
  readonly output?: Json
  readonly error?: string
}

/** One execution of a table. */
export interface Play {
  /** The states of the machine in Amazon States Language; the first one begins. Resources: `read`, `write`, `ask`. */
  readonly states: JsonObject
  readonly more?: JsonObject
  readonly input?: Json
  /** The attempts of each state in turn, by `path/state` or by its name; when they are used up it gives `{}` at once. */
  readonly attempts?: Readonly<Record<string, readonly Attempt[]>>
  readonly sent?: readonly Sent[]
  /** What the random port gives, in turn. */
  readonly fractions?: readonly number[]
  /** Whether nobody stays to hear the answers to tokens. */
  readonly unattended?: boolean
  /** The visits of writes that cannot be taken back: `path/state`. */
  readonly stays?: readonly string[]
  /** When a person stops it, in seconds. */
  readonly stopAt?: number
  /** When a person suspends it, in seconds. */
  readonly suspendAt?: number | undefined
}

/** What came of it. */
export interface Played {
  readonly state: ExecutionState
  readonly journal: readonly JournalEvent[]
  /** What the tasks were called with, in order: `path/state attempt recover arguments`. */
  readonly calls: readonly string[]
  /** One line per event of these types: the second it came, its type, its place and what matters of it. */
  lines(...types: readonly JournalEvent['type'][]): readonly string[]
  /** Goes on: the same world, with one more event before. */
  again(event: EventBody, more?: Partial<Play>): Promise<Played>
}

const START = Date.UTC(2026, 0, 5, 8)

/** Plays an execution to its end, or to where it waits for somebody. */
export function play(table: Play): Promise<Played> {
  const clock = new VirtualClock(START)
  return go(table, clock, memoryJournal(clock), {
    type: 'ExecutionStarted',
    purpose: 'run',
    workflow: 'table',
    file: 'table.yaml',
    definition: 'sha256:00',
    interpreter: 2,
    machine: machineOf(table) as unknown as Json,
    params: {},
    requester: { issuer: 'local', id: 'test', kind: 'person', auth: 'os' },
    targets: [],
    input: table.input ?? {},
    context: { Execution: { Id: EXECUTION }, StateMachine: { Name: 'table' } },
  })
}

async function go(
  table: Play,
  clock: VirtualClock,
  journal: MemoryJournal,
  event: EventBody,
  tokens: string[] = [],
): Promise<Played> {
  await journal.append(EXECUTION, [event])
  const calls: string[] = []
  const stop = new AbortController()
  if (table.stopAt !== undefined) void at(clock, table.stopAt).then(() => stop.abort())
  const suspend = new AbortController()
  if (table.suspendAt !== undefined) void at(clock, table.suspendAt).then(() => suspend.abort())
  for (const one of table.sent ?? []) void at(clock, one.at).then(() => send(journal, tokens, one))
  const tasks = tasksOf(table, clock, calls, tokens)
  const inbox: Inbox = { ...inboxOf(journal), isAttended: table.unattended !== true }
  const ports = { journal, room: unlimitedRoom, clock, random: randomOf(table.fractions), inbox, tasks: () => tasks }
  const begin = await readState(journal, EXECUTION)
  const state = await whileTimePasses(clock, runExecution(begin, ports, stop.signal, suspend.signal))
  const events = [...journal.events]
  return {
    state,
    journal: events,
    calls,
    lines: (...types) =>
      events
        .flatMap(transitionsOf)
        .filter(({ type }) => types.includes(type))
        .map(lineOf),
    again: (next, more) => go({ ...table, sent: [], suspendAt: undefined, ...more }, clock, journal, next, tokens),
  }
}

function machineOf({ states, more }: Play): StateMachine {
  const [first = ''] = Object.keys(states)
  const definition = { QueryLanguage: 'JSONata', StartAt: first, States: states, ...more }
  const read = readMachine(locatedNowhere(definition, 'table'), DIALECT)
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'))
  return read.value
}

const plain = { scope: 'task.exec', effect: 'read', undo: { by: 'none' }, token: false } as const
const RESOURCES: Readonly<Record<string, TaskBinding>> = {
  read: { ...plain, task: 'read' },
  write: { ...plain, task: 'write', effect: 'write', undo: { by: 'task', task: 'undo', arguments: {} } },
  ask: { ...plain, task: 'ask', token: true },
}
const DIALECT: Dialect = {
  type: 'STANDARD',
  languages: ['JSONata', 'JSONPath'],
  extensions: true,
  resource: (name) => ({ ok: true, value: RESOURCES[name] ?? { ...plain, task: name }, warnings: [] }),
}

/** A read ends when it is asked to; a write goes on to its end. */
function tasksOf(table: Play, clock: Clock, calls: string[], tokens: string[]): TaskPort {
  const used = new Map<string, number>()
  const attemptOf = (place: string, name: string): Attempt => {
    const key = table.attempts?.[place] === undefined ? name : place
    const count = used.get(key) ?? 0
    used.set(key, count + 1)
    return table.attempts?.[key]?.[count] ?? {}
  }
  const run = async ({
    path,
    state,
    attempt,
    recover,
    arguments: given,
    token,
    signal,
  }: TaskCall): Promise<TaskAnswer> => {
    calls.push(`${path}/${state.name} ${attempt}${recover ? ' asks first' : ''} ${JSON.stringify(given)}`)
    const { after = 0, gives = {}, fails, lost, never } = attemptOf(`${path}/${state.name}`, state.name)
    const mayEnd = state.effect === 'read' ? signal : undefined
    if (never) await clock.sleep(Number.MAX_SAFE_INTEGER, signal)
    else if (after > 0) await clock.sleep(after * 1000, mayEnd)
    if (fails !== undefined)
      throw new EosflowError(lost ? 'lost-answer' : 'state-failed', fails, { fault: { name: fails, cause: 'table' } })
    if (token === undefined) return { answer: 'done', output: gives }
    tokens.push(token)
    return { answer: 'submitted' }
  }
  return {
    run,
    rollBack: () => Promise.resolve(),
    readNetwork: () => Promise.resolve(),
    endAround: () => Promise.resolve(),
    endProbes: () => Promise.resolve(),
    rest: () => Promise.resolve(),
    takeBack: ({ path, state, recover }) => {
      calls.push(`undo ${path}/${state.name}${recover ? ' asks first' : ''}`)
      if (table.stays?.includes(`${path}/${state.name}`)) return Promise.reject(new EosflowError('state-failed', 'no'))
      return Promise.resolve()
    },
  }
}

async function send(journal: MemoryJournal, tokens: readonly string[], sent: Sent) {
  const { token, signal, output = {}, error = null } = sent
  const answer =
    signal === 'success' ? { signal, output } : signal === 'failure' ? { signal, error, cause: null } : { signal }
  const digest = (tokens[token] ?? `no token ${token}`).replace(/^token \S+ /, 'digest ')
  await journal.append(undefined, [{ type: 'SignalSent', token: digest, answer }])
}

function randomOf(fractions: readonly number[] | undefined): Random {
  if (fractions === undefined) return new SeededRandom()
  const left = [...fractions]
  return { fraction: () => left.shift() ?? 0, hex: (count) => '00'.repeat(count) }
}

function lineOf(event: JournalEvent) {
  const seconds = (Date.parse(event.at) - START) / 1000
  const place = 'path' in event ? ` ${event.path}/${event.state}` : ''
  return `${seconds} ${event.type}${place}${detailOf(event)}`
}

function detailOf(event: JournalEvent) {
  switch (event.type) {
    case 'TaskScheduled':
      return ` #${event.attempt}`
    case 'RetryScheduled':
      return ` by ${event.retrier} for ${(Date.parse(event.until) - Date.parse(event.at)) / 1000} s`
    case 'StateExited':
      return `${event.caught === undefined ? '' : ' caught'} ${JSON.stringify(event.output)}`
    case 'MapStarted':
      return ` ${JSON.stringify(event.items)}`
    case 'ExecutionEnded': {
      const { outcome, output, error } = event
      return ` ${[outcome, output === undefined ? [] : JSON.stringify(output), error?.name ?? error?.kind ?? []].flat().join(' ')}`
    }
    case 'CompensationStarted':
      return ` ${event.reason} ${event.error.name ?? event.error.kind}`
    default:
      return 'error' in event && event.error !== undefined ? ` ${event.error.name ?? event.error.kind}` : ''
  }
}

function at(clock: VirtualClock, seconds: number) {
  return clock.sleep(START + seconds * 1000 - clock.now())
}

/** Lets time pass until the work is over, or nothing but tasks that never end is left. */
async function whileTimePasses<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  let isOver = false
  const over = work.finally(() => {
    isOver = true
  })
  over.catch(() => undefined)
  while (!isOver) {
    await new Promise((resolve) => setImmediate(resolve))
    if (isOver) break
    if (!(await clock.next())) throw new Error('it waits for nothing')
    if (clock.now() > START + 1e12) throw new Error('it never ends')
  }
  return over
}
