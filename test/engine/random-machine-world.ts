import type { Ledger } from '../../src/engine/ledger.ts'
import type { BegunWrite, TaskAnswer, TaskCall, TaskPort } from '../../src/engine/ports.ts'
import { EosflowError } from '../../src/model/error.ts'
import { type Behaviour, behaviourOf, undoOf } from './random-machine-behaviour.ts'
import { type Deed, failure, type Outside, until, type WorldOptions } from './random-machine-outside.ts'
import { fakeSwitches } from './random-machine-switches.ts'

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

async function readUntil(
  { clock }: Outside,
  { state, signal }: TaskCall,
  started: number,
  behaviour: Behaviour,
): Promise<void> {
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
): Promise<void> {
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
function answerLater({ seed, clock, journal }: Outside, { of, at, token = '' }: Deed): void {
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

function splitAtLast(text: string, mark: string): readonly string[] {
  const at = text.lastIndexOf(mark)
  return [text.slice(0, at), text.slice(at + 1)]
}

async function takeBack(outside: Outside, write: BegunWrite): Promise<void> {
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
