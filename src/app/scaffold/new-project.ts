import { problemOf } from '../../model/problem.ts'
import { FIXED_PORTS } from '../../report/new-project/inventory.ts'
import type { Written } from '../../report/new-project/text.ts'
import { InputError } from '../input-error.ts'
import { projectFiles } from './project-files.ts'
import { writeFiles } from './write-files.ts'

/** Writes a project that runs as it is into a folder. What is there already stays. `typed` is its name in what is said. Throws InputError. */
export async function newProject(dir: string, typed: string): Promise<Written> {
  try {
    return await writeFiles(dir, projectFiles(FIXED_PORTS))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
    if (code === undefined) throw error
    throw new InputError([
      problemOf(
        typed,
        'no-such-folder',
        `a project cannot be written here (${code})`,
        'Name a folder that is yours to write, or one that is not there yet.',
      ),
    ])
  }
}
