import { EosflowError } from '../../../model/error.ts'
import type { ProjectStore } from '../../../project/app/store/project-store.ts'
import { refusalOf } from '../request/readable.ts'

/** Does something about an execution that has no newer record than the one that whoever asks has seen (RFC 9110, section 13.1.1). That is asked before the work, and once more by the store in the moment of the write: `work` binds it to `newest`. */
export async function whileUnchanged<T>(
  app: ProjectStore,
  execution: string,
  newest: number | undefined,
  work: () => Promise<T>,
): Promise<T> {
  await requireUnchanged(app, execution, newest)
  try {
    return await work()
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'busy') await requireUnchanged(app, execution, newest)
    throw error
  }
}

async function requireUnchanged(app: ProjectStore, execution: string, newest: number | undefined) {
  if (newest === undefined) return
  const found = await app.store.resolveExecution(execution)
  if (found.found !== 'one') return
  const last = (await app.store.read(found.id)).at(-1)
  if (last?.seq === newest) return
  throw refusalOf('changed-meanwhile', `${found.id} has newer records than the one that was seen`, 'Look at it again.')
}
