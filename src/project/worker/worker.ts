import { setMaxListeners } from 'node:events'
import { readState } from '../../change/engine/fold.ts'
import type { OwnedExecution, WorkerRecord, Workers } from '../../change/record/store/workers.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import { aborted } from '../../model/linked-abort.ts'
import type { App } from '../app/app.ts'
import type { Activation, Dispatcher } from '../app/dispatch/port/activation.ts'
import { ALL_SITES } from '../app/dispatch/site-of.ts'
import { dispatchTo } from '../app/dispatch/worker-dispatch.ts'
import { isUnrecorded, recordDeaths } from '../app/store/worker-deaths.ts'
import { drive, sendFor, undriven } from '../execution/resume/drive.ts'
import type { Caller } from '../identity/caller-of.ts'
import { SERVER_KEY_LOOK, unknownServerKey } from '../identity/signers/common-server-key.ts'
import { LOOK, SWEEP, Sweeper } from './sweeper.ts'

interface ReaperOptions {
  readonly workers: Pick<Workers, 'own' | 'list' | 'reap'>
  readonly clock: Pick<Clock, 'monotonic'>
  // It may come more than once.
  readonly orphaned: (owned: OwnedExecution) => Promise<void>
  readonly reaped: (worker: WorkerRecord) => void
  readonly unrecorded: () => void
  readonly failed: (execution: string, error: unknown) => void
}

// A sign of life, and since when it is the newest by this process' own looks.
interface Seen {
  readonly beat: string
  readonly since: number
}

/** It counts by its own monotonic clock and by its own looks: where it could not look for a while, because it was frozen or the store was away, everybody has a fresh term. */
export class Reaper {
  readonly #options: ReaperOptions
  readonly #seen = new Map<string, Seen>()
  readonly #sending = new Set<string>()
  #looked = Number.NEGATIVE_INFINITY

  constructor(options: ReaperOptions) {
    this.#options = options
  }

  /** Throws as the store does; the next look gives everybody a fresh term then. */
  async look(): Promise<void> {
    const { workers, clock } = this.#options
    const before = this.#looked
    this.#looked = Number.NEGATIVE_INFINITY
    const rows = await workers.list()
    const now = clock.monotonic()
    let isUnsaid = rows.some(isUnrecorded)
    for (const worker of rows) {
      if (now - before > worker.ttl / 2) this.#seen.delete(worker.id)
      const isReaped = worker.dead === undefined && (await this.#isReaped(worker, now))
      isUnsaid ||= isReaped
      const isDead = worker.dead !== undefined || isReaped
      if (isDead) for (const owned of worker.driven) this.#send(owned)
    }
    if (isUnsaid) this.#options.unrecorded()
    this.#looked = now
  }

  #send(owned: OwnedExecution) {
    const { orphaned, failed } = this.#options
    const { execution } = owned
    if (this.#sending.has(execution)) return
    this.#sending.add(execution)
    orphaned(owned)
      .catch((error: unknown) => failed(execution, error))
      .finally(() => this.#sending.delete(execution))
  }

  async #isReaped(worker: WorkerRecord, now: number) {
    const { workers, reaped } = this.#options
    const { id, beat, ttl } = worker
    const seen = this.#seen.get(id)
    if (seen?.beat !== beat) this.#seen.set(id, { beat, since: now })
    if (id === workers.own || seen?.beat !== beat || now - seen.since < ttl) return false
    this.#seen.delete(id)
    if (!(await workers.reap(id, beat))) return false
    reaped(worker)
    return true
  }
}

// How long it is waited before an execution is given up once more that could not be, in milliseconds.
const AGAIN = 1_000

interface OwnExecutionsOptions {
  readonly workers: Pick<Workers, 'leave'>
  readonly clock: Pick<Clock, 'sleep'>
  readonly over: AbortSignal
  readonly failed: (execution: string, error: unknown) => void
}

/** Each is given up behind the last of those that drive it here: one that was brought here twice is still driven when the second one finds that. */
export class OwnExecutions {
  readonly #options: OwnExecutionsOptions
  readonly #driving = new Map<string, number>()
  readonly #leaving = new Map<string, Promise<void>>()

  constructor(options: OwnExecutionsOptions) {
    this.#options = options
  }

  async during(execution: string, drive: () => Promise<void>): Promise<void> {
    // What was to be given up must not be what is taken up now.
    await this.#leaving.get(execution)
    this.#driving.set(execution, (this.#driving.get(execution) ?? 0) + 1)
    await drive()
    const others = (this.#driving.get(execution) ?? 1) - 1
    if (others > 0) {
      this.#driving.set(execution, others)
      return
    }
    this.#driving.delete(execution)
    const left = this.#leave(execution).finally(() => this.#leaving.delete(execution))
    this.#leaving.set(execution, left)
    await left
  }

  async #leave(execution: string) {
    const { workers, clock, over, failed } = this.#options
    for (let tries = 0; ; tries++) {
      try {
        return await workers.leave(execution)
      } catch (error) {
        if (tries === 0) failed(execution, error)
        if (over.aborted) return
        await clock.sleep(AGAIN, over).catch(() => undefined)
      }
    }
  }
}

/** How often it is looked for what is done, in milliseconds. */
export const FORGET = 60_000

export interface ForgetOptions {
  readonly workers: Pick<Workers, 'own' | 'list'>
  readonly dispatcher: Pick<Dispatcher, 'forgetDone'>
  /** In seconds. */
  readonly keep: number
  readonly over: AbortSignal
}

/** Does something once a term for each execution, and again in the next term: whoever has got it in this one may be dead by then. */
export class OnceATerm {
  readonly #clock: Pick<Clock, 'now'>
  readonly #term: number
  // What was done in the present term: of those before nothing is kept.
  #done: { readonly term: number; readonly executions: Set<string> } = { term: 0, executions: new Set() }

  /** `term`: how long it lasts, in milliseconds. */
  constructor(clock: Pick<Clock, 'now'>, term: number) {
    this.#clock = clock
    this.#term = term
  }

  get size(): number {
    return this.#done.executions.size
  }

  /** Calls `work` with the number of the term, unless that was done in it. */
  async during(execution: string, work: (term: number) => Promise<void>): Promise<void> {
    const term = Math.floor(this.#clock.now() / this.#term)
    if (this.#done.term !== term) this.#done = { term, executions: new Set() }
    const { executions } = this.#done
    if (executions.has(execution)) return
    await work(term)
    executions.add(execution)
  }
}

const LOOKS = 8
// How often the clock of this machine is compared with that of the store, in milliseconds.
const COMPARE_CLOCKS = 60_000
// How often it is looked for sites that were published since, in milliseconds.
const NEW_SITES = 5_000
// A clock that is wrong by more than this, in milliseconds, judges windows and approvals wrongly.
const WRONG_BY = 2000

export interface WorkerOptions {
  readonly app: App
  readonly workers: Workers
  readonly dispatcher: Dispatcher
  readonly caller: Caller
  readonly sites: readonly string[]
  /** Looks which sites there are beside; absent: it drives for those of `sites` alone. */
  readonly newSites?: () => Promise<readonly string[]>
  /** So many executions at once for each site; what several sites change together does no work, and has no limit. */
  readonly limit: number
  /** So long without a sign of life is death, in milliseconds. */
  readonly ttl: number
  /** So long the queues keep what is done, in seconds. */
  readonly keepActivations: number
  readonly ready: () => void
}

export type WorkerEnd = 'drained' | 'dead'

export async function work(options: WorkerOptions): Promise<WorkerEnd> {
  const { workers, dispatcher, caller, sites, newSites, limit, ttl, keepActivations: keep, ready } = options
  const { clock } = options.app
  const rest = new AbortController()
  const over = new AbortController()
  // Every execution listens for them.
  setMaxListeners(0, rest.signal, over.signal)
  const failed = (what: string, error: unknown) => caller.tell(`! ${what}: ${wordsOf(error)}\n`)
  const dispatch = dispatchTo(dispatcher, options.app.project, (execution, error) => {
    failed(execution, error)
    sweeper.again(execution)
  })
  const app: App = { ...options.app, dispatch }

  // Nobody's interrupt puts anything back here: a stop is asked for on record.
  const driver: Caller = {
    ...caller,
    interactive: false,
    ask: async () => undefined,
    stop: over.signal,
    suspend: rest.signal,
  }
  const own = new OwnExecutions({ workers, clock, over: rest.signal, failed })
  const driveOne = async ({ execution }: Activation) => {
    if (rest.signal.aborted) return handOn(execution)
    caller.tell(`${execution}: driven\n`)
    let isLeft = false
    await own.during(execution, async () => {
      try {
        const driven = await drive(app, driver, execution)
        caller.tell(`${execution}: ${driven}\n`)
      } catch (error) {
        failed(execution, error)
        isLeft = error instanceof EosflowError && error.kind === 'store'
      }
    })
    // Nobody owns it now, and what brought it here is done.
    if (isLeft) sweeper.again(execution)
    if (rest.signal.aborted) await handOn(execution)
  }
  // What this worker leaves in the middle, because it drains, another one goes on with.
  const handOn = async (execution: string) => {
    try {
      const state = await readState(app.store, execution)
      if (state.status !== 'ended') await dispatch.post(state, { why: 'handed-on', record: state.seq })
    } catch (error) {
      failed(execution, error)
      sweeper.again(execution)
    }
  }

  const orphans = new OnceATerm(clock, ttl)
  let isSaying = false
  let toldOfDeaths: string | undefined
  const sayDeaths = async () => {
    if (isSaying) return
    isSaying = true
    try {
      await recordDeaths(workers, app.journalAs(caller.principal))
      toldOfDeaths = undefined
    } catch (error) {
      // Each look tries it again.
      if (toldOfDeaths !== wordsOf(error)) failed('what has died is not on record yet', error)
      toldOfDeaths = wordsOf(error)
    } finally {
      isSaying = false
    }
  }
  const reaper = new Reaper({
    workers,
    clock,
    failed,
    unrecorded: () => void sayDeaths(),
    orphaned: (owned) => orphans.during(owned.execution, (again) => sendFor(app, owned, again)),
    reaped: ({ id, driven }) => {
      caller.tell(`${id}: dead; it drove ${driven.length}\n`)
      passOn(id).catch((error: unknown) => {
        failed('dispatch', error)
        sweeper.hear(undefined)
      })
    },
  })
  // What a dead worker had taken and not begun has no owner, so nobody is sent for it as for what it drove.
  const passOn = async (worker: string) => {
    const taken = await dispatcher.forget(worker)
    if (taken.size > 0) await sweeper.passOn(taken)
  }
  const sweeper = new Sweeper({
    workers,
    dispatcher,
    clock,
    undriven: (unread, among) => {
      const notRead = (execution: string, error: unknown) => {
        failed(execution, error)
        unread(execution)
      }
      return undriven(app, notRead, among)
    },
    post: dispatch.post,
  })
  const unlisten = workers.listen('words', (execution) => sweeper.hear(execution))
  const drain = (why: string) => {
    if (rest.signal.aborted) return
    caller.tell(`draining: ${why}\n`)
    rest.abort()
  }
  const compare = async () => {
    const offset = await workers.offset()
    if (Math.abs(offset) > WRONG_BY) drain(`this machine's clock is ${Math.round(offset)} ms off that of the store`)
  }
  let toldOfKey: string | undefined
  const lookAtServerKey = async () => {
    const fault = await unknownServerKey(app)
    if (fault !== undefined && fault !== toldOfKey) caller.tell(`! ${fault}. Give this machine theirs.\n`)
    toldOfKey = fault
  }

  if (caller.stop.aborted) drain('asked by a signal')
  caller.stop.addEventListener('abort', () => drain('asked by a signal'))
  workers.draining.addEventListener('abort', () => drain('asked for'))
  if (workers.draining.aborted) drain('asked for')
  // From here on the others see it, also before it has driven anything.
  const claim = await app.claims.claim(`worker ${workers.own}`)
  await compare()
  const often = async (every: number, what: string, look: () => Promise<void>) => {
    while (!over.signal.aborted) {
      await look().catch((error: unknown) => failed(what, error))
      await clock.sleep(every, over.signal).catch(() => undefined)
    }
  }
  // A change over several sites waits for them for most of its time, and keeps none of the others from the worker.
  const working = await dispatcher.work(sites, limit, driveOne, [ALL_SITES])
  const deafen = workers.listen('posts', (site) => working.look(site))
  const served = new Set(sites)
  const wanted = new Set(sites)
  const serveNew = async () => {
    for (const site of (await newSites?.()) ?? []) wanted.add(site)
    const missing = [...wanted].filter((site) => !served.has(site))
    if (missing.length === 0 || rest.signal.aborted) return
    // The record of this worker says it first: whoever waits sees that somebody takes it.
    await workers.serve([...wanted].toSorted())
    working.add(missing)
    for (const site of missing) served.add(site)
    caller.tell(`drives ${missing.join(', ')} too\n`)
  }
  ready()
  const loops = [
    often(ttl / LOOKS, 'reaper', () => reaper.look()),
    often(LOOK, 'sweeper', () => sweeper.look()),
    // What was taken a moment ago is on its way here: its looks are far apart.
    often(SWEEP, 'sweeper', () => dispatcher.forgetLost()),
    often(FORGET, 'dispatch', () => forgetDone({ workers, dispatcher, keep, over: rest.signal })),
    ...(newSites === undefined ? [] : [often(NEW_SITES, 'sites', serveNew)]),
    often(COMPARE_CLOCKS, 'clock', compare),
    often(SERVER_KEY_LOOK, 'server key', lookAtServerKey),
  ]
  const isDead = aborted(workers.lost)
  if ((await Promise.race([aborted(rest.signal).then(() => 'drain'), isDead.then(() => 'dead')])) === 'dead')
    return 'dead'
  const end = await Promise.race([working.drain().then(() => 'drained' as const), isDead.then(() => 'dead' as const)])
  if (end === 'dead') return end
  over.abort()
  unlisten()
  deafen()
  await Promise.all(loops)
  await claim.release()
  return end
}

function wordsOf(error: unknown) {
  if (error instanceof EosflowError && error.hint !== undefined) return `${error.message} (${error.hint})`
  return messageOf(error)
}

/** Throws as the store and the dispatcher do. */
export async function forgetDone({ workers, dispatcher, keep, over }: ForgetOptions): Promise<void> {
  const oldest = (await workers.list()).find(({ kind, dead }) => kind === 'worker' && dead === undefined)
  if (oldest?.id !== workers.own) return
  while (!over.aborted && (await dispatcher.forgetDone(keep)) > 0);
}
