import { realpathSync, statSync } from 'node:fs'
import { join, parse, resolve } from 'node:path'
import { visibleLine } from '../../report/text/visible.ts'
import type { Host } from '../system/process/host.ts'
import { inputError } from '../system/process/input-error.ts'
import { trustFolder } from './trusted-folders.ts'

export interface TrustResult {
  readonly dir: string
  readonly isTrusted: boolean
  readonly hasChanged: boolean
}

/** Throws InputError for what is none, and `not-authorised` where the list cannot be written. */
export function trustProject({ cwd, env }: Pick<Host, 'cwd' | 'env'>, typed: string, isTrusted: boolean): TrustResult {
  const dir = realOf(resolve(cwd, typed), typed)
  if (isTrusted) requireProject(dir, typed)
  return { dir, isTrusted, hasChanged: trustFolder(dir, env, isTrusted) }
}

function requireProject(dir: string, typed: string) {
  const isProject = statSync(join(dir, 'eosflow.yaml'), { throwIfNoEntry: false })?.isFile() === true
  if (typed.trim() !== '' && dir !== parse(dir).root && isProject) return
  const message =
    typed.trim() === '' ? 'no folder is named' : `${visibleLine(dir)} is no folder of a project: it has no eosflow.yaml`
  throw inputError('folder', 'no-project', message, 'Name the folder with eosflow.yaml.')
}

function realOf(path: string, typed: string) {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return realpathSync(path)
  throw inputError(typed, 'no-such-folder', 'there is no such folder', 'Name the folder with eosflow.yaml.')
}
