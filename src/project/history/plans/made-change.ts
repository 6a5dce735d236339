import { changedSwitches } from '../../../change/engine/outcome.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { keptExecutions } from '../executions/kept-executions.ts'
import { rollbackLinks } from './rollback-links.ts'

/** Undefined where no execution has made it, or where the change was taken back since. Throws `store`. */
export async function madeBy(
  app: Pick<ProjectStore, 'store' | 'clock' | 'notes'>,
  digest: string,
): Promise<string | undefined> {
  const ended = (await app.store.planRuns(digest)).filter(({ ended: end }) => end !== undefined && !end.isRefused)
  for (const { execution } of ended.toReversed()) {
    const { view } = await keptExecutions(app.store).of(execution)
    const state = view.execution
    if (changedSwitches(state).length === 0) continue
    const links = await rollbackLinks(app, state)
    const isBack = links?.by.some(({ standing, rolledBackBy }) => standing !== 'open' && rolledBackBy === undefined)
    return isBack === true ? undefined : execution
  }
  return undefined
}
