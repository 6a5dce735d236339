import type { PostgresAddress } from '../../../change/record/postgres/server-config.ts'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Project } from '../../files/project.ts'
import type { Activation, Dispatcher, Drive, WorkerQueue } from './port/activation.ts'

// So many ids are known again: a second delivery does no harm, and a server runs for months.
const REMEMBERED = 10_000

interface Posted {
  readonly activation: Activation
  readonly at: number
}

interface Taker {
  readonly sites: Map<string, number>
  readonly drive: Drive
  readonly running: Map<Posted, Promise<void>>
  isOpen: boolean
}

/** The dispatcher of one process: what is posted is driven here, or by nobody once the process ends. */
export function localDispatcher(clock: Pick<Clock, 'monotonic'>): Dispatcher {
  const known = new Set<string>()
  const takers = new Set<Taker>()
  let waiting: Posted[] = []

  const take = () => {
    for (const posted of [...waiting]) {
      const { site } = posted.activation
      const taker = [...takers].find((one) => one.isOpen && runningOf(one, site) < (one.sites.get(site) ?? 0))
      if (taker === undefined) continue
      waiting = waiting.filter((one) => one !== posted)
      const done = Promise.resolve()
        .then(() => taker.drive(posted.activation))
        .catch(() => undefined)
        .then(() => {
          taker.running.delete(posted)
          take()
        })
      taker.running.set(posted, done)
    }
  }
  const runningOf = ({ running }: Taker, site: string) =>
    [...running.keys()].filter(({ activation }) => activation.site === site).length

  return {
    post: async (activation) => {
      if (known.has(activation.id)) return
      known.add(activation.id)
      for (const id of known) {
        if (known.size <= REMEMBERED) break
        known.delete(id)
      }
      waiting.push({ activation, at: clock.monotonic() })
      take()
    },
    waits: async (execution, site) =>
      waiting.some(({ activation }) => activation.execution === execution && activation.site === site),
    work: async (sites, limit, drive, unlimited = []): Promise<WorkerQueue> => {
      const limits = [
        ...sites.map((site) => [site, limit] as const),
        ...unlimited.map((site) => [site, Number.POSITIVE_INFINITY] as const),
      ]
      const taker: Taker = { sites: new Map(limits), drive, running: new Map(), isOpen: true }
      takers.add(taker)
      take()
      return {
        get driven() {
          return [...taker.running.keys()].map(({ activation }) => activation.execution)
        },
        add: (more) => {
          for (const site of more) taker.sites.set(site, limit)
          take()
        },
        // What is posted here is taken at once.
        look: () => undefined,
        drain: async () => {
          taker.isOpen = false
          takers.delete(taker)
          await Promise.all(taker.running.values())
        },
      }
    },
    posted: async (seconds) => {
      const oldest = clock.monotonic() - seconds * 1000
      const all = [...waiting, ...[...takers].flatMap(({ running }) => [...running.keys()])]
      return new Set(all.filter(({ at }) => at >= oldest).map(({ activation }) => activation.execution))
    },
    // What is taken is handed over in the same process: nothing is lost.
    forgetLost: async () => undefined,
    // Its only worker is this process.
    forget: async () => new Set(),
    // What is done is kept nowhere but in the ids that are remembered.
    forgetDone: async () => 0,
    close: async () => {
      for (const taker of takers) taker.isOpen = false
      takers.clear()
      waiting = []
    },
  }
}

const VERSION = 'i2'

export interface DispatchPlace {
  readonly clock: Clock
  /** What several machines write to; absent for a store of one machine. */
  readonly shared?: { readonly address: PostgresAddress }
}

/** `name` is this process', and no other one ever had it. Throws `refused` where the package that it needs is not installed, and `store` where there is no database for it. */
export async function openDispatcher(
  { settings }: Pick<Project, 'settings'>,
  { clock, shared }: DispatchPlace,
  name: string,
  tell: (text: string) => void,
): Promise<Dispatcher> {
  if (settings.workers.dispatch === 'in-process') return localDispatcher(clock)
  if (shared === undefined) {
    throw new EosflowError('store', 'workers need a store on PostgreSQL', {
      hint: 'Set `store: postgres://…`, or leave `workers: dispatch:` away.',
    })
  }
  const { openDbosDispatcher } = await import('./dbos/dbos-dispatcher.ts').catch((cause: unknown) => {
    throw new EosflowError('refused', '`workers: dispatch: dbos` needs the packages @dbos-inc/dbos-sdk and pg', {
      hint: 'npm install @dbos-inc/dbos-sdk@5.3.0 pg',
      cause,
    })
  })
  return openDbosDispatcher({ address: shared.address, executor: name, version: VERSION, clock, tell })
}

export interface OpenDispatcher extends Pick<Dispatcher, 'post' | 'waits'> {
  close(): Promise<void>
}

export function whenPosted(open: () => Promise<Dispatcher>): OpenDispatcher {
  let opened: Promise<Dispatcher> | undefined
  const dispatcher = () => {
    opened ??= open()
    // One that could not be opened is tried anew with the next.
    return opened.catch((error: unknown) => {
      opened = undefined
      throw error
    })
  }
  return {
    post: async (activation) => (await dispatcher()).post(activation),
    waits: async (execution, site) => (await dispatcher()).waits(execution, site),
    close: async () => (await opened?.catch(() => undefined))?.close(),
  }
}
