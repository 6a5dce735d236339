import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { problemOf } from '../../../model/problem.ts'
import type { ProjectFiles } from '../../../report/new-project/text.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import { InputError } from '../../system/process/input-error.ts'
import { ownPorts } from './own-ports.ts'
import { projectFiles } from './project-files.ts'
import { writeFiles } from './write-files.ts'

/** What says which switches a project has. */
const NAMING = ['eosflow.yaml', 'inventory.yaml']

/** Throws InputError where files would be added to a project of somebody's own: its switches are not those of the fabric, and it would be valid no more. */
function refuseOwnProject(dir: string, files: ReturnType<typeof projectFiles>): void {
  if ([...files.keys()].every((path) => existsSync(join(dir, path)))) return
  const own = NAMING.find((path) => existsSync(join(dir, path)) && readRegularText(join(dir, path)) !== files.get(path))
  if (own === undefined) return
  throw new InputError([
    problemOf(
      own,
      'project-present',
      'there is a project already, and init adds its simulated switches to none',
      'Check what is there: eosflow validate. A new project beside it: eosflow init my-network',
    ),
  ])
}

/** Writes a project that runs as it is into a folder. What is there already stays, and nothing is added to a project of somebody's own. `typed` is its name in what is said. Throws InputError. */
export async function newProject(dir: string, typed: string): Promise<ProjectFiles> {
  const files = projectFiles(await ownPorts(dir))
  refuseOwnProject(dir, files)
  try {
    return await writeFiles(dir, files)
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
