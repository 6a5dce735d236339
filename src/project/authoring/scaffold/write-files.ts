import { lstatSync, realpathSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf } from '../../../model/error.ts'
import { problemOf } from '../../../model/problem.ts'
import { IGNORED } from '../../../report/new-project/settings.ts'
import type { ProjectFiles } from '../../../report/new-project/text.ts'
import { isWithin } from '../../system/machine/foreign-path.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import { InputError } from '../../system/process/input-error.ts'

/** One that is there already is never touched. Throws InputError if a link leads out of the folder; then nothing is written. */
export async function writeFiles(dir: string, files: ReadonlyMap<string, string | Uint8Array>): Promise<ProjectFiles> {
  const created: string[] = []
  const kept: string[] = []
  requireInside(dir, [...files.keys()])
  for (const [path, content] of files) {
    const target = join(dir, path)
    await mkdir(dirname(target), { recursive: true })
    const isNew = await writeNew(target, content)
    ;(isNew ? created : kept).push(path)
  }
  const ignored = kept.includes('.gitignore') ? readRegularText(join(dir, '.gitignore')) : IGNORED
  return { created, kept, unignored: notIn(ignored) }
}

/** Throws InputError for each folder on the way to files, by their paths from `dir`, that is a link out of `dir` or to nothing. */
export function requireInside(dir: string, paths: readonly string[]): void {
  const root = realOf(dir)
  if (root === undefined) return
  const outside = paths.flatMap((path) =>
    foldersOf(path)
      .filter((folder) => leadsOut(root, folder))
      .slice(0, 1),
  )
  if (outside.length > 0) throw new InputError([...new Set(outside)].map(isOutside))
}

function foldersOf(path: string) {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}

function leadsOut(root: string, folder: string) {
  const full = join(root, folder)
  if (lstatSync(full, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return false
  const real = realOf(full)
  return real === undefined || !isWithin(root, real)
}

function realOf(path: string) {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

function isOutside(folder: string) {
  const message = 'it is a link that leads out of the project, and nothing is written there'
  return problemOf(folder, 'not-writable', message, 'Make it a folder of the project, or a link to one.')
}

function notIn(ignored: string) {
  const bare = (line: string) => line.trim().replace(/^(?:\*\*)?\/|\/$/g, '')
  const there = new Set(ignored.split('\n').map(bare))
  return IGNORED.trim()
    .split('\n')
    .filter((line) => !there.has(bare(line)))
}

async function writeNew(path: string, content: string | Uint8Array) {
  try {
    await writeFile(path, content, { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}
