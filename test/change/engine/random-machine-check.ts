import { isDeepStrictEqual } from 'node:util'
import { foldAll, readState } from '../../../src/change/engine/fold.ts'
import type { Ledger } from '../../../src/change/engine/ledger.ts'
import { isDoomed, next } from '../../../src/change/engine/next.ts'
import { deviceEnds } from '../../../src/change/engine/outcome.ts'
import type { EnginePorts } from '../../../src/change/engine/ports.ts'
import { runExecution } from '../../../src/change/engine/run.ts'
import type { ExecutionState } from '../../../src/change/engine/state.ts'
import type { JournalEvent, Outcome } from '../../../src/change/record/event/event.ts'
import { unlimitedRoom } from '../../../src/change/record/room.ts'
import { transitionsOf } from '../../../src/change/record/transitions.ts'
import type { State, StateMachine } from '../../../src/change/workflow/machine/machine.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import type { Random } from '../../../src/model/clock.ts'
import { asJson } from '../../lab/part-of.ts'
import { drawOf, randomMachine, SWITCHES } from './random-machine.ts'
import {
  type Deed,
  EXECUTION,
  inboxOf,
  type MemoryJournal,
  memoryJournal,
  openWorld,
  standing,
  until,
} from './random-machine-world.ts'

/** Every state of a machine by its name, which no two of a random machine share. */
export function statesOf(machine: StateMachine): ReadonlyMap<string, State> {
  const found = new Map<string, State>()
  const walk = ({ states }: StateMachine) => {
    for (const state of Object.values(states)) {
      found.set(state.name, state)
      if (state.kind === 'Map') walk(state.iterator)
      if (state.kind === 'Parallel') for (const branch of state.branches) walk(branch)
    }
  }
  walk(machine)
  return found
}

/** The switches whose change stays: the saved ones of the iterations that are done, of Maps whose iterations settle. */
export function keptSwitches(machine: StateMachine, events: readonly JournalEvent[]): ReadonlySet<string> {
  const states = statesOf(machine)
  const items = new Map<string, readonly string[]>()
  const saved = new Set<string>()
  const kept = new Set<string>()
  for (const event of events.flatMap(transitionsOf)) {
    if (event.type === 'MapStarted' && isSettling(states.get(event.state))) noteItems(items, event)
    noteSaved(saved, event)
    if (event.type !== 'StateExited' || !isLast(states.get(event.state), event.next)) continue
    for (const device of items.get(event.path) ?? []) if (saved.has(device)) kept.add(device)
  }
  return kept
}

function noteSaved(saved: Set<string>, event: JournalEvent) {
  if (event.type === 'ActFinished' && event.act === 'save') saved.add(event.device)
  if (event.type === 'UndoFinished') saved.delete(event.device)
}

function noteItems(
  items: Map<string, readonly string[]>,
  { path, state, items: all }: Extract<JournalEvent, { type: 'MapStarted' }>,
) {
  const place = `${path === '' ? '' : `${path}.`}${state}`
  for (const [index, item] of all.entries()) items.set(`${place}[${index}]`, [item].flat().map(String))
}

/** Whether what an iteration of this state has written stays when it is done. */
export function isSettling(state: State | undefined) {
  return state?.kind === 'Map' && state.settles === true
}

/** Whether a scope is done when this state has been left. */
export function isLast(state: State | undefined, next: string | undefined) {
  return next === undefined && !(state !== undefined && 'next' in state && state.next !== undefined)
}

/** A write that is undone by a task, as the journal tells of it. */
interface Begun {
  readonly path: string
  readonly state: string
  /** The position at which the state was entered. */
  readonly visit: number
  undo?: 'done' | 'failed'
}

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>

/**
 * What a journal tells against the compensation, worked out again from the events alone: a write whose failure is handled
 * (a catcher, a tolerated item) or whose execution ends badly is taken back once, after everything that was begun
 * after it in its scopes; no other write is. What an iteration that settles has written stays. A call that was refused has written nothing; after a lost answer it may have.
 */
function brokenUndos(machine: StateMachine, events: readonly JournalEvent[], deeds: readonly Deed[]) {
  const account = openAccount(statesOf(machine))
  for (const event of events) account.take(event)
  const broken = account.close()
  const onRecord = events.filter(({ type }) => type === 'TaskUndoFinished').length
  const happened = deeds.filter(({ deed }) => deed === 'undone').length
  return happened > onRecord ? [...broken, `${happened} were undone, ${onRecord} are on record`] : broken
}

/** What is written and may have to be taken back, event by event. */
interface Account {
  take(event: JournalEvent): void
  /** The laws that were broken. */
  close(): readonly string[]
}

function openAccount(states: ReadonlyMap<string, State>): Account {
  const broken: string[] = []
  const entered = new Map<string, number>()
  let failed: readonly string[] = []
  let live: Begun[] = []
  let redrivenAt = 0
  let isBad = false

  const settle = (gone: readonly Begun[], why: string) => {
    for (const write of gone) if (write.undo === undefined) broken.push(`${nameOf(write)} is not taken back: ${why}`)
    live = live.filter((write) => !gone.includes(write))
  }
  const visitOf = (path: string, state: string) => Math.max(entered.get(`${path}/${state}`) ?? 0, redrivenAt)
  const begun = ({ path, state }: Of<'TaskStarted'>) => {
    const visit = visitOf(path, state)
    const isKnown = live.some((write) => isOf(write, path, state) && write.visit === visit)
    if (isUndoable(states.get(state)) && !isKnown) live.push({ path, state, visit })
  }
  const failedAs = ({ path, state, error }: Of<'TaskFailed'>) => {
    if (error.kind !== 'state-failed') return
    const visit = visitOf(path, state)
    live = live.filter((write) => write.visit !== visit || !isOf(write, path, state))
  }
  /** What an iteration has written stays when it is done, if its Map says so. */
  const keep = (path: string) => {
    const [, around = '', map = ''] = /^(?:(.*)\.)?([^.[]+)\[\d+\]$/.exec(path) ?? []
    if (!isSettling(states.get(map))) return
    const since = entered.get(`${around}/${map}`) ?? 0
    live = live.filter((write) => !isWithin(write.path, path) || write.visit <= since)
  }
  const left = (event: Of<'StateExited'>) => {
    const since = entered.get(`${event.path}/${event.state}`) ?? 0
    const below = live.filter(({ path, visit }) => isBelow(path, event.path, event.state) && visit > since)
    const lost = failed.filter((path) => isBelow(path, event.path, event.state))
    failed = failed.filter((path) => !lost.includes(path))
    if (event.caught !== undefined) {
      const visit = visitOf(event.path, event.state)
      const own = live.filter((write) => isOf(write, event.path, event.state) && write.visit === visit)
      settle([...own, ...below], `${event.state} was caught`)
      return
    }
    const gone = below.filter((write) => lost.some((path) => isWithin(write.path, path)))
    settle(gone, `its item failed, which ${event.state} tolerates`)
    if (isLast(states.get(event.state), event.next)) keep(event.path)
  }
  const undone = ({ path, state, write: visit, error }: Of<'TaskUndoFinished'>) => {
    const write = live.find((one) => isOf(one, path, state) && one.visit === visit)
    if (write === undefined) {
      broken.push(`${path}/${state} is taken back and need not be`)
      return
    }
    if (write.undo !== undefined) broken.push(`${nameOf(write)} is taken back twice`)
    const later = live.find((one) => one.visit > visit && one.undo === undefined && isRelated(one.path, path))
    if (later !== undefined) broken.push(`${nameOf(write)} is taken back before ${nameOf(later)}`)
    write.undo = error === undefined ? 'done' : 'failed'
  }
  const ended = (event: JournalEvent) => {
    if (event.type === 'CompensationStarted') isBad = true
    if (event.type === 'ExecutionEnded' && isBad) settle(live, 'the execution ended badly')
    if (event.type !== 'ExecutionRedriven') return
    isBad = false
    failed = []
    redrivenAt = event.seq
  }
  const take = (event: JournalEvent) => {
    if (event.type === 'StateEntered') entered.set(`${event.path}/${event.state}`, event.seq)
    if (event.type === 'TaskStarted') begun(event)
    if (event.type === 'TaskFailed') failedAs(event)
    if (event.type === 'StateFailed') failed = [...failed, event.path]
    if (event.type === 'TaskUndoFinished') undone(event)
    if (event.type === 'StateExited') left(event)
    ended(event)
  }
  return {
    take: (record) => {
      for (const event of transitionsOf(record)) take(event)
    },
    close: () => {
      for (const write of live) if (write.undo !== undefined) broken.push(`${nameOf(write)} was good and is taken back`)
      return broken
    },
  }
}

function isOf(write: Begun, path: string, state: string) {
  return write.path === path && write.state === state
}

function isUndoable(state: State | undefined) {
  return state?.kind === 'Task' && state.effect !== 'read' && state.undo.by === 'task'
}

function nameOf({ path, state, visit }: Begun) {
  return `${path}/${state} of ${visit}`
}

function isBelow(path: string, holder: string, state: string) {
  return path.startsWith(`${holder === '' ? '' : `${holder}.`}${state}[`)
}

function isWithin(path: string, scope: string) {
  return scope === '' || path === scope || path.startsWith(`${scope}.`)
}

/** Whether one of two scopes holds the other. */
function isRelated(a: string, b: string) {
  return isWithin(a, b) || isWithin(b, a)
}

/** One run of a machine, from its beginning or from where a crash left it. */
interface Ran {
  readonly state: ExecutionState
  readonly events: readonly JournalEvent[]
  readonly deeds: readonly Deed[]
  readonly wrongs: readonly string[]
}

/** What a crash left behind, or an end from which it is redriven. */
interface Remains {
  readonly goesOn: 'ExecutionResumed' | 'ExecutionRedriven'
  readonly events: readonly JournalEvent[]
  readonly deeds: readonly Deed[]
  /** When the next process begins, milliseconds since the epoch. */
  readonly now: number
}

const START = Date.UTC(2026, 0, 5, 8)

/** Runs a machine to its end in the fake world of its seed. Throws when it comes to no end. */
async function runMachine(seed: number, machine: StateMachine, remains?: Remains): Promise<Ran> {
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
  const overlooked = () => {
    if (ledger === undefined || stop.signal.aborted || isOutOfTime(ledger.state, clock.now())) return
    wrongs.push(...notUnderWay(ledger.state, clock.now(), world.running))
  }
  const begin = await readState(journal, EXECUTION)
  const state = await whileTimePasses(clock, journal, overlooked, runExecution(begin, ports, stop.signal))
  return { state, events: journal.events, deeds: world.deeds, wrongs: [...world.wrongs, ...wrongs] }
}

/** When a person stops the first go of an execution, milliseconds since the epoch. */
function stopOf(seed: number) {
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
    machine: asJson(machine),
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
function notUnderWay(state: ExecutionState, now: number, running: ReadonlySet<string>) {
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
function isOutOfTime({ machine, startedAt }: ExecutionState, now: number) {
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

const GOOD: ReadonlySet<Outcome | undefined> = new Set(['succeeded', 'tolerated', 'planned', 'nothing-to-do'])

/** Every law that one run breaks, in words. */
function brokenLaws(machine: StateMachine, { state, events, deeds, wrongs }: Ran) {
  const broken = [...wrongs]
  const compensated = state.compensation !== undefined
  if (state.status !== 'ended') broken.push(`it stands still, ${state.status}`)
  broken.push(...brokenSwitches(machine, { state, events, deeds }, compensated))
  broken.push(...brokenOrder(events), ...brokenTransitions(events))
  const done = deeds.filter(({ deed }) => deed === 'done').map(({ of }) => of)
  if (new Set(done).size !== done.length) broken.push(`done twice: ${done.filter((of, at) => done.indexOf(of) !== at)}`)
  if (state.status === 'ended') broken.push(...brokenUndos(machine, events, deeds))
  const unanswered = undoFailures(events)
  if (unanswered > 0 && GOOD.has(state.outcome)) broken.push(`${state.outcome} with ${unanswered} undos that failed`)
  return broken
}

function brokenSwitches(
  machine: StateMachine,
  { state, events, deeds }: Pick<Ran, 'state' | 'events' | 'deeds'>,
  compensated: boolean,
) {
  const kept = keptSwitches(machine, events)
  const ends = deviceEnds(state)
  const badly = compensated && state.outcome !== 'unknown'
  return SWITCHES.flatMap((device) => {
    const stands = standing({ deeds }, device)
    const end = ends[device] ?? 'untouched'
    return [
      isHonest(end, stands) ? [] : `${device} is said to be ${end} and is ${stands}`,
      state.outcome === 'succeeded' && end === 'unknown' ? `succeeded with ${device} unknown` : [],
      kept.has(device) && stands !== 'confirmed' ? `${device} had settled and is ${stands}` : [],
      badly && !kept.has(device) && stands !== 'base' ? `${state.outcome}, and ${device} is ${stands}` : [],
    ].flat()
  })
}

/** A record of several transitions is folded to what they are folded to one after the other. */
function brokenTransitions(events: readonly JournalEvent[]) {
  const own = events.filter(({ execution }) => execution !== undefined)
  const folded = (all: readonly JournalEvent[]) =>
    JSON.parse(JSON.stringify({ ...foldAll(EXECUTION, all), records: 0 }))
  const isSame = isDeepStrictEqual(folded(own), folded(own.flatMap(transitionsOf)))
  return isSame ? [] : ['records of several transitions are folded to something else than the transitions are']
}

/**
 * In a compensation no switch of a wave is begun to be put back before those of the later waves. Switches that nothing on record has touched since the last
 * redrive are asked behind them, for the sake of a copy of the record: a silent one must not keep the others waiting.
 */
function brokenOrder(events: readonly JournalEvent[]) {
  const begun = events.findLastIndex(({ type }) => type === 'CompensationStarted' || type === 'ExecutionRedriven')
  const plan = events.find((event) => event.type === 'PlanMade')
  if (events[begun]?.type !== 'CompensationStarted' || plan === undefined) return []
  const since = events.findLastIndex(({ type }) => type === 'ExecutionRedriven') + 1
  const acts = events.slice(since, begun)
  const touched = new Set(acts.flatMap((event) => (event.type === 'ActIntended' ? [event.device] : [])))
  const undone = events
    .slice(begun)
    .flatMap((event) => (event.type === 'UndoStarted' && touched.has(event.device) ? [event.device] : []))
  const waves = [...new Set(undone)].map((device) => plan.waves.findIndex((wave) => wave.includes(device)))
  const wrong = waves.some((wave, index) => wave > (waves[index - 1] ?? wave))
  return wrong ? [`put back in the order of waves ${waves}`] : []
}

/** Nothing is called put back or changed that is not so. */
function isHonest(end: string, stands: ReturnType<typeof standing>) {
  switch (end) {
    case 'changed':
      return stands === 'confirmed'
    case 'unknown':
      return true
    default:
      return stands === 'base'
  }
}

function undoFailures(events: readonly JournalEvent[]) {
  return events.filter(({ type, ...event }) => type === 'TaskUndoFinished' && 'error' in event).length
}

/** What a run came to: what must be the same for whoever resumes it, and from wherever. */
function comesTo({ state, deeds }: Ran): object {
  const undone = new Set(deeds.filter(({ deed }) => deed === 'undone').map(({ of }) => of))
  return {
    status: state.status,
    outcome: state.outcome,
    output: state.output ?? null,
    error: state.compensation?.error.name ?? state.compensation?.error.kind ?? null,
    stays: deeds.flatMap(({ deed, of }) => (deed === 'done' && !undone.has(of) ? [of] : [])).toSorted(),
    switches: SWITCHES.map((device) => standing({ deeds }, device)),
  }
}

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

function addTo(counts: Record<string, number>, name: string) {
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

async function isRepeated(way: Way, { events }: Ran) {
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
function endsSomething(seed: number, { events }: Ran, { after }: Crash, now: number) {
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
export function told({ seed, redriven, crash, broken, journal }: Counterexample) {
  const killed = crash === undefined ? '' : `, killed after event ${crash.after}`
  const end = journal.slice(-12).map((event) => {
    const place = 'path' in event ? ` ${event.path}/${event.state}` : ''
    return `    ${event.seq} ${event.type}${place}`
  })
  return [`seed ${seed}${redriven ? ', redriven' : ''}${killed}:`, ...broken.map((law) => `  ${law}`), ...end].join(
    '\n',
  )
}
