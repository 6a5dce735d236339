import { homedir } from 'node:os'
import { isAbsolute, posix, resolve } from 'node:path'
import { readRegularText } from '../system/machine/regular-file.ts'
import type { Project } from './project.ts'

export function fileOf({ dir }: Pick<Project, 'dir'>, file: string): string {
  return resolve(dir, file.replace(/^~(?=\/)/, homedir()))
}

export function isInProject(file: string): boolean {
  return !isAbsolute(file) && !file.startsWith('~/') && !posix.normalize(file).startsWith('..')
}

export type TextPlace = Pick<Project, 'dir' | 'published' | 'guard'>

/** Throws what the file system says, `ENOENT` for one that the bundle has not, and InputError for one that somebody else may change. */
export async function projectText(project: TextPlace, file: string): Promise<string> {
  const { published } = project
  if (published === undefined || !isInProject(file)) {
    const path = fileOf(project, file)
    const text = readRegularText(path)
    project.guard(path)
    return text
  }
  const content = published.files(posix.normalize(file))
  if (content !== undefined) return Buffer.from(content).toString('utf8')
  throw Object.assign(new Error(`${file} is not in the published bundle`), { code: 'ENOENT' })
}
