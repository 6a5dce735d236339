import type { Ledger } from '../../../src/change/engine/ledger.ts'
import type {
  AwaitedToken,
  BegunWrite,
  Inbox,
  TaskAnswer,
  TaskCall,
  TaskPort,
} from '../../../src/change/engine/ports.ts'
import type { EventBody, JournalEvent } from '../../../src/change/record/event/event.ts'
import type { Journal } from '../../../src/change/record/store/journal.ts'
import { transitionsOf } from '../../../src/change/record/transitions.ts'
import type { Act } from '../../../src/model/act.ts'
import type { Clock } from '../../../src/model/clock.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { drawOf, ERRORS } from './random-machine.ts'

/** Something that has reached the outside: it stays, whoever dies. */
export interface Deed {
  readonly deed: 'done' | 'undone' | 'given' | 'armed' | 'confirmed' | 'reverted'
  /** The visit of a state, `path/state#2`; or the switch. */
  readonly of: string
  /** How many events the journal held when it happened. */
  readonly after: number
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The token that was given. */
  readonly token?: string
}

/** What a world is made of. */
export interface WorldOptions {
  readonly seed: number
  readonly clock: Clock
  readonly journal: MemoryJournal
  /** What has reached it before. */
  readonly before?: readonly Deed[]
}

/** What the parts of a world share. */
export interface Outside extends WorldOptions {
  readonly deeds: Deed[]
  readonly wrongs: string[]
  has(deed: Deed['deed'], of: string): boolean
  happen(deed: Deed['deed'], of: string, token?: string): void
}

/** An error as a task of a machine gives it: it has done nothing, or nobody knows. */
export function failure(name: string, kind: 'state-failed' | 'lost-answer' = 'state-failed'): EosflowError {
  return new EosflowError(kind, name, { fault: { name, cause: 'drawn' } })
}

/** Waits for a point in time. What is due already waits for nobody. */
export async function until(clock: Clock, time: number, signal?: AbortSignal) {
  const left = time - clock.now()
  if (left > 0) await clock.sleep(left, signal)
  else if (signal?.aborted) throw signal.reason
}

/** What an outside system says about a token, so many milliseconds after it was given it. */
export interface Answer {
  readonly after: number
  readonly signal: 'success' | 'failure' | 'heartbeat'
}

/** How one attempt at one visit of a state goes. */
export interface Behaviour {
  /** How long it takes, in milliseconds. Long and odd, so that no two things end at once. */
  readonly takes: number
  readonly gives: number
  /** What it fails with, at its end. */
  readonly fails: string | undefined
  /** Whether a write that fails has been done nevertheless. */
  readonly doneThough: boolean
  /** Whether it never ends by itself. */
  readonly hangs: boolean
  readonly answers: readonly Answer[]
}

/** A function of the seed and the attempt alone: nothing else decides what the fake world does. */
export function behaviourOf(seed: number, visit: string, attempt: number): Behaviour {
  const draw = drawOf(seed, `${visit}:${attempt}`)
  const takes = draw.between(1, draw.chance(0.2) ? 900_000 : 60_000)
  return {
    takes,
    gives: draw.between(0, 9),
    fails: draw.chance(0.17) ? draw.pick(ERRORS) : undefined,
    doneThough: draw.chance(0.5),
    hangs: draw.chance(0.05),
    answers: answersOf(seed, visit, attempt),
  }
}

/** Signs of life, one answer, and sometimes the same answer again; one in ten never answers. */
function answersOf(seed: number, visit: string, attempt: number): readonly Answer[] {
  const draw = drawOf(seed, `${visit}:${attempt} answers`)
  const beats = Array.from(
    { length: draw.between(0, 2) },
    (): Answer => ({ after: draw.between(1, 90_000), signal: 'heartbeat' }),
  )
  if (draw.chance(0.1)) return beats
  const after = draw.between(1, 300_000)
  const signal = draw.chance(0.8) ? 'success' : 'failure'
  const again: readonly Answer[] = draw.chance(0.3)
    ? [{ after: after + draw.between(0, 60_000), signal: 'success' }]
    : []
  return [...beats, { after, signal }, ...again]
}

/** How the undo of one visit of a state goes: how long it takes, and whether it fails. */
export function undoOf(seed: number, visit: string): { readonly takes: number; readonly fails: boolean } {
  const draw = drawOf(seed, `${visit} undo`)
  return { takes: draw.between(1, 60_000), fails: draw.chance(0.04) }
}

/** The tasks that change switches, on switches of which only the deeds are kept. `run` answers undefined for other tasks. */
export interface FakeSwitches extends Pick<TaskPort, 'rollBack'> {
  run(call: TaskCall): Promise<TaskAnswer | undefined>
}

/** Where a switch of the fake world stands: under its commit timer, with the change for good, or as it was. */
export function standing(outside: { readonly deeds: readonly Deed[] }, device: string): 'base' | 'armed' | 'confirmed' {
  const last = outside.deeds.findLast((deed) => deed.of === device)
  return last?.deed === 'armed' || last?.deed === 'confirmed' ? last.deed : 'base'
}

/** The switches of one execution, which puts its acts on record on this ledger. */
export function fakeSwitches(outside: Outside, ledger: Ledger): FakeSwitches {
  const { seed, clock, journal } = outside
  const intended = (device: string, act: Act) => ledger.append(intent(device, act))
  const finished = (device: string, act: Act) => {
    return ledger.append({ type: 'ActFinished', device, act, session: 'own', outcome: 'done' })
  }

  const push = async (call: TaskCall, device: string, { half, whole }: Times) => {
    if (standing(outside, device) !== 'armed') {
      await intended(device, 'stage')
      await until(clock, half, call.signal)
      await finished(device, 'stage')
      await intended(device, 'arm')
      outside.happen('armed', device)
    } else if (!call.recover) {
      outside.wrongs.push(`${device} is armed and is pushed again without being asked`)
    }
    await until(clock, whole)
    await finished(device, 'arm')
  }

  const confirm = async (call: TaskCall, device: string, { whole }: Times) => {
    const stands = standing(outside, device)
    if (stands === 'base') throw new EosflowError('stale', `${device} does not carry the change`, { device })
    if (stands === 'confirmed' && !call.recover) outside.wrongs.push(`${device} is confirmed twice`)
    if (stands === 'armed') {
      if (call.signal.aborted) throw call.signal.reason
      await intended(device, 'confirm')
      outside.happen('confirmed', device)
    }
    await until(clock, whole)
    await finished(device, 'confirm')
    await intended(device, 'save')
    await finished(device, 'save')
  }

  const plan = async ({ devices, recover }: TaskCall) => {
    if (recover && ledger.state.plan !== undefined) return
    await ledger.append({ type: 'PlanMade', digest: 'sha256:aa', plan: 'blob:aa', ...wavesOf(seed, devices) })
  }

  return {
    run: async (call) => {
      const { task } = call.state
      if (task !== 'plan' && task !== 'push' && task !== 'verify' && task !== 'confirm') return undefined
      const [device = ''] = call.devices
      const place = `${call.path}/${call.state.name}`
      const behaviour = behaviourOf(seed, journal.visit(place), call.attempt)
      const started = journal.begunAt(place, call.attempt) ?? clock.now()
      const times = { half: started + behaviour.takes / 2, whole: started + behaviour.takes }
      if (task === 'plan') await plan(call)
      if (task === 'push') await push(call, device, times)
      if (task === 'confirm') await confirm(call, device, times)
      if (task === 'verify') await until(clock, times.whole, call.signal)
      if (behaviour.fails !== undefined && task !== 'plan') throw failure(behaviour.fails)
      return { answer: 'done', output: { n: behaviour.gives } }
    },
    rollBack: async (device) => {
      const { takes, fails } = undoOf(seed, device)
      await until(clock, (journal.undoBegunAt(device) ?? clock.now()) + takes)
      if (fails) {
        await ledger.append({ type: 'UndoFinished', device, end: 'unknown', detail: 'no answer' })
        return
      }
      const end = outside.has('armed', device) ? 'reverted' : 'untouched'
      if (standing(outside, device) !== 'base') outside.happen('reverted', device)
      await ledger.append({ type: 'UndoFinished', device, end, detail: 'read back' })
    },
  }
}

/** When an attempt is half over, and when it is over. */
interface Times {
  readonly half: number
  readonly whole: number
}

function intent(device: string, act: Act): EventBody {
  const body = { type: 'ActIntended', device, act, session: 'own' } as const
  if (act === 'stage') return { ...body, checkpoint: 'before' }
  return act === 'arm' ? { ...body, seconds: 600 } : body
}

/** One or two waves of the switches; a switch may have nothing to change, and rarely none has. */
function wavesOf(
  seed: number,
  devices: readonly string[],
): { waves: readonly (readonly string[])[]; unchanged: readonly string[] } {
  const draw = drawOf(seed, 'waves')
  if (draw.chance(0.05)) return { waves: [], unchanged: devices }
  const unchanged = draw.chance(0.3) ? devices.slice(-1) : []
  const changed = devices.filter((device) => !unchanged.includes(device))
  const cut = draw.between(1, changed.length)
  return { waves: [changed.slice(0, cut), changed.slice(cut)].filter((wave) => wave.length > 0), unchanged }
}

/** The execution of every random machine. */
export const EXECUTION = '20260105-080000-00c0ffee'

/** What was sent about a token. */
export type Signal = JournalEvent & { readonly type: 'SignalSent' }

/** A journal in memory, which also counts what its execution has entered and begun. */
export interface MemoryJournal extends Journal {
  readonly events: readonly JournalEvent[]
  readonly signals: readonly Signal[]
  /** The visit of a state (`path/state`) at a journal position, by default the last: which of its entries, and of how often redriven. */
  visit(place: string, upTo?: number): string
  /** When an attempt at the present visit of a state was begun first, milliseconds since the epoch; undefined when it was not. */
  begunAt(place: string, attempt: number): number | undefined
  /** When the undo of a write (`path/state/position`) or of a switch was begun first, if it is not over. */
  undoBegunAt(what: string): number | undefined
  /** How many retries were scheduled. */
  readonly retries: number
  /** Resolves at the next append. */
  changed(): Promise<void>
}

/** A journal that begins with these events. */
export function memoryJournal(clock: Clock, before: readonly JournalEvent[] = []): MemoryJournal {
  const events: JournalEvent[] = []
  const entries = new Map<string, number[]>()
  const begun = new Map<string, number>()
  const signals: Signal[] = []
  const undoing = new Map<string, number>()
  const redriven: number[] = []
  let retries = 0
  let waiting: (() => void)[] = []
  let last = 0
  const visit = (place: string, upTo = Number.POSITIVE_INFINITY) => {
    const count = (all: readonly number[]) => all.filter((seq) => seq <= upTo).length
    const again = redriven.length === 0 ? 0 : count(redriven)
    return `${place}#${count(entries.get(place) ?? [])}${again === 0 ? '' : `r${again}`}`
  }
  const attemptKey = (place: string, attempt: number) => `${visit(place)}:${attempt}`
  const noteUndo = (event: JournalEvent) => {
    if (event.type === 'UndoStarted') setFirst(undoing, event.device, Date.parse(event.at))
    if (event.type === 'TaskUndoStarted')
      setFirst(undoing, `${event.path}/${event.state}/${event.write}`, Date.parse(event.at))
    if (event.type === 'UndoFinished') undoing.delete(event.device)
  }
  const take = (event: JournalEvent) => {
    events.push(event)
    if (event.execution !== undefined) last = event.seq
    noteUndo(event)
    if (event.type === 'RetryScheduled') retries += 1
    if (event.type === 'SignalSent') signals.push(event)
    if (event.type === 'ExecutionRedriven') redriven.push(event.seq)
    const [entered] = transitionsOf(event)
    if (entered?.type === 'StateEntered') {
      const place = `${entered.path}/${entered.state}`
      const known = entries.get(place)
      if (known === undefined) entries.set(place, [event.seq])
      else known.push(event.seq)
    }
    if (event.type === 'TaskStarted') {
      setFirst(begun, attemptKey(`${event.path}/${event.state}`, event.attempt), Date.parse(event.at))
    }
  }
  for (const event of before) take(event)
  return {
    events,
    signals,
    visit,
    begunAt: (place, attempt) => begun.get(attemptKey(place, attempt)),
    undoBegunAt: (what) => undoing.get(what),
    get retries() {
      return retries
    },
    changed: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
      }),
    append: async (execution, bodies: readonly EventBody[], after) => {
      if (execution !== undefined && after !== undefined && after !== last) {
        throw new EosflowError('busy', `appended after ${after}, but the last event is ${last}`)
      }
      const written = bodies.map((body, index): JournalEvent => {
        const envelope = {
          v: 1,
          seq: events.length + index + 1,
          at: new Date(clock.now()).toISOString(),
          actor: 'test',
        } as const
        return execution === undefined ? { ...envelope, ...body } : { ...envelope, execution, ...body }
      })
      for (const event of written) take(event)
      const woken = waiting
      waiting = []
      for (const wake of woken) wake()
      return written
    },
    read: async (execution) => events.filter((event) => event.execution === execution),
  }
}

function setFirst<K>(times: Map<K, number>, key: K, time: number) {
  if (!times.has(key)) times.set(key, time)
}

/** What was sent about tokens, as it stands in the journal. */
export function inboxOf(journal: MemoryJournal): Inbox {
  return {
    isAttended: true,
    token: (execution, key) => ({ token: `token ${execution} ${key}`, digest: `digest ${key}` }),
    wait: async (tokens, signal) => {
      const ended = new Promise<never>((_, reject) => {
        if (signal.aborted) reject(signal.reason)
        else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
      for (;;) {
        const sent = journal.signals.filter((signal) => isAwaited(tokens, signal))
        if (sent.length > 0) return sent
        await Promise.race([journal.changed(), ended])
      }
    },
  }
}

function isAwaited(tokens: readonly AwaitedToken[], { token, seq }: Signal) {
  return tokens.some(({ digest, since }) => digest === token && seq > since)
}

/** The outside world of one execution. */
export interface World {
  readonly deeds: readonly Deed[]
  /** What the engine did that it may not do. */
  readonly wrongs: readonly string[]
  /** What it is busy with: `path/state` of tasks, `undo/switch`, `takeBack/path/state/position`. */
  readonly running: ReadonlySet<string>
  tasks(ledger: Ledger): TaskPort
}

/** A world that goes on where these deeds have left it. */
export function openWorld(options: WorldOptions): World {
  const deeds = [...(options.before ?? [])]
  const { clock, journal } = options
  const outside: Outside = {
    ...options,
    deeds,
    wrongs: [],
    has: (deed, of) => deeds.some((one) => one.deed === deed && one.of === of),
    happen: (deed, of, token) => {
      const base = { deed, of, after: journal.events.length, at: clock.now() }
      deeds.push(token === undefined ? base : { ...base, token })
    },
  }
  for (const deed of deeds) if (deed.deed === 'given') answerLater(outside, deed)
  const running = new Set<string>()
  const during = async <T>(what: string, work: Promise<T>): Promise<T> => {
    running.add(what)
    return work.finally(() => running.delete(what))
  }
  return {
    deeds,
    wrongs: outside.wrongs,
    running,
    tasks: (ledger) => {
      const switches = fakeSwitches(outside, ledger)
      const run = async (call: TaskCall): Promise<TaskAnswer> => (await switches.run(call)) ?? runFake(outside, call)
      return {
        run: (call) => during(`${call.path}/${call.state.name}`, run(call)),
        readNetwork: () => Promise.resolve(),
        endAround: () => Promise.resolve(),
        endProbes: () => Promise.resolve(),
        rest: () => Promise.resolve(),
        rollBack: (device, signal) => during(`undo/${device}`, switches.rollBack(device, signal)),
        takeBack: (write) =>
          during(`takeBack/${write.path}/${write.state.name}/${write.visit}`, takeBack(outside, write)),
      }
    },
  }
}

async function runFake(outside: Outside, call: TaskCall): Promise<TaskAnswer> {
  const { seed, journal, clock } = outside
  const place = `${call.path}/${call.state.name}`
  const visit = journal.visit(place)
  const behaviour = behaviourOf(seed, visit, call.attempt)
  const started = journal.begunAt(place, call.attempt) ?? clock.now()
  if (call.state.token) return give(outside, call, `${visit}:${call.attempt}`)
  if (call.state.effect === 'read') await readUntil(outside, call, started, behaviour)
  else await writeUntil(outside, call, visit, started, behaviour)
  return { answer: 'done', output: { n: behaviour.gives } }
}

async function readUntil({ clock }: Outside, { state, signal }: TaskCall, started: number, behaviour: Behaviour) {
  if (behaviour.hangs && state.timeoutSeconds !== undefined) await clock.sleep(Number.MAX_SAFE_INTEGER, signal)
  await until(clock, started + behaviour.takes, signal)
  if (behaviour.fails !== undefined) throw failure(behaviour.fails)
}

/** Half of its time before it happens, when it may still be ended; half of it after, when it may not. */
async function writeUntil(
  outside: Outside,
  { recover, signal }: TaskCall,
  visit: string,
  started: number,
  { takes, fails, doneThough }: Behaviour,
) {
  const { clock } = outside
  if (outside.has('done', visit)) {
    if (!recover) outside.wrongs.push(`${visit} was done, and is called again without being asked`)
    await until(clock, started + takes)
    if (fails !== undefined && doneThough) throw failure(fails, 'lost-answer')
    return
  }
  await until(clock, started + takes / 2, signal)
  if (fails === undefined || doneThough) outside.happen('done', visit)
  await until(clock, started + takes)
  if (fails !== undefined) throw failure(fails, doneThough ? 'lost-answer' : 'state-failed')
}

/** Hands a task to the outside. Being asked again, the outside knows the token. */
async function give(outside: Outside, { token, recover, signal }: TaskCall, attempt: string): Promise<TaskAnswer> {
  if (token === undefined) throw new EosflowError('bug', `${attempt} was given no token`)
  if (!outside.has('given', attempt)) {
    outside.happen('given', attempt, token)
    const deed = outside.deeds.at(-1)
    if (deed !== undefined) answerLater(outside, deed)
  } else if (!recover) {
    outside.wrongs.push(`${attempt} was given to the outside, and is given again`)
  }
  if (signal.aborted) throw signal.reason
  return { answer: 'submitted' }
}

/** Sends what the journal does not hold yet, at the times that were set when the token was given. */
function answerLater({ seed, clock, journal }: Outside, { of, at, token = '' }: Deed) {
  const [visit = '', attempt = ''] = splitAtLast(of, ':')
  const digest = token.replace(/^token \S+ /, 'digest ')
  const answers = behaviourOf(seed, visit, Number(attempt)).answers.toSorted((a, b) => a.after - b.after)
  const sent = journal.signals.filter((signal) => signal.token === digest).length
  for (const { after, signal } of answers.slice(sent)) {
    void until(clock, at + after).then(async () => {
      const answer =
        signal === 'success'
          ? { signal, output: { n: 3 } }
          : signal === 'failure'
            ? { signal, error: 'E.Two', cause: null }
            : { signal }
      await journal.append(undefined, [{ type: 'SignalSent', token: digest, answer }])
    })
  }
}

function splitAtLast(text: string, mark: string) {
  const at = text.lastIndexOf(mark)
  return [text.slice(0, at), text.slice(at + 1)]
}

async function takeBack(outside: Outside, write: BegunWrite) {
  const { journal, clock, seed } = outside
  const place = `${write.path}/${write.state.name}`
  const visit = journal.visit(place, write.visit)
  const { takes, fails } = undoOf(seed, visit)
  const started = journal.undoBegunAt(`${place}/${write.visit}`) ?? clock.now()
  await until(clock, started + takes / 2)
  if (fails) throw failure('E.Undo')
  const known = outside.has('undone', visit)
  if (known && !write.recover) outside.wrongs.push(`${visit} was taken back, and is again without being asked`)
  if (outside.has('done', visit) && !known) outside.happen('undone', visit)
  await until(clock, started + takes)
}
