import { once } from '../../../model/once.ts'
import type { RecordApp } from '../../app/app.ts'

/** An application that is asked a thousand times for one answer: the files of its policy and of its inventory are read once for all of it. */
export function underOnePolicy<A extends RecordApp>(app: A): A {
  const { project } = app
  const { inForce } = project
  const own = { ...project, ...readOnce(project) }
  return { ...app, project: inForce === undefined ? own : { ...own, inForce: { ...inForce, ...readOnce(inForce) } } }
}

function readOnce(
  project: Pick<RecordApp['project'], 'policy' | 'inventory'>,
): Pick<RecordApp['project'], 'policy' | 'inventory'> {
  return { policy: once(() => project.policy()), inventory: once(() => project.inventory()) }
}
