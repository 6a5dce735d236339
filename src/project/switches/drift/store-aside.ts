import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Project } from '../../files/project.ts'

/**
 * Does something with the store of a project; where there is none, with one in a folder of its own that is gone behind it, so that none is made. `work` is given the
 * place of that, and undefined where the project has a store.
 */
export async function withStoreAside<T>(
  project: Pick<Project, 'database' | 'store'>,
  work: (store: string | undefined) => Promise<T>,
): Promise<T> {
  if (project.database !== undefined || existsSync(project.store)) return work(undefined)
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-aside-'))
  try {
    return await work(join(folder, 'store.sqlite'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
