import type { ForeignAppend } from '../../journal/sqlite/open-store.ts'
import type { Host } from '../host.ts'
import type { Project } from '../project/project.ts'
import {
  openProjectFile,
  openProjectStore,
  openProjectStoreToRead,
  type ProjectStore,
} from '../project/project-store.ts'

/**
 * Opens the store of a project to ask it who may verify it. Nothing is signed and nothing goes on record: what is written over the traces of
 * somebody is never found. Whoever is denied goes on record as everywhere: a file is opened for that alone. Throws `store`.
 */
export function openToVerify(project: Project, host: Host): Promise<ProjectStore> {
  if (project.database !== undefined) return openProjectStore(project, host, { verifies: true })
  const denied: ForeignAppend = (actor) => async (execution, events) => {
    const { store } = await openProjectFile(project, host)
    try {
      return await store.as(actor).append(execution, events)
    } finally {
      await store.close()
    }
  }
  return openProjectStoreToRead(project, host, denied)
}
