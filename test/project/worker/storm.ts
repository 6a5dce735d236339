import { foldAll } from '../../../src/change/engine/fold.ts'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { exitCodeOfOutcome } from '../../../src/doors/cli/outcome/exit-code.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { isPoison } from '../../../src/project/app/dispatch/poison.ts'
import { suspensionOf } from '../../../src/project/history/requests/stop-asked.ts'
import { Crew } from './crew.ts'
import { FAULTS, type Fault, type Hired } from './faults.ts'
import { type Asked, type Judgement, judge } from './judge.ts'
import type { Machine } from './machine.ts'
import { declaredOf } from './owner-judge.ts'
import { sentBy } from './senders.ts'
import { pause, type Team, TTL } from './team.ts'
import type { Part } from './undriven.ts'

/** What a storm is made of. */
export interface StormOptions {
  /** At least so many, and up to twice as many until every kind of fault has struck something. */
  readonly executions: number
  readonly workers: number
  /** Executions that are under way at the same time: at most one for each switch. */
  readonly atOnce: number
  readonly seed: number
  /** How often something happens, in milliseconds. */
  readonly faultEvery: number
  readonly say: (line: string) => void
  /** Hears of each fault when it strikes, and of each worker that ends by itself. */
  readonly trace?: (line: string) => void
}

/** How executions ended, what the switches say to that, and how long nobody drove them. */
export interface StormEnd extends Judgement {
  /** How many were begun. */
  readonly begun: number
  /** How often each kind of fault has struck something. */
  readonly faults: Readonly<Record<string, number>>
  /** Kinds of faults that were never met. */
  readonly unmet: readonly string[]
  /** For each execution whose worker was killed, or frozen for longer than the TTL: how long nobody drove it, in milliseconds. */
  readonly failovers: readonly number[]
  /** How often an execution was taken over from a dead owner. */
  readonly takeovers: number
  /** What those were told who watched some of the executions. */
  readonly watchers: WatchersEnd & { readonly many: number }
  /** How often a person had to go on with an execution, and why. */
  readonly left: Readonly<Record<string, number>>
  /** Codes and signals that workers have ended with. */
  readonly ends: Readonly<Record<string, number>>
  readonly seconds: number
}

/** So long an execution may have something to do without anybody doing it, in milliseconds. */
const LONGEST = TTL + 35_000
/** So much more of that in all may come of each worker that dies or is frozen while it has an execution: it is frozen for up to five TTL. */
const FAILURE = 5 * TTL
/** One of so many executions is watched by somebody. */
const WATCHED = 8
/** So long the end of an execution is waited for. */
const PATIENCE = 180_000
/** Every so often a storm says how far it is: one that stands says where. */
const REPORT = 30_000

/** What is known of one execution while it runs. */
interface Followed extends Asked {
  readonly approved: number[]
  isEnded: boolean
  ended: () => void
}

/** How far a storm is. */
interface Progress {
  stage: string
  /** How many executions were begun, and which of them are open. */
  standing: () => string
}

/** Runs changes while workers, networks and the database fail, and judges the records by what the machines and the switches have seen. */
export async function storm(team: Team, options: StormOptions): Promise<StormEnd> {
  const started = performance.now()
  const progress: Progress = { stage: 'hiring', standing: () => '' }
  const reporting = setInterval(() => {
    const seconds = ((performance.now() - started) / 1000).toFixed(0)
    options.say(`${seconds} s: ${progress.stage}${progress.standing()}`)
  }, REPORT)
  try {
    return await livedThrough(team, options, progress)
  } finally {
    clearInterval(reporting)
  }
}

async function livedThrough(team: Team, options: StormOptions, progress: Progress) {
  const { executions, atOnce, seed, faultEvery, say, trace = () => undefined } = options
  const started = performance.now()
  const over = new AbortController()
  const followed = new Map<string, Followed>()
  const early = new Map<string, JournalEvent[]>()
  const failovers: number[] = []
  const orphans = new Map<string, number>()
  const left: Record<string, number> = {}
  let takeovers = 0
  let next = 0
  progress.standing = () => {
    const open = [...followed].filter(([, one]) => !one.isEnded).map(([id, { device }]) => `${id} of ${device}`)
    return `, ${next} begun, open: ${open.join(', ')}`
  }

  const approve = async (id: string, one: Followed) => {
    let why: unknown
    for (let tries = 0; tries < 120; tries += 1) {
      try {
        await team.approve(id)
        one.approved.push(Date.now())
        return
      } catch (error) {
        why = error
        await pause(250)
      }
    }
    say(`${id} could not be approved: ${String(why)}`)
  }
  const see = (event: JournalEvent, one: Followed) => {
    const { execution: id = '' } = event
    if (event.type === 'TaskWaiting') void approve(id, one)
    if (event.type === 'ExecutionResumed') {
      const since = orphans.get(id)
      orphans.delete(id)
      if (event.ownerDied !== true) return
      takeovers += 1
      if (since !== undefined) failovers.push(Date.parse(event.at) - since)
    }
    if (event.type === 'ExecutionEnded') {
      orphans.delete(id)
      one.isEnded = true
      one.ended()
    }
  }
  const following = team.follow((event) => {
    if (event.execution === undefined) return
    const one = followed.get(event.execution)
    if (one !== undefined) see(event, one)
    else early.set(event.execution, [...(early.get(event.execution) ?? []), event])
  }, over.signal)

  const watchers = new Watchers(team)
  const machines: Machine[] = []
  const crew = new Crew(team, over.signal, trace)
  for (let count = 0; count < options.workers; count += 1) {
    const machine = await team.machine(`m${count + 1}`)
    machines.push(machine)
    await crew.hire(machine)
  }
  say(`${crew.hired.length} workers`)

  const faults: Record<string, number> = {}
  const unmet = () => FAULTS.filter(({ name }) => faults[name] === undefined).map(({ name }) => name)
  const striking = strikes({ team, crew, seed, faultEvery, over: over.signal, orphans, faults, say, trace })
  const helping = (async () => {
    while (!over.signal.aborted) {
      await pause(2_000)
      for (const [id, one] of followed) {
        if (!one.isEnded) await helped(team, id, left).catch(() => undefined)
      }
    }
  })()

  const free = Object.keys(team.fabric.ports)
  progress.stage = 'running'
  const runOne = async () => {
    while (next < executions || (next < 2 * executions && unmet().length > 0)) {
      const number = next
      next += 1
      const device = free.shift()
      // Those are held by executions that have not ended: they are named behind.
      if (device === undefined) return
      const vlan = 200 + number
      const id = await again(() => team.begin(device, vlan, `storm ${seed} ${number}`))
      let patience: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        const one: Followed = { device, vlan, approved: [], isEnded: false, ended: resolve }
        followed.set(id, one)
        if (number % WATCHED === 0) watchers.watch(id)
        for (const event of early.get(id) ?? []) see(event, one)
        patience = setTimeout(resolve, PATIENCE)
      })
      clearTimeout(patience)
      if (followed.get(id)?.isEnded === true) free.push(device)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, runOne))
  over.abort()
  progress.stage = 'the last faults'
  await striking
  progress.stage = 'those who follow and help'
  await Promise.all([following, helping])
  progress.stage = 'dismissing the workers'
  await crew.dismiss()
  progress.stage = 'those who watch'
  const watched = await watchers.end((id) => again(() => team.app.store.read(id)))
  progress.stage = 'judging'
  const judgement = await judged(team, machines, crew, followed)
  return {
    ...judgement,
    begun: next,
    wrong: [...judgement.wrong, ...watched.wrong],
    watchers: { ...watched, many: watchers.many },
    faults,
    unmet: unmet(),
    failovers,
    takeovers,
    left,
    ends: crew.ends,
    seconds: (performance.now() - started) / 1000,
  }
}

/** Whom faults strike, and until when. */
interface Striking {
  readonly team: Team
  readonly crew: Crew
  readonly seed: number
  readonly faultEvery: number
  readonly over: AbortSignal
  readonly orphans: Map<string, number>
  /** Counts how often each kind has struck. */
  readonly faults: Record<string, number>
  readonly say: (line: string) => void
  readonly trace: (line: string) => void
}

/** Has something happen again and again, bag by bag, so that every kind is met, until all are over. */
async function strikes({ team, crew, seed, faultEvery, over, orphans, faults, say, trace }: Striking) {
  const random = new SeededRandom(seed)
  const between = (low: number, high: number) => Math.floor(low + random.fraction() * (high - low))
  const under = new Set<Promise<unknown>>()
  // Each kind once, and then by their shares.
  let bag: Fault[] = [...FAULTS]
  let ofDatabase: Promise<unknown> | undefined
  const drivenBy = async ({ worker: { id } }: Hired) => {
    const rows = (await team.app.shared?.workers.list().catch(() => [])) ?? []
    return rows.find((row) => row.id === id)?.driven.map(({ execution }) => execution) ?? []
  }
  const strike = (fault: Fault, hired: Hired) => {
    const orphaned = async () => {
      const at = Date.now()
      for (const id of await drivenBy(hired)) orphans.set(id, at)
    }
    trace(`${hired.worker.name}: ${fault.name}`)
    const froze = (part: Part) => crew.froze(hired.worker.name, part)
    return fault.strike({ ...hired, database: team.database, between, orphaned, froze }).then(
      (isStruck) => {
        if (isStruck) faults[fault.name] = (faults[fault.name] ?? 0) + 1
        else bag.push(fault)
      },
      (error: unknown) => say(`${fault.name}: ${String(error)}`),
    )
  }
  while (!over.aborted) {
    await pause(faultEvery)
    const hired = crew.hired[between(0, crew.hired.length)]
    if (hired === undefined || over.aborted) continue
    if (bag.length === 0) bag = FAULTS.flatMap((one) => Array.from({ length: one.share }, () => one))
    const [fault] = bag.splice(between(0, bag.length), 1)
    if (fault === undefined) continue
    if (fault.isOfDatabase === true) {
      await ofDatabase
      // What nobody drove because of the database is not of the death of a worker.
      orphans.clear()
    }
    const striking = strike(fault, hired).finally(() => under.delete(striking))
    under.add(striking)
    if (fault.isOfDatabase === true) ofDatabase = striking
  }
  await Promise.all(under)
}

/** Goes on with an execution that was left to a person, as a person does who was called. */
async function helped({ app, goOn }: Team, id: string, left: Record<string, number>) {
  const events = await app.store.read(id)
  const state = foldAll(id, events)
  const suspension = await suspensionOf(app, state, events)
  const why = isPoison(events) ? 'five deaths in a row' : suspension?.reason
  const silent = Date.now() - Date.parse(events.at(-1)?.at ?? '')
  if (why === undefined || silent < 5_000 || state.status === 'ended' || (await app.claims.isClaimed(id))) return
  await goOn(id)
  left[why] = (left[why] ?? 0) + 1
}

async function judged(
  { app, fabric }: Team,
  machines: readonly Machine[],
  { deaths, frozen, names, taken }: Crew,
  asked: ReadonlyMap<string, Asked>,
) {
  const records = new Map<string, readonly JournalEvent[]>()
  for (const id of asked.keys()) records.set(id, await again(() => app.store.read(id)))
  await app.store.verifyChain()
  const rows = await again(async () => (await app.shared?.workers.list()) ?? [])
  const { switches, writes } = await fabric.truth()
  return judge({
    asked,
    records,
    left: machines.flatMap((machine) => machine.left),
    writes: sentBy(machines, writes),
    switches,
    deaths,
    frozen,
    declared: declaredOf(rows, names),
    taken,
    longest: LONGEST,
    undriven: { longest: LONGEST, failure: FAILURE },
  })
}

/** A server that is away for a moment is asked again. */
async function again<T>(work: () => Promise<T>) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (tries === 60) throw error
      await pause(500)
    }
  }
}

/** A percentile of some numbers. */
export function percentile(numbers: readonly number[], share: number) {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** A storm in lines: what happened, how long nobody drove, and what is wrong. */
export function stormLines(end: StormEnd) {
  const {
    outcomes,
    reasons,
    faults,
    takeovers,
    failovers,
    left,
    ends,
    requests,
    gaps,
    undriven,
    seconds,
    watchers,
    wrong,
    unmet,
  } = end
  const [middle, last] = [percentile(failovers, 0.5), percentile(failovers, 0.99)]
  const [inAll, atATime] = [undriven.map((one) => one.inAll), undriven.map((one) => one.longest)]
  return [
    `${seconds.toFixed(0)} s: ${JSON.stringify(outcomes)}, ${takeovers} takeovers, to a person ${JSON.stringify(left)}`,
    `faults ${JSON.stringify(faults)}; workers ended ${JSON.stringify(ends)}`,
    ...Object.entries(reasons).map(([why, count]) => `${count} did not end well: ${why}`),
    `judged ${requests.left} requests that left and ${requests.seen} that switches have seen`,
    `nobody drove: p50 ${middle} ms, p99 ${last} ms of ${failovers.length}; nobody did anything for ${Math.max(0, ...gaps)} ms at most`,
    `in all, nobody drove an execution: p50 ${percentile(inAll, 0.5)} ms, p99 ${percentile(inAll, 0.99)} ms, ${Math.max(0, ...inAll)} ms at most; ${Math.max(0, ...atATime)} ms at a time`,
    `${watchers.many} watched, and were told ${JSON.stringify(watchers.codes)}`,
    ...wrong.map((line) => `WRONG: ${line}`),
    ...unmet.map((name) => `UNMET: ${name}`),
  ]
}

/** How a command ended that watched an execution, once nothing more was to be seen. */
interface Watched {
  readonly execution: string
  readonly code: number
  readonly out: string
  readonly err: string
}

/** What came of all who watched. */
export interface WatchersEnd {
  /** How often each exit code was met, that of an execution that waits for somebody as well. */
  readonly codes: Readonly<Record<number, number>>
  readonly wrong: readonly string[]
}

/** It waits for somebody: whoever watches begins anew. */
const WAITS = 12
/** The store was away for too long: it says so, and how to go on. */
const NO_LONGER = 13
/** The store is away when the command begins, which has watched nothing yet. */
const NOT_BEGUN = /cannot be reached|is starting|shut(ting)? down|recovery/

/** People at terminals, each of whom watches one execution with the built command until it ends. */
export class Watchers {
  readonly #team: Pick<Team, 'eosflow'>
  readonly #watching: Promise<Watched>[] = []
  readonly #codes: Record<number, number> = {}

  constructor(team: Pick<Team, 'eosflow'>) {
    this.#team = team
  }

  /** How many watch, or have watched. */
  get many(): number {
    return this.#watching.length
  }

  watch(execution: string): void {
    this.#watching.push(this.#watch(execution))
  }

  async #watch(execution: string): Promise<Watched> {
    for (;;) {
      const { code, out, err } = await this.#team.eosflow(`watch ${execution}`)
      this.#codes[code] = (this.#codes[code] ?? 0) + 1
      const goesOn = code === WAITS || (code === NO_LONGER && saysHow(execution, err))
      const isBefore = code === 1 && out === '' && NOT_BEGUN.test(err)
      if (!(goesOn || isBefore)) return { execution, code, out, err }
      await pause(1_000)
    }
  }

  /** Waits for all of them, and judges what each of them was told last by what is on record. */
  async end(records: (execution: string) => Promise<readonly JournalEvent[]>): Promise<WatchersEnd> {
    const wrong: string[] = []
    for (const { execution, code, out, err } of await Promise.all(this.#watching)) {
      const ended = (await records(execution)).findLast((event) => event.type === 'ExecutionEnded')
      const expected = ended?.type === 'ExecutionEnded' ? codesOf(ended) : []
      if (!expected.includes(code))
        wrong.push(
          `who watched ${execution} was told ${code}, and not ${expected.join(' or ')}: ${(out + err).slice(-300)}`,
        )
    }
    return { codes: this.#codes, wrong }
  }
}

const saysHow = (execution: string, err: string) =>
  err.includes(`no longer watching; ${execution} goes on\nNext: eosflow watch ${execution}\n`)

/** What an end is told as. The error that has put a change back is not on its last record: of a refusal every code but those of other ends is true. */
function codesOf({ outcome }: JournalEvent & { readonly type: 'ExecutionEnded' }) {
  return outcome === 'refused' ? [1, 4, 5, 9, 10] : [exitCodeOfOutcome(outcome, undefined)]
}
