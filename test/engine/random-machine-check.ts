import { isDoomed } from '../../src/engine/children.ts'
import { foldAll } from '../../src/engine/fold.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import type { StateMachine } from '../../src/workflow/machine.ts'
import { randomMachine } from './random-machine.ts'
import { drawOf } from './random-machine-draw.ts'
import { EXECUTION } from './random-machine-journal.ts'
import { brokenLaws, comesTo } from './random-machine-laws.ts'
import { isOutOfTime, type Ran, type Remains, runMachine, stopOf } from './random-machine-run.ts'

/** One machine that breaks a law. */
export interface Counterexample {
  readonly seed: number
  /** Whether it was redriven after its first end. */
  readonly redriven: boolean
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
  /** Bad ends that were redriven; the redriven ones are resumed too. */
  readonly redriven: number
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
  let [resumed, redriven, events] = [0, 0, 0]
  for (let seed = from; seed < from + count; seed += 1) {
    const { whole, crashes, redriven: again, found } = await checkMachine(seed)
    counterexamples.push(...found)
    resumed += crashes
    if (again) redriven += 1
    if (whole === undefined) continue
    events += whole.events.length
    addTo(outcomes, whole.state.outcome ?? whole.state.status)
    for (const { type } of whole.events) addTo(types, type)
  }
  return { machines: count, runs: 2 * count + redriven, resumed, redriven, events, outcomes, types, counterexamples }
}

function addTo(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}

interface Checked {
  readonly whole?: Ran
  readonly crashes: number
  readonly redriven: boolean
  readonly found: readonly Counterexample[]
}

/** One way that an execution goes: from its beginning, or redriven from a bad end. */
interface Way {
  readonly seed: number
  readonly machine: StateMachine
  readonly remains?: Remains
}

async function checkMachine(seed: number): Promise<Checked> {
  const first: Way = { seed, machine: randomMachine(seed) }
  const { ran: whole, crashes, found } = await checkWay(first)
  const remains = whole === undefined ? undefined : redrivable(whole)
  if (whole === undefined) return { crashes, redriven: false, found }
  if (remains === undefined || !drawOf(seed, 'redrive').chance(0.25)) return { whole, crashes, redriven: false, found }
  const again = await checkWay({ ...first, remains })
  return { whole, crashes: crashes + again.crashes, redriven: true, found: [...found, ...again.found] }
}

/** What an execution that ended badly leaves behind, if nothing of it is unknown. */
function redrivable({ state, events, deeds }: Ran): Remains | undefined {
  if (state.status !== 'ended' || state.compensation === undefined || state.outcome === 'unknown') return undefined
  return { goesOn: 'ExecutionRedriven', events: [...events], deeds, now: Date.parse(events.at(-1)?.at ?? '') }
}

async function checkWay(way: Way): Promise<{ ran?: Ran; crashes: number; found: readonly Counterexample[] }> {
  const ran = await attempt(way)
  if (!('state' in ran)) return { crashes: 0, found: [ran] }
  const found = [...judged(way, ran)]
  if (way.remains === undefined && !(await isRepeated(way, ran))) {
    found.push(counterexample(way, ['the same seed gives another journal'], ran.events))
  }
  const crashes = crashesOf(way, ran)
  for (const crash of crashes) found.push(...(await checkCrash(way, ran, crash)))
  return { ran, crashes: crashes.length, found }
}

async function isRepeated(way: Way, { events }: Ran): Promise<boolean> {
  const again = await attempt(way)
  return 'state' in again && JSON.stringify(again.events) === JSON.stringify(events)
}

function judged(way: Way, ran: Ran): readonly Counterexample[] {
  const broken = brokenLaws(way.machine, ran)
  return broken.length === 0 ? [] : [counterexample(way, broken, ran.events)]
}

function counterexample(
  { seed, remains }: Way,
  broken: readonly string[],
  journal: readonly JournalEvent[],
  crash?: Crash,
): Counterexample {
  const redriven = remains?.goesOn === 'ExecutionRedriven'
  return { seed, redriven, broken, journal, ...(crash === undefined ? {} : { crash }) }
}

async function attempt(way: Way): Promise<Ran | Counterexample> {
  try {
    return await runMachine(way.seed, way.machine, way.remains)
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return counterexample(way, [why], way.remains?.events ?? [])
  }
}

type Crash = NonNullable<Counterexample['crash']>

/** All places of a short journal, some of a longer one; of a redriven one those since. */
function crashesOf({ seed, remains }: Way, { events }: Ran): readonly Crash[] {
  const draw = drawOf(seed, remains === undefined ? 'crashes' : 'crashes, redriven')
  const begin = (remains?.events.length ?? 0) + 1
  const last = events.length - 1
  if (last < begin) return []
  const crash = (after: number): Crash => ({ after, reached: draw.chance(0.5) })
  if (last <= 8) return Array.from({ length: last - begin + 1 }, (_, index) => crash(begin + index))
  return Array.from({ length: 2 }, () => crash(draw.between(begin, last)))
}

async function checkCrash(way: Way, whole: Ran, crash: Crash): Promise<readonly Counterexample[]> {
  const remains = remainsOf(whole, crash)
  const ran = await attempt({ ...way, remains })
  if (!('state' in ran)) return [counterexample(way, ran.broken, whole.events.slice(0, crash.after), crash)]
  const broken = [...brokenLaws(way.machine, ran)]
  const [is, was] = [JSON.stringify(comesTo(ran)), JSON.stringify(comesTo(whole))]
  if (is !== was && !endsSomething(way.seed, whole, crash, remains.now))
    broken.push(`it comes to ${is}, uninterrupted to ${was}`)
  return broken.length === 0 ? [] : [counterexample(way, broken, ran.events, crash)]
}

/**
 * Whether something was being ended when the process died: a task, or the whole execution. A process that lives waits for
 * what is under way; the next one closes it at once, so that whatever is timed from outside may come at another point.
 */
function endsSomething(seed: number, { events }: Ran, { after }: Crash, now: number): boolean {
  const own = events.slice(0, after).filter(({ execution }) => execution !== undefined)
  const state = foldAll(EXECUTION, own)
  if (state.status === 'running' && (isOutOfTime(state, now) || (stopOf(seed) ?? now + 1) <= now)) return true
  return state.scopes.some(({ phase }, path) => phase === 'started' && isDoomed(state, path))
}

/** The journal up to there, and what had reached the outside: of what was under way all or nothing. */
function remainsOf({ events, deeds }: Ran, { after, reached }: Crash): Remains {
  const kept = events.slice(0, after)
  const there = deeds.filter((deed) => deed.after < after || (reached && deed.after === after))
  const now = Math.max(Date.parse(kept.at(-1)?.at ?? ''), ...there.map(({ at }) => Math.ceil(at)))
  return { goesOn: 'ExecutionResumed', events: kept, deeds: there, now }
}

/** A counterexample in a few lines: what is wrong, and the end of its journal. */
export function told({ seed, redriven, crash, broken, journal }: Counterexample): string {
  const killed = crash === undefined ? '' : `, killed after event ${crash.after}`
  const end = journal.slice(-12).map((event) => {
    const place = 'path' in event ? ` ${event.path}/${event.state}` : ''
    return `    ${event.seq} ${event.type}${place}`
  })
  return [`seed ${seed}${redriven ? ', redriven' : ''}${killed}:`, ...broken.map((law) => `  ${law}`), ...end].join(
    '\n',
  )
}
