import { isDoomed } from '../../src/engine/children.ts'
import { foldAll } from '../../src/engine/fold.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import type { StateMachine } from '../../src/workflow/machine.ts'
import { randomMachine } from './random-machine.ts'
import { drawOf } from './random-machine-draw.ts'
import { EXECUTION } from './random-machine-journal.ts'
import { brokenLaws, comesTo } from './random-machine-laws.ts'
import { type Ran, type Remains, runMachine } from './random-machine-run.ts'

/** One machine that breaks a law. */
export interface Counterexample {
  readonly seed: number
  /** After how many events it was resumed, and whether what was under way had reached the outside; absent in one go. */
  readonly crash?: { readonly after: number; readonly reached: boolean }
  readonly broken: readonly string[]
  readonly journal: readonly JournalEvent[]
}

/** What came of many machines. */
export interface Report {
  readonly machines: number
  /** Runs from the beginning, and runs that were resumed. */
  readonly runs: number
  readonly resumed: number
  readonly events: number
  readonly outcomes: Readonly<Record<string, number>>
  /** How often each type of event was seen in the runs from the beginning. */
  readonly types: Readonly<Record<string, number>>
  readonly counterexamples: readonly Counterexample[]
}

/** Runs the machines of `count` seeds from `from`, twice each, and from some of the places where they could be killed. */
export async function runMachines({ from, count }: { readonly from: number; readonly count: number }): Promise<Report> {
  const outcomes: Record<string, number> = {}
  const types: Record<string, number> = {}
  const counterexamples: Counterexample[] = []
  let [resumed, events] = [0, 0]
  for (let seed = from; seed < from + count; seed += 1) {
    const { whole, crashes, found } = await checkMachine(seed)
    counterexamples.push(...found)
    resumed += crashes
    if (whole === undefined) continue
    events += whole.events.length
    addTo(outcomes, whole.state.outcome ?? whole.state.status)
    for (const { type } of whole.events) addTo(types, type)
  }
  return { machines: count, runs: 2 * count, resumed, events, outcomes, types, counterexamples }
}

function addTo(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}

interface Checked {
  readonly whole?: Ran
  readonly crashes: number
  readonly found: readonly Counterexample[]
}

async function checkMachine(seed: number): Promise<Checked> {
  const machine = randomMachine(seed)
  const whole = await attempt(seed, machine)
  if (!('state' in whole)) return { crashes: 0, found: [whole] }
  const found = judged(seed, machine, whole)
  const again = await attempt(seed, machine)
  const same = 'state' in again && JSON.stringify(again.events) === JSON.stringify(whole.events)
  if (!same) found.push({ seed, broken: ['the same seed gives another journal'], journal: whole.events })
  const crashes = crashesOf(seed, whole)
  for (const crash of crashes) found.push(...(await checkCrash(seed, machine, whole, crash)))
  return { whole, crashes: crashes.length, found }
}

function judged(seed: number, machine: StateMachine, ran: Ran): Counterexample[] {
  const broken = brokenLaws(machine, ran)
  return broken.length === 0 ? [] : [{ seed, broken, journal: ran.events }]
}

async function attempt(seed: number, machine: StateMachine, remains?: Remains): Promise<Ran | Counterexample> {
  try {
    return await runMachine(seed, machine, remains)
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { seed, broken: [why], journal: remains?.events ?? [] }
  }
}

type Crash = NonNullable<Counterexample['crash']>

/** All places of a short journal, some of a longer one. */
function crashesOf(seed: number, { events }: Ran): readonly Crash[] {
  const draw = drawOf(seed, 'crashes')
  const last = events.length - 1
  if (last <= 8) return [...Array(last).keys()].map((index) => ({ after: index + 1, reached: draw.chance(0.5) }))
  return Array.from({ length: 2 }, () => ({ after: draw.between(1, last), reached: draw.chance(0.5) }))
}

async function checkCrash(
  seed: number,
  machine: StateMachine,
  whole: Ran,
  crash: Crash,
): Promise<readonly Counterexample[]> {
  const ran = await attempt(seed, machine, remainsOf(whole, crash))
  if (!('state' in ran)) return [{ ...ran, crash }]
  const broken = [...brokenLaws(machine, ran)]
  const [is, was] = [JSON.stringify(comesTo(ran)), JSON.stringify(comesTo(whole))]
  if (is !== was && !endsSomething(whole, crash)) broken.push(`it comes to ${is}, uninterrupted to ${was}`)
  return broken.length === 0 ? [] : [{ seed, crash, broken, journal: ran.events }]
}

/**
 * Whether a task was being ended when the process died. A process that lives waits for it; the next one closes it at
 * once, so that whatever is timed from outside may come at another point of the execution.
 */
function endsSomething({ events }: Ran, { after }: Crash): boolean {
  const state = foldAll(
    EXECUTION,
    events.slice(0, after).filter(({ execution }) => execution !== undefined),
  )
  return state.scopes.some(({ phase }, path) => phase === 'started' && isDoomed(state, path))
}

/** The journal up to there, and what had reached the outside: of what was under way all or nothing. */
function remainsOf({ events, deeds }: Ran, { after, reached }: Crash): Remains {
  const kept = events.slice(0, after)
  const there = deeds.filter((deed) => deed.after < after || (reached && deed.after === after))
  const now = Math.max(Date.parse(kept.at(-1)?.at ?? ''), ...there.map(({ at }) => Math.ceil(at)))
  return { events: kept, deeds: there, now }
}

/** A counterexample in a few lines: what is wrong, and the end of its journal. */
export function told({ seed, crash, broken, journal }: Counterexample): string {
  const killed = crash === undefined ? '' : `, killed after event ${crash.after}`
  const end = journal.slice(-12).map((event) => {
    const place = 'path' in event ? ` ${event.path}/${event.state}` : ''
    return `    ${event.seq} ${event.type}${place}`
  })
  return [`seed ${seed}${killed}:`, ...broken.map((law) => `  ${law}`), ...end].join('\n')
}
