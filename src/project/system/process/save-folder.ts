import { lstatSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { EosflowError } from '../../../model/error.ts'
import type { Host } from './host.ts'
import { saveLate } from './save-text.ts'

/** Saves texts below a folder, by their paths in it, behind work that cannot be taken back: as {@link saveLate} saves one. Throws `store`. */
export function saveFolder(host: Host, folder: string, files: Readonly<Record<string, string>>, hint: string): void {
  for (const [path, content] of Object.entries(files)) {
    makeFolder(host.cwd, folder, dirname(path), hint)
    saveLate(host, join(folder, path), content, hint)
  }
}

/** `mode`: of those that are made. */
export function makeFolder(cwd: string, folder: string, path: string, hint: string, mode?: number): void {
  const root = resolve(cwd, folder)
  try {
    mkdirSync(root, { recursive: true })
    let at = root
    for (const part of path.split(sep)) {
      at = join(at, part)
      if (lstatSync(at, { throwIfNoEntry: false }) === undefined) mkdirSync(at, mode)
      else if (at !== root && !lstatSync(at).isDirectory()) throw new Error('ENOTDIR')
    }
  } catch (cause) {
    throw new EosflowError('store', `${join(folder, path)}: a folder cannot be made there, or it is a link`, {
      hint,
      cause,
    })
  }
}
