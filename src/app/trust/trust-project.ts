import { realpathSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { problemOf } from '../../model/problem.ts'
import type { Host } from '../host.ts'
import { InputError } from '../input-error.ts'
import { trustFolder } from './trusted-folders.ts'

/** What became of a folder in this user's list. */
export interface TrustResult {
  readonly dir: string
  readonly isTrusted: boolean
  readonly hasChanged: boolean
}

/** Trusts a folder for this user, or ends that. Throws InputError for what is no folder, and `not-authorised` where the list cannot be written. */
export function trustProject({ cwd, env }: Pick<Host, 'cwd' | 'env'>, typed: string, isTrusted: boolean): TrustResult {
  const dir = realOf(resolve(cwd, typed), typed)
  return { dir, isTrusted, hasChanged: trustFolder(dir, env, isTrusted) }
}

function realOf(path: string, typed: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return realpathSync(path)
  throw new InputError([
    problemOf(typed, 'no-such-folder', 'there is no such folder', 'Name the folder with eosflow.yaml.'),
  ])
}
