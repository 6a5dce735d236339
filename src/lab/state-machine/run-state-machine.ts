import { foldAll } from '../../change/engine/fold.ts'
import { runExecution } from '../../change/engine/run.ts'
import type { EventBody, JournalEvent } from '../../change/record/event/event.ts'
import { unlimitedRoom } from '../../change/record/room.ts'
import type { Journal } from '../../change/record/store/journal.ts'
import type { MachineType } from '../../change/workflow/asl/part.ts'
import { readMachine } from '../../change/workflow/asl/read-machine.ts'
import { rawAsl } from '../../change/workflow/asl/resource.ts'
import { notRunnable } from '../../change/workflow/asl/validate-state-machine.ts'
import type { StateMachine } from '../../change/workflow/machine/machine.ts'
import type { Clock } from '../../model/clock.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { sha256 } from '../../model/digest.ts'
import { EosflowError } from '../../model/error.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { ValueOrProblems } from '../../model/problem.ts'
import { acceptUnless } from '../../text/source/checked.ts'
import { type LocatedValue, locatedNowhere } from '../../text/source/located.ts'
import { SeededRandom } from '../trial/seeded-random.ts'
import { VirtualClock } from '../trial/virtual-clock.ts'
import { historyOf, ROLE_ARN } from './history.ts'
import { detailsKey, type HistoryEvent } from './history-event.ts'
import { MockedTasks, type Mocks } from './mocked-tasks.ts'
import { RefusedDefinition } from './refused-definition.ts'

class MemoryJournal implements Journal {
  readonly #clock: Clock
  readonly #events: JournalEvent[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  append(
    execution: string | undefined,
    events: readonly EventBody[],
    after?: number,
  ): Promise<readonly JournalEvent[]> {
    const last = this.#events.findLast((event) => event.execution === execution)?.seq ?? 0
    if (after !== undefined && after !== last) {
      return Promise.reject(new EosflowError('busy', `the journal is at ${last}, not at ${after}`))
    }
    const at = new Date(this.#clock.now()).toISOString()
    const written = events.map((event, index): JournalEvent => {
      const envelope = { v: 1, seq: this.#events.length + index + 1, at, actor: 'test' } as const
      return { ...envelope, ...definedMembers({ execution }), ...event }
    })
    this.#events.push(...written)
    return Promise.resolve(written)
  }

  read(execution: string): Promise<readonly JournalEvent[]> {
    return Promise.resolve(this.#events.filter((event) => event.execution === execution))
  }
}

const HOME = 'us-east-1:111111111111'
const MACHINE = 'StateMachine'

export interface StateMachineRun {
  readonly definition: unknown
  readonly input?: unknown
  readonly mocks?: Mocks
  /** When it begins: a date, its ISO 8601 text, or milliseconds since the epoch. Default 2026-01-05T08:00:00Z. */
  readonly now?: Date | string | number
  readonly type?: MachineType
}

export interface StateMachineResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'
  readonly output?: Json
  readonly error?: string
  readonly cause?: string
  readonly history: readonly HistoryEvent[]
}

/** Rejects with {@link RefusedDefinition} when the definition is not valid or holds what eosflow does not run. */
export async function runStateMachine(run: StateMachineRun): Promise<StateMachineResult> {
  const located = locatedNowhere(run.definition as Json, 'definition')
  const machine = readRunnable(located, run.mocks !== undefined, run.type)
  if (!machine.ok) throw new RefusedDefinition(machine.problems)
  return runMachine(machine.value, run)
}

/** The machine of a definition that is valid and that eosflow can run; `answered`: somebody answers its tasks. */
export function readRunnable(
  located: LocatedValue,
  answered: boolean,
  type: MachineType = 'STANDARD',
): ValueOrProblems<StateMachine> {
  const machine = readMachine(located, rawAsl(type))
  if (!machine.ok) return machine
  return acceptUnless(notRunnable(located, answered), () => machine.value)
}

/** As {@link runStateMachine}, for a machine that has been read. */
export async function runMachine(
  machine: StateMachine,
  { input = {}, mocks = {}, now, type = 'STANDARD' }: Omit<StateMachineRun, 'definition'>,
): Promise<StateMachineResult> {
  const clock = new VirtualClock(now === undefined ? undefined : new Date(now).getTime())
  const journal = new MemoryJournal(clock)
  const random = new SeededRandom()
  const name = random.hex(16)
  const started: EventBody = {
    type: 'ExecutionStarted',
    purpose: 'run',
    workflow: 'state machine',
    file: 'definition',
    definition: sha256(JSON.stringify(machine)),
    interpreter: 2,
    machine: machine as unknown as Json,
    params: {},
    requester: { issuer: 'test', id: 'test', kind: 'service', auth: 'os' },
    targets: [],
    input: input as Json,
    context: executionContext(name, input as Json, clock.now(), type),
  }
  const begun = foldAll(name, await journal.append(name, [started], 0))
  const tasks = new MockedTasks(mocks, journal)
  const stop = new AbortController()
  const ports = { journal, room: unlimitedRoom, clock, random, inbox: tasks, tasks: () => tasks }
  const ended = await inVirtualTime({ clock, tasks, stop }, runExecution(begun, ports, stop.signal))
  const history = historyOf(await journal.read(name), machine)
  const { compensation, output = null } = ended
  if (compensation === undefined) return { status: 'SUCCEEDED', output, history }
  const last = history.at(-1)
  const told = last === undefined ? {} : last[detailsKey(last.type)]
  return { status: STATUS[compensation.reason], ...told, history }
}

const STATUS = { failure: 'FAILED', 'timed-out': 'TIMED_OUT', cancelled: 'ABORTED' } as const

// How often the event loop may turn without a timer before an execution is held to wait for ever.
const PATIENCE = 100

interface Surroundings {
  readonly clock: VirtualClock
  readonly tasks: MockedTasks
  readonly stop: AbortController
}

async function inVirtualTime<T>({ clock, tasks, stop }: Surroundings, running: Promise<T>) {
  let isOver = false
  const over = running.finally(() => {
    isOver = true
  })
  // A failure is thrown below, where it is awaited.
  over.catch(() => undefined)
  for (let idle = 0; !isOver; ) {
    await new Promise((resolve) => setImmediate(resolve))
    if (isOver) break
    if (tasks.giveUp()) continue
    idle = clock.sleeping > 0 ? 0 : idle + 1
    if (clock.sleeping > 0) await clock.next()
    else if (idle > PATIENCE) stop.abort()
  }
  return over
}

function executionContext(name: string, input: Json, now: number, type: MachineType): JsonObject {
  const isExpress = type === 'EXPRESS'
  const own = isExpress ? `express:${MACHINE}:${name}:${name}` : `execution:${MACHINE}:${name}`
  return {
    Execution: {
      Id: `arn:aws:states:${HOME}:${own}`,
      Input: input,
      StartTime: new Date(now).toISOString(),
      Name: name,
      RoleArn: ROLE_ARN,
      ...(isExpress ? {} : { RedriveCount: 0 }),
    },
    StateMachine: { Id: `arn:aws:states:${HOME}:stateMachine:${MACHINE}`, Name: MACHINE },
  }
}
