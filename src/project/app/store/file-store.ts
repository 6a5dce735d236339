import { EosflowError } from '../../../model/error.ts'
import type { Project } from '../../files/project.ts'

/** Throws `refused` for a project whose store is in a database, which is backed up and restored with what PostgreSQL has for that. */
export function requireFileStore({ database }: Pick<Project, 'database'>): void {
  if (database === undefined) return
  throw new EosflowError('refused', 'the store of this project is in a database, and this is for stores in a file', {
    hint: 'Use the base backups of PostgreSQL: docs/operation.md#backup.',
  })
}
