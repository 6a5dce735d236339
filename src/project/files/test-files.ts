import { lstatSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { inputError } from '../system/process/input-error.ts'
import type { Project } from './project.ts'

const FOLDERS = ['tests', 'workflows/tests'] as const

/** Every `*.test.yaml` of a project, by its path from the root, in order. */
export function testFilesOf({ dir }: Pick<Project, 'dir'>): readonly string[] {
  return FOLDERS.flatMap((folder) => filesBelow(dir, folder).filter(isTestFile))
}

/** Throws InputError where there is none. */
export function testFilesMeant({ dir }: Pick<Project, 'dir'>, path: string): readonly string[] {
  return isFolder(join(dir, path)) ? filesIn(dir, path, isTestFile, 'there is no `*.test.yaml` below it') : [path]
}

/** Throws InputError with what is said where there is none. */
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
  throw inputError(folder, 'empty-folder', says, 'Name a file, or another folder.')
}

/** Throws InputError where it is no folder. */
export function filesBelow(dir: string, folder: string): readonly string[] {
  const around = join(dir, folder)
  if (!isFolder(around)) {
    if (lstatSync(around, { throwIfNoEntry: false }) === undefined) return []
    const hint = 'Put a folder there, or nothing.'
    throw inputError(folder, 'no-folder', 'this is no folder, and files of the project lie in it', hint)
  }
  return readdirSync(around, { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .sort()
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

export function isTestFile(path: string): boolean {
  return /\.test\.ya?ml$/.test(path)
}
