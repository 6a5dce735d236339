import { readState } from '../../../change/engine/fold.ts'
import { waitsForApproval } from '../../../change/engine/outcome.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Store } from '../../../change/record/store/store.ts'
import type { Project } from '../../files/project.ts'
import { activationOf, type Cause, type Dispatcher } from './port/activation.ts'
import { siteOf } from './site-of.ts'

export type DispatchedExecution = Pick<ExecutionState, 'id' | 'targets' | 'sites'>

export interface WorkerDispatch {
  /** What is not carried is found by the workers a minute later, so nothing is thrown. */
  post(execution: DispatchedExecution, cause: Cause): Promise<void>
}

const AGAIN: ReadonlySet<Cause['why']> = new Set(['owner-died', 'left'])

/**
 * Hands executions to a dispatcher; `failed` hears of what it did not take. What is posted because nobody drives it is not posted where such a word
 * waits for a worker already.
 */
export function dispatchTo(
  dispatcher: Pick<Dispatcher, 'post' | 'waits'>,
  project: Pick<Project, 'inventory'>,
  failed: (execution: string, error: unknown) => void,
): WorkerDispatch {
  return {
    post: async (execution, cause) => {
      try {
        const site = siteOf(project, execution)
        if (AGAIN.has(cause.why) && (await dispatcher.waits(execution.id, site))) return
        await dispatcher.post(activationOf(execution.id, site, cause))
      } catch (error) {
        failed(execution.id, error)
      }
    },
  }
}

// So many open executions are read at once: what is asked about them is asked together.
const AT_ONCE = 50

interface Recorded {
  readonly dispatch?: WorkerDispatch
  readonly store: Store
}

export async function wake({ dispatch, store }: Recorded, id: string, record: number): Promise<void> {
  if (dispatch === undefined) return
  await dispatch.post(await readState(store, id), { why: 'woken', wake: record })
}

/** `wake`: the number of the newest decision about it. */
export async function wakeApproved({ dispatch, store }: Recorded, plan: string, wake: number): Promise<void> {
  if (dispatch === undefined) return
  const open = await store.openExecutions()
  for (let from = 0; from < open.length; from += AT_ONCE) {
    const some = open.slice(from, from + AT_ONCE)
    for (const state of await Promise.all(some.map(({ id }) => readState(store, id))))
      if (waitsForApproval(state) && state.plan?.digest === plan) await dispatch.post(state, { why: 'woken', wake })
  }
}
