import { noClaims } from '../../src/change/record/store/claims.ts'
import { OutageError } from '../../src/change/record/store/journal.ts'
import type { Workers } from '../../src/change/record/store/workers.ts'
import type { Life } from '../../src/lab/trial/trial-app.ts'
import type { App } from '../../src/project/app/app.ts'
import type { WorkerDispatch } from '../../src/project/app/dispatch/worker-dispatch.ts'
import type { SharedStore } from '../../src/project/app/store/project-store.ts'
import type { FleetOfWorkers } from './fleet-of-workers.ts'

/** What a worker has beside its store where a change is over several sites. */
export type SitePorts = Pick<App, 'dispatch' | 'claims' | 'shared'>

/** Sends workers to executions. */
export function siteDispatch({ activations }: Pick<FleetOfWorkers, 'activations'>): WorkerDispatch {
  return { post: async ({ id }, { why }) => activations.postTo(id, why) }
}

/** What one worker has. Whether others drive what it asks about, it asks the store. */
export function sitePorts(fleet: FleetOfWorkers, life: Life): SitePorts {
  const { cluster } = fleet
  const asked = <T>(answer: () => T): Promise<T> =>
    life.reach(async () => {
      await cluster.travel()
      if (!cluster.isAway(life)) return answer()
      await cluster.silence()
      throw new OutageError('the store cannot be reached')
    })
  const workers: Pick<Workers, 'hasDied' | 'leave' | 'listen'> = {
    hasDied: async () => false,
    leave: (execution) => asked(() => cluster.leave(execution, life)),
    listen: () => () => undefined,
  }
  return {
    dispatch: siteDispatch(fleet),
    claims: {
      ...noClaims,
      // Who takes it over learns from its append whether another one has it.
      isClaimed: async (execution) => execution !== life.execution && asked(() => cluster.isDriven(execution)),
    },
    shared: { workers } as SharedStore,
  }
}
