import { foldAll } from '../../src/engine/fold.ts'
import type { Ledger } from '../../src/engine/ledger.ts'
import { next } from '../../src/engine/next.ts'
import type { EnginePorts } from '../../src/engine/ports.ts'
import { runExecution } from '../../src/engine/run.ts'
import type { ExecutionState } from '../../src/engine/state.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import { unlimitedRoom } from '../../src/journal/room.ts'
import type { Json } from '../../src/model/json.ts'
import type { Random } from '../../src/model/random.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import { VirtualClock } from '../../src/trial/virtual-clock.ts'
import type { StateMachine } from '../../src/workflow/machine.ts'
import { SWITCHES } from './random-machine.ts'
import { drawOf } from './random-machine-draw.ts'
import { EXECUTION, inboxOf, type MemoryJournal, memoryJournal } from './random-machine-journal.ts'
import { type Deed, until } from './random-machine-outside.ts'
import { openWorld } from './random-machine-world.ts'

/** One run of a machine, from its beginning or from where a crash left it. */
export interface Ran {
  readonly state: ExecutionState
  readonly events: readonly JournalEvent[]
  readonly deeds: readonly Deed[]
  readonly wrongs: readonly string[]
}

/** What a crash left behind, or an end from which it is redriven. */
export interface Remains {
  readonly goesOn: 'ExecutionResumed' | 'ExecutionRedriven'
  readonly events: readonly JournalEvent[]
  readonly deeds: readonly Deed[]
  /** When the next process begins, milliseconds since the epoch. */
  readonly now: number
}

const START = Date.UTC(2026, 0, 5, 8)

/** Runs a machine to its end in the fake world of its seed. Throws when it comes to no end. */
export async function runMachine(seed: number, machine: StateMachine, remains?: Remains): Promise<Ran> {
  const clock = new VirtualClock(remains?.now ?? START)
  const journal = memoryJournal(clock, remains?.events)
  const world = openWorld({ seed, clock, journal, ...(remains === undefined ? {} : { before: remains.deeds }) })
  if (remains === undefined) await journal.append(EXECUTION, [started(machine)])
  else await journal.append(EXECUTION, [{ type: remains.goesOn }])
  let ledger: Ledger | undefined
  const ports: EnginePorts = {
    journal,
    room: unlimitedRoom,
    clock,
    random: randomOf(seed, journal),
    inbox: inboxOf(journal),
    tasks: (opened) => {
      ledger = opened
      return world.tasks(opened)
    },
  }
  const stop = new AbortController()
  const stopAt = stopOf(seed)
  const redriven = journal.events.some(({ type }) => type === 'ExecutionRedriven')
  if (stopAt !== undefined && !redriven) void until(clock, stopAt).then(() => stop.abort())
  const wrongs: string[] = []
  const overlooked = (): void => {
    if (ledger === undefined || stop.signal.aborted || isOutOfTime(ledger.state, clock.now())) return
    wrongs.push(...notUnderWay(ledger.state, clock.now(), world.running))
  }
  const begin = foldAll(EXECUTION, await journal.read(EXECUTION))
  const state = await whileTimePasses(clock, journal, overlooked, runExecution(begin, ports, stop.signal))
  return { state, events: journal.events, deeds: world.deeds, wrongs: [...world.wrongs, ...wrongs] }
}

/** When a person stops the first go of an execution, milliseconds since the epoch. */
export function stopOf(seed: number): number | undefined {
  const draw = drawOf(seed, 'stop')
  return draw.chance(0.08) ? START + draw.between(0, 400_000) : undefined
}

/** The same draw for the same retry, whoever schedules it. */
function randomOf(seed: number, journal: MemoryJournal): Random {
  const now = (): Random => new SeededRandom(seed * 1009 + journal.retries)
  return { fraction: () => now().fraction(), hex: (count) => now().hex(count) }
}

function started(machine: StateMachine) {
  const input = { n: 1 }
  return {
    type: 'ExecutionStarted',
    purpose: 'run',
    workflow: 'random',
    file: 'random.yaml',
    definition: 'sha256:00',
    interpreter: 2,
    machine: machine as unknown as Json,
    params: {},
    requester: { issuer: 'local', id: 'test', kind: 'person', auth: 'os' },
    targets: SWITCHES,
    input,
    context: { Execution: { Id: EXECUTION, Input: input }, StateMachine: { Name: 'random' } },
  } as const
}

/**
 * What `next` says of the whole state that nobody does, asked when the loop, which looks only at scopes in which something
 * has happened, has nothing left to do until time passes.
 */
function notUnderWay(state: ExecutionState, now: number, running: ReadonlySet<string>): readonly string[] {
  return next(state, now).flatMap((effect) => {
    switch (effect.effect) {
      case 'record':
      case 'enter':
      case 'evaluate':
        return [`overlooked: ${JSON.stringify(effect)}`]
      case 'task':
        return running.has(`${effect.path}/${effect.state.name}`) ? [] : [`not under way: ${effect.key}`]
      case 'undo':
        return running.has(`undo/${effect.device}`) ? [] : [`not under way: ${effect.key}`]
      case 'takeBack': {
        const { path, state: name, visit } = effect.write
        return running.has(`takeBack/${path}/${name}/${visit}`) ? [] : [`not under way: ${effect.key}`]
      }
      case 'end': {
        const { path, state: name } = effect.event as { readonly path: string; readonly state: string }
        return running.has(`${path}/${name}`) ? [] : [`never ended: ${effect.key}`]
      }
      default:
        return []
    }
  })
}

/** Whether the time of the whole machine is over: from then on the loop only waits for what is under way. */
export function isOutOfTime({ machine, startedAt }: ExecutionState, now: number): boolean {
  return machine.timeoutSeconds !== undefined && now >= startedAt + machine.timeoutSeconds * 1000
}

/** More than any random machine comes to. */
const TOO_MANY = 20_000

/** Lets the clock go on whenever nothing else is left to do; `before` is called each time. */
async function whileTimePasses<T>(
  clock: VirtualClock,
  journal: MemoryJournal,
  before: () => void,
  work: Promise<T>,
): Promise<T> {
  let over = false
  const done = work.finally(() => {
    over = true
  })
  done.catch(() => undefined)
  for (let idle = 0; !over; ) {
    await new Promise((resolve) => setImmediate(resolve))
    if (over) break
    before()
    if (journal.events.length > TOO_MANY) throw new Error('it goes on and on')
    idle = (await clock.next()) ? 0 : idle + 1
    if (idle > 3) throw new Error('it waits for nothing')
  }
  return done
}
