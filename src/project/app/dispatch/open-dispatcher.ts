import type { PostgresAddress } from '../../../change/record/postgres/address.ts'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Project } from '../../files/project.ts'
import { localDispatcher } from './local-dispatcher.ts'
import type { Dispatcher } from './port/dispatcher.ts'

/** What only workers of one kind can drive: the activations of another interpreter wait for its workers. */
const VERSION = 'i2'

/** Where the dispatcher of a project has its queues. */
export interface DispatchPlace {
  readonly clock: Clock
  /** What several machines write to; absent for a store of one machine. */
  readonly shared?: { readonly address: PostgresAddress }
}

/**
 * Opens the dispatcher that the settings of a project name. `name` is this process', and no other one ever had it. Throws `refused` where the
 * package that it needs is not installed, and `store` where there is no database for it.
 */
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

/** A dispatcher that is opened with the first activation that is posted: most commands post none. */
export interface OpenDispatcher extends Pick<Dispatcher, 'post' | 'waits'> {
  close(): Promise<void>
}

/** Opens a dispatcher when it is needed. */
export function whenPosted(open: () => Promise<Dispatcher>): OpenDispatcher {
  let opened: Promise<Dispatcher> | undefined
  const dispatcher = (): Promise<Dispatcher> => {
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
