import { onTestFinished } from 'vitest'
import type { ListenTopic, WorkerRecord, Workers } from '../../../src/change/record/store/workers.ts'
import type { Activation, Dispatcher, Drive } from '../../../src/project/app/dispatch/port/activation.ts'
import { begin } from '../../../src/project/execution/journal/begin.ts'
import type { Caller } from '../../../src/project/identity/caller-of.ts'
import { type WorkerEnd, type WorkerOptions, work } from '../../../src/project/worker/worker.ts'
import { type App, appOf, type Lab, openLab, personNamed, preparedIn, whileTimePasses } from '../../lab/lab.ts'

/** The processes of a store as one of them, `w1`, sees them. The test writes the rows, and says what this process is asked to do. */
export class Processes implements Workers {
  readonly own = 'w1'
  readonly drains = new AbortController()
  readonly dies = new AbortController()
  readonly rows: WorkerRecord[] = []
  readonly left: string[] = []
  readonly reaped: string[] = []
  readonly served: (readonly string[])[] = []
  readonly heard = new Map<ListenTopic, (what: string | undefined) => void>()
  /** How often the clocks were compared, and by how much they differ. */
  compared = 0
  ahead = 0
  /** What the next lists throw. */
  fault: unknown

  get lost(): AbortSignal {
    return this.dies.signal
  }

  get draining(): AbortSignal {
    return this.drains.signal
  }

  async list(): Promise<readonly WorkerRecord[]> {
    if (this.fault !== undefined) throw this.fault
    return this.rows
  }

  async reap(id: string): Promise<boolean> {
    this.reaped.push(id)
    const at = this.rows.findIndex((row) => row.id === id)
    const row = this.rows[at]
    if (row !== undefined) this.rows[at] = { ...row, dead: '2026-01-05T08:00:30.000Z', isOnRecord: false }
    return true
  }

  async leave(execution: string): Promise<void> {
    this.left.push(execution)
  }

  async serve(sites: readonly string[]): Promise<void> {
    this.served.push(sites)
  }

  async offset(): Promise<number> {
    this.compared += 1
    return this.ahead
  }

  listen(of: ListenTopic, hear: (what: string | undefined) => void): () => void {
    this.heard.set(of, hear)
    return () => void this.heard.delete(of)
  }

  askToDrain = async (): Promise<boolean> => false
  hasDied = async (): Promise<boolean> => false
  onlyWatch = async (): Promise<void> => undefined
}

/** A row of a worker that drives executions. */
export const rowOf = (id: string, driven: WorkerRecord['driven'], more: Partial<WorkerRecord> = {}): WorkerRecord => ({
  id,
  kind: 'worker',
  sites: ['default'],
  version: '0',
  since: '2026-01-05T08:00:00.000Z',
  beat: '1',
  ttl: 10_000,
  age: 0,
  lastSign: '2026-01-05T08:00:00.000Z',
  driven,
  ...more,
})

/** A queue that carries nothing by itself: the test hands the worker what it is to drive. */
export class Queue implements Dispatcher {
  drive: Drive | undefined
  readonly posts: string[] = []
  readonly added: (readonly string[])[] = []
  readonly looked: (string | undefined)[] = []
  readonly forgotten: string[] = []
  /** What a dead worker had taken. */
  taken: ReadonlySet<string> = new Set()
  asked:
    | { readonly sites: readonly string[]; readonly limit: number; readonly unlimited?: readonly string[] }
    | undefined
  /** How often it was asked to forget what was lost on the way, and what is done. */
  lost = 0
  readonly done: number[] = []
  /** What the next posts throw. */
  fault: unknown
  /** Whether it takes nothing more; what it has taken is done when the test says so. */
  isDraining = false
  settle = (): void => undefined

  async post({ id, site }: Activation): Promise<void> {
    if (this.fault !== undefined) throw this.fault
    this.posts.push(`${id} for ${site}`)
  }

  async work(sites: readonly string[], limit: number, drive: Drive, unlimited?: readonly string[]) {
    this.drive = drive
    this.asked = { sites, limit, ...(unlimited === undefined ? {} : { unlimited }) }
    return {
      driven: [],
      add: (more: readonly string[]) => void this.added.push(more),
      look: (site?: string) => void this.looked.push(site),
      drain: () => {
        this.isDraining = true
        return new Promise<void>((resolve) => {
          this.settle = resolve
        })
      },
    }
  }

  async forget(worker: string): Promise<ReadonlySet<string>> {
    this.forgotten.push(worker)
    return this.taken
  }

  async forgetLost(): Promise<void> {
    this.lost += 1
  }

  async forgetDone(seconds: number): Promise<number> {
    this.done.push(seconds)
    return 0
  }

  waits = async (): Promise<boolean> => false
  posted = async (): Promise<ReadonlySet<string>> => new Set()
  close = async (): Promise<void> => undefined
}

/** A worker in the process of the test, over the switches and the clock of a lab. */
export interface OneWorker {
  readonly lab: Lab
  readonly app: App
  readonly processes: Processes
  readonly queue: Queue
  /** The signal that has it drain. */
  readonly signal: AbortController
  /** What its log says. */
  readonly log: string[]
  /** How it has ended; undefined while it works. */
  readonly end: WorkerEnd | undefined
  isReady: boolean
  /** Begins an execution, which nobody drives yet. */
  begin(): Promise<string>
  /** Has it drive one, and waits until it does so no more. */
  deliver(execution: string): Promise<void>
  /** Lets so many milliseconds go by. */
  pass(milliseconds: number): Promise<void>
  /** Lets what was taken be done, and waits until it has ended. */
  ended(): Promise<WorkerEnd>
}

/** How a worker is started; default: for the site `default`, two executions at once, ten seconds of silence are death. */
export interface HowWorking extends Partial<Pick<WorkerOptions, 'newSites' | 'sites'>> {
  readonly processes?: Processes
  /** The signal has come before it begins. */
  readonly isStopped?: boolean
  /** What else there is about the application. */
  readonly within?: (app: App) => App
}

/** Starts a worker. It ends with the test. */
export async function startWorker({
  processes = new Processes(),
  isStopped = false,
  within = (app) => app,
  ...more
}: HowWorking = {}) {
  const lab = openLab()
  const app = within(await appOf(lab))
  const [queue, signal, log] = [new Queue(), new AbortController(), [] as string[]]
  if (isStopped) signal.abort()
  const caller: Caller = { ...personNamed('w1'), stop: signal.signal, tell: (text) => void log.push(text) }
  const found: { end?: WorkerEnd } = {}
  const one: OneWorker = {
    lab,
    app,
    processes,
    queue,
    signal,
    log,
    isReady: false,
    get end() {
      return found.end
    },
    begin: async () =>
      (await begin(app, personNamed('alice'), { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app) })).id,
    deliver: async (execution) => {
      const activation = { id: `${execution}@0`, execution, site: 'default' }
      await whileTimePasses(lab.clock, queue.drive?.(activation) ?? Promise.reject(new Error('it takes nothing')))
    },
    pass: async (milliseconds) => {
      for (let left = milliseconds; left > 0; left -= 250) {
        await lab.clock.advance(Math.min(250, left))
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    ended: () => {
      queue.settle()
      return whileTimePasses(lab.clock, working)
    },
  }
  const working = work({
    app,
    workers: processes,
    dispatcher: queue,
    caller,
    sites: ['default'],
    limit: 2,
    ttl: 10_000,
    keepActivations: 3600,
    ready: () => {
      one.isReady = true
    },
    ...more,
  })
  void working.then((end) => {
    found.end = end
  })
  onTestFinished(async () => {
    if (found.end !== undefined) return
    signal.abort()
    await new Promise((resolve) => setImmediate(resolve))
    await one.ended()
  })
  await one.pass(250)
  return one
}
