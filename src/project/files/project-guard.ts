import { lstatSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { problemOf } from '../../model/problem.ts'
import type { Files } from '../../text/source/files.ts'
import { type ForeignPath, foreignPath, isWithin } from '../system/machine/foreign-path.ts'
import { type ForeignWriter, readerOf } from '../system/machine/foreign-writer.ts'
import type { WatchedTree } from '../system/machine/watched-tree.ts'
import type { Host } from '../system/process/host.ts'
import { InputError } from '../system/process/input-error.ts'
import type { Settings } from './settings/settings.ts'
import { isTrusted } from './trusted-folders.ts'

/** Throws InputError. */
export type ProjectGuard = (path: string) => void

/** The guard of a folder: what is read there says which programs run and what is sent to switches, so it is taken from its reader and from root alone, as `safe.directory` of git(1) has it (docs/security.md#whose-files). */
export function projectGuard(
  dir: string,
  { env = {}, words }: Pick<Host, 'words'> & Partial<Pick<Host, 'env'>>,
): ProjectGuard {
  const reader = readerOf(env)
  if (reader === undefined) return () => undefined
  return (path) => {
    const root = realpathSync.native(dir)
    // What lies in a trusted folder may be a link to what does not.
    const found = foreignPath(root, path, reader, (at) => isTrusted(placeOf(at), env))
    if (found === undefined) return
    const folder = isWithin(root, found.path) ? root : folderOf(found.path)
    const hint = words({ code: 'trust-folder', folder, path: found.path, by: found.by.kind })
    throw new InputError([notTaken(found, folder, hint)])
  }
}

/** Files that a guard has looked at: after they were read, so that none is put there between both. */
export function guardedFiles(files: Files, guard: ProjectGuard): Files {
  const read = (path: string) => {
    const content = files(path)
    if (content !== undefined) guard(path)
    return content
  }
  return Object.assign(read, files)
}

export function guardedTree(tree: WatchedTree, guard: ProjectGuard): WatchedTree {
  const looked = <T>(read: (path: string) => T | undefined) => {
    return (path: string) => {
      const content = read(path)
      if (content !== undefined) guard(path)
      return content
    }
  }
  const watch = (path: string) => {
    guard(path)
    tree.watch(path)
  }
  return { ...tree, file: looked(tree.file), folder: looked(tree.folder), watch }
}

/**
 * Guards the files among the words of each command that settings name: a program, or a script that it is given, also as `--option=FILE`.
 * `folders`: where it may be run.
 */
export function guardPrograms(
  guard: ProjectGuard,
  { inventoryPrograms, secrets, notify }: Pick<Settings, 'inventoryPrograms' | 'secrets' | 'notify'>,
  folders: readonly string[],
): void {
  const programs = [...Object.values(inventoryPrograms), ...Object.values(secrets.exec)].map(({ command }) => command)
  const told = notify.targets.flatMap((target) => ('exec' in target ? [target.exec] : []))
  guardCommands(guard, [...programs, ...told], folders)
}

export function guardCommands(
  guard: ProjectGuard,
  commands: readonly (readonly string[])[],
  folders: readonly string[],
): void {
  const words = commands.flat()
  for (const word of [...words, ...words.map((one) => one.slice(one.indexOf('=') + 1))]) {
    for (const folder of folders) {
      const path = resolve(folder, word)
      if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) guard(path)
    }
  }
}

function folderOf(path: string) {
  return lstatSync(path).isDirectory() ? path : dirname(path)
}

function placeOf(path: string) {
  return join(realpathSync(dirname(path)), path.slice(dirname(path).length))
}

function notTaken({ path, by }: ForeignPath, folder: string, hint: string) {
  const what = `${writes(by)}. Nothing in ${folder} is used: what is there says which programs run, and what is sent`
  return problemOf(path, 'foreign-files', what, hint)
}

function writes(by: ForeignWriter) {
  if (by.kind === 'everybody') return 'can be changed by every user of this machine'
  const name = by.name === undefined ? '' : `${by.name}, `
  return by.kind === 'owner'
    ? `belongs to another user (${name}uid ${by.uid})`
    : `can be changed by a group that is not yours alone (${name}gid ${by.gid})`
}
