import { homedir } from 'node:os'
import { isAbsolute, posix, resolve } from 'node:path'
import { readRegularText } from '../system/machine/regular-file.ts'
import type { Project } from './project.ts'

/** A file that the settings or the inventory name: relative to the project, or to the home of the user. */
export function fileOf({ dir }: Pick<Project, 'dir'>, file: string): string {
  return resolve(dir, file.replace(/^~(?=\/)/, homedir()))
}

/** Whether a file that the settings or the inventory name lies in the project: then it is published with it. */
export function isInProject(file: string): boolean {
  return !isAbsolute(file) && !file.startsWith('~/') && !posix.normalize(file).startsWith('..')
}

/** Where a file is read that the settings or the inventory name. */
export type TextPlace = Pick<Project, 'dir' | 'published' | 'guard'>

/**
 * The text of a file that the settings or the inventory name. Where the project was published, one that lies in it is that of the newest bundle;
 * any other is on this machine. Throws what the file system says, `ENOENT` for one that the bundle has not, and
 * InputError for one that somebody else may change.
 */
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
