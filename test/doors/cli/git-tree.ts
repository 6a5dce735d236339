import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../../lab/lab.ts'

/** What git prints in a folder, as a user that needs no settings of the machine. */
export function gitIn(dir: string, ...args: readonly string[]) {
  return execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], {
    cwd: dir,
    encoding: 'utf8',
  })
}

/** A Git work tree in the project of a lab, with a first commit: its folder. */
export function withTree(lab: Lab) {
  const dir = join(lab.dir, 'tree')
  mkdirSync(dir)
  gitIn(dir, 'init', '--quiet', '--initial-branch=main')
  gitIn(dir, 'commit', '--quiet', '--allow-empty', '-m', 'begin')
  return dir
}
