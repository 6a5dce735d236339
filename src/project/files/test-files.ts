import { lstatSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { problemOf } from '../../model/problem.ts'
import { InputError } from '../system/process/input-error.ts'
import type { Project } from './project.ts'

/** Where a project keeps its workflow tests: beside the workflows or in a folder of their own. */
const FOLDERS = ['tests', 'workflows/tests'] as const

/** Every `*.test.yaml` of a project, by its path from the root, in order. */
export function testFilesOf({ dir }: Pick<Project, 'dir'>): readonly string[] {
  return FOLDERS.flatMap((folder) => filesBelow(dir, folder).filter(isTestFile))
}

/** The workflow tests that are meant by a path from a project's root: the file, or all below a folder. Throws InputError where there is none. */
export function testFilesMeant({ dir }: Pick<Project, 'dir'>, path: string): readonly string[] {
  return isFolder(join(dir, path)) ? filesIn(dir, path, isTestFile, 'there is no `*.test.yaml` below it') : [path]
}

/** The files below a folder of a project that are meant. Throws InputError with what is said where there is none. */
export function filesIn(
  dir: string,
  folder: string,
  isMeant: (path: string) => boolean,
  says: string,
): readonly string[] {
  const found = filesBelow(dir, folder === '' ? '.' : folder)
    .map((path) => path.replace(/^\.\//, ''))
    .filter((path) => isMeant(path) && !isFolder(join(dir, path)) && !/(?:^|\/)(?:\.|node_modules\/)/.test(path))
  if (found.length > 0) return found
  throw new InputError([problemOf(folder, 'empty-folder', says, 'Name a file, or another folder.')])
}

/** All that is in a folder of a project and below it, by their paths from the root, in order; nothing where it is not there. Throws InputError where it is no folder. */
export function filesBelow(dir: string, folder: string): readonly string[] {
  const around = join(dir, folder)
  if (!isFolder(around)) {
    if (lstatSync(around, { throwIfNoEntry: false }) === undefined) return []
    const hint = 'Put a folder there, or nothing.'
    throw new InputError([
      problemOf(folder, 'no-folder', 'this is no folder, and files of the project lie in it', hint),
    ])
  }
  return readdirSync(around, { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .sort()
}

/** Whether there is a folder, or a link to one. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** Whether a file is a workflow test, by its name. */
export function isTestFile(path: string): boolean {
  return /\.test\.ya?ml$/.test(path)
}
