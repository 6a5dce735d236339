import { setMaxListeners } from 'node:events'
import { foldAll } from '../../change/engine/fold.ts'
import type { Workers } from '../../change/record/store/workers.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError, messageOf } from '../../model/error.ts'
import type { App } from '../app/app.ts'
import type { Activation } from '../app/dispatch/port/activation.ts'
import type { Dispatcher } from '../app/dispatch/port/dispatcher.ts'
import { ALL_SITES } from '../app/dispatch/site-of.ts'
import { dispatchTo } from '../app/dispatch/worker-dispatch.ts'
import { recordDeaths } from '../app/store/worker-deaths.ts'
import { drive, sendFor, undriven } from '../execution/resume/drive.ts'
import type { Caller } from '../identity/caller.ts'
import { SERVER_KEY_LOOK, unknownServerKey } from '../identity/signers/common-server-key.ts'
import { OwnExecutions } from './own-executions.ts'
import { Reaper } from './reaper.ts'
import { LOOK, SWEEP, Sweeper } from './sweeper.ts'

/** How often it is looked for what is done, in milliseconds. */
export const FORGET = 60_000

/** Whose queues they are, and how long what is done stays in them. */
export interface ForgetOptions {
  readonly workers: Pick<Workers, 'own' | 'list'>
  readonly dispatcher: Pick<Dispatcher, 'forgetDone'>
  /** In seconds. */
  readonly keep: number
  /** This worker ends: what is left is another one's. */
  readonly over: AbortSignal
}

/** Does something once a term for each execution, and again in the next term: whoever has got it in this one may be dead by then. */
export class OnceATerm {
  readonly #clock: Pick<Clock, 'now'>
  readonly #term: number
  /** What was done in the present term: of those before nothing is kept. */
  #done: { readonly term: number; readonly executions: Set<string> } = { term: 0, executions: new Set() }

  /** `term`: how long it lasts, in milliseconds. */
  constructor(clock: Pick<Clock, 'now'>, term: number) {
    this.#clock = clock
    this.#term = term
  }

  /** How many executions it remembers. */
  get size(): number {
    return this.#done.executions.size
  }

  /** Calls `work` with the number of the term, unless that was done in it. What it throws is not done. */
  async during(execution: string, work: (term: number) => Promise<void>): Promise<void> {
    const term = Math.floor(this.#clock.now() / this.#term)
    if (this.#done.term !== term) this.#done = { term, executions: new Set() }
    const { executions } = this.#done
    if (executions.has(execution)) return
    await work(term)
    executions.add(execution)
  }
}

/** How often others are looked at within the time of silence that is death. */
const LOOKS = 8
/** How often the clock of this machine is compared with that of the store, in milliseconds. */
const COMPARE_CLOCKS = 60_000
/** How often it is looked for sites that were published since, in milliseconds. */
const NEW_SITES = 5_000
/** A clock that is wrong by more than this, in milliseconds, judges windows and approvals wrongly. */
const WRONG_BY = 2000

/** What a worker works with. */
export interface WorkerOptions {
  readonly app: App
  readonly workers: Workers
  readonly dispatcher: Dispatcher
  /** Who the worker is, and its log; its interrupt drains it. */
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
  /** It takes work. */
  readonly ready: () => void
}

/** How a worker ended: it has drained; or it was declared dead, and must end at once. */
export type WorkerEnd = 'drained' | 'dead'

/**
 * Drives the executions of some sites until it is to drain: then it takes nothing more, and what it drives ends or comes to rest within its own
 * timers. Besides, it declares silent processes dead and posts what nobody drives, as every other worker does.
 */
export async function work(options: WorkerOptions): Promise<WorkerEnd> {
  const { workers, dispatcher, caller, sites, newSites, limit, ttl, keepActivations: keep, ready } = options
  const { clock } = options.app
  const rest = new AbortController()
  const over = new AbortController()
  // Every execution listens for them.
  setMaxListeners(0, rest.signal, over.signal)
  const failed = (what: string, error: unknown): void => caller.tell(`! ${what}: ${wordsOf(error)}\n`)
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
  const driveOne = async ({ execution }: Activation): Promise<void> => {
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
  const handOn = async (execution: string): Promise<void> => {
    try {
      const state = foldAll(execution, await app.store.read(execution))
      if (state.status !== 'ended') await dispatch.post(state, { why: 'handed-on', record: state.seq })
    } catch (error) {
      failed(execution, error)
      sweeper.again(execution)
    }
  }

  const orphans = new OnceATerm(clock, ttl)
  let isSaying = false
  let toldOfDeaths: string | undefined
  const sayDeaths = async (): Promise<void> => {
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
  const passOn = async (worker: string): Promise<void> => {
    const taken = await dispatcher.forget(worker)
    if (taken.size > 0) await sweeper.passOn(taken)
  }
  const sweeper = new Sweeper({
    workers,
    dispatcher,
    clock,
    undriven: (unread, among) => {
      const notRead = (execution: string, error: unknown): void => {
        failed(execution, error)
        unread(execution)
      }
      return undriven(app, notRead, among)
    },
    post: dispatch.post,
  })
  const unlisten = workers.listen('words', (execution) => sweeper.hear(execution))
  const drain = (why: string): void => {
    if (rest.signal.aborted) return
    caller.tell(`draining: ${why}\n`)
    rest.abort()
  }
  const compare = async (): Promise<void> => {
    const offset = await workers.offset()
    if (Math.abs(offset) > WRONG_BY) drain(`this machine's clock is ${Math.round(offset)} ms off that of the store`)
  }
  let toldOfKey: string | undefined
  const lookAtServerKey = async (): Promise<void> => {
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
  const often = async (every: number, what: string, look: () => Promise<void>): Promise<void> => {
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
  const serveNew = async (): Promise<void> => {
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

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve())
  })
}

function wordsOf(error: unknown): string {
  if (error instanceof EosflowError && error.hint !== undefined) return `${error.message} (${error.hint})`
  return messageOf(error)
}

/**
 * Forgets what was done long ago: the queues would grow with each activation. The oldest living worker does it for all of them. Two that take each
 * other for dead do it both, which does no harm. Throws as the store and the dispatcher do.
 */
export async function forgetDone({ workers, dispatcher, keep, over }: ForgetOptions): Promise<void> {
  const oldest = (await workers.list()).find(({ kind, dead }) => kind === 'worker' && dead === undefined)
  if (oldest?.id !== workers.own) return
  while (!over.aborted && (await dispatcher.forgetDone(keep)) > 0);
}
