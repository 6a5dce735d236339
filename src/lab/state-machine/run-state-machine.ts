import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { foldAll } from '../../change/engine/fold.ts'
import type { AwaitedToken, Inbox, TaskAnswer, TaskCall, TaskPort } from '../../change/engine/ports.ts'
import { runExecution } from '../../change/engine/run.ts'
import type { EventBody, JournalEvent } from '../../change/record/event/event.ts'
import { unlimitedRoom } from '../../change/record/room.ts'
import type { Journal } from '../../change/record/store/journal.ts'
import { type MachineType, rawAsl } from '../../change/workflow/asl/part.ts'
import { readMachine } from '../../change/workflow/asl/read-machine.ts'
import { notRunnable } from '../../change/workflow/asl/validate-state-machine.ts'
import { type StateMachine, statesIn } from '../../change/workflow/machine/machine.ts'
import type { Clock } from '../../model/clock.ts'
import { sha256 } from '../../model/digest.ts'
import { EosflowError, type Problem, type ValueOrProblems } from '../../model/error.ts'
import { definedMembers, type Json, type JsonObject } from '../../model/json.ts'
import { acceptUnless, type LocatedValue, locatedNowhere } from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { parseWith } from '../../text/source/yaml.ts'
import { SeededRandom } from '../trial/seeded-random.ts'
import { VirtualClock } from '../trial/timeline.ts'
import { detailsKey, type HistoryEvent, historyOf, ROLE_ARN } from './history.ts'

/** One answer of a mocked task: `output`, or `error` and `cause` (null as a service gives them), or `never`. */
export interface MockAnswer {
  readonly input?: Json
  readonly output?: Json
  readonly error?: string | null
  readonly cause?: string | null
  /** The task never answers: a time-out or a heartbeat has to end it. */
  readonly never?: boolean
  /** What a task that waits for a token, or for its job, gives at once; the answer itself comes by the token. */
  readonly submitOutput?: Json
}

export type Mocks = Readonly<Record<string, readonly MockAnswer[]>>

type SignalAnswer = Extract<EventBody, { type: 'SignalSent' }>['answer']

const nothing = () => Promise.resolve()

// Of a state's unused answers the first whose `input` equals what the task was given is taken, else the first of all.
class MockedTasks implements TaskPort, Inbox {
  readonly isAttended = true
  readonly rollBack = nothing
  readonly endAround = nothing
  readonly endProbes = nothing
  readonly rest = nothing
  readonly readNetwork = nothing
  readonly takeBack = nothing
  readonly #left: ReadonlyMap<string, MockAnswer[]>
  readonly #promised = new Map<string, SignalAnswer>()
  readonly #waiting = new Set<() => void>()
  readonly #journal: Journal

  constructor(mocks: Mocks, journal: Journal) {
    this.#left = new Map(Object.entries(mocks).map(([state, answers]) => [state, [...answers]]))
    this.#journal = journal
  }

  async run({ state, attempt, arguments: given, token, signal }: TaskCall): Promise<TaskAnswer> {
    const answer = this.#take(state.name, given)
    if (answer === undefined) return this.#unanswered(state.name, attempt, signal)
    if (token !== undefined && answer.submitOutput !== undefined) {
      if (answer.never !== true) this.#promised.set(sha256(token), signalOf(answer))
      return { answer: 'submitted', output: answer.submitOutput }
    }
    if (answer.never === true) return untilEnded(signal)
    if (answer.error === undefined) return { answer: 'done', output: answer.output ?? null }
    const { error: name, cause } = answer
    const message = [name, cause].filter((part) => typeof part === 'string').join(': ')
    throw new EosflowError('state-failed', message, { fault: { name, ...definedMembers({ cause }) } })
  }

  giveUp() {
    const waiting = [...this.#waiting]
    for (const fail of waiting) fail()
    return waiting.length > 0
  }

  async wait(tokens: readonly AwaitedToken[], signal: AbortSignal): Promise<readonly JournalEvent[]> {
    const sent = tokens.flatMap(({ digest: token }): EventBody[] => {
      const answer = this.#promised.get(token)
      this.#promised.delete(token)
      return answer === undefined ? [] : [{ type: 'SignalSent', token, answer }]
    })
    return sent.length === 0 ? untilEnded(signal) : this.#journal.append(undefined, sent)
  }

  token(execution: string, key: string) {
    const token = sha256(`${execution}/${key}`).slice('sha256:'.length)
    return { token, digest: sha256(token) }
  }

  #unanswered(state: string, attempt: number, signal: AbortSignal): Promise<never> {
    const error = new EosflowError('bug', `state '${state}': the mocks hold no answer for attempt ${attempt}`, {
      hint: `add one: { "${state}": [{ "output": … }] }`,
    })
    return new Promise((_, reject) => {
      const fail = () => {
        this.#waiting.delete(fail)
        reject(signal.aborted ? signal.reason : error)
      }
      this.#waiting.add(fail)
      if (signal.aborted) fail()
      else signal.addEventListener('abort', fail, { once: true })
    })
  }

  #take(state: string, given: Json) {
    const answers = this.#left.get(state) ?? []
    const fitting = answers.findIndex(({ input }) => isDeepStrictEqual(input, given))
    return answers.splice(Math.max(0, fitting), 1)[0]
  }
}

function signalOf({ output, error, cause }: MockAnswer): SignalAnswer {
  if (error === undefined) return { signal: 'success', output: output ?? null }
  return { signal: 'failure', error, cause: cause ?? null }
}

function untilEnded(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

export class RefusedDefinition extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join('; '))
    this.name = 'RefusedDefinition'
    this.problems = problems
  }
}

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

  read(execution: string) {
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

const json: z.ZodType<Json> = z.json()

const answerSchema = z.looseObject({
  input: json.optional(),
  output: json.optional(),
  error: z.string().nullable().optional(),
  cause: z.string().nullable().optional(),
  never: z.boolean().optional(),
  submitOutput: json.optional(),
})

const mockFileSchema = z.record(z.string(), z.array(answerSchema))

/** The mocks that a file holds: `{ stateName: [answer, …] }`. */
export function readMocks(located: LocatedValue): ValueOrProblems<Mocks> {
  return parseWith(mockFileSchema as unknown as z.ZodType<Mocks>, located)
}

export function unusedMocks(machine: StateMachine, mocks: Mocks): readonly string[] {
  const tasks = statesIn(machine).flatMap(({ state }) => (state.kind === 'Task' ? [state.name] : []))
  return Object.keys(mocks)
    .filter((name) => !tasks.includes(name))
    .map((name) => `the mocks answer '${name}', which is no Task state: ${didYouMean(name, tasks)}`)
}
