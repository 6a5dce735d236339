import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../project/project.ts'

/** Where a project keeps its workflow tests: beside the workflows or in a folder of their own. */
const FOLDERS = ['tests', 'workflows/tests'] as const

/** Every `*.test.yaml` of a project, by its path from the root, in order. */
export function testFilesOf({ dir }: Pick<Project, 'dir'>): readonly string[] {
  return FOLDERS.flatMap((folder) => filesBelow(dir, folder).filter(isTestFile))
}

/** All that is in a folder of a project and below it, by their paths from the root, in order; nothing where it is not there. */
export function filesBelow(dir: string, folder: string): readonly string[] {
  const around = join(dir, folder)
  if (!existsSync(around)) return []
  return readdirSync(around, { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .sort()
}

/** Whether a file is a workflow test, by its name. */
export function isTestFile(path: string): boolean {
  return /\.test\.ya?ml$/.test(path)
}
