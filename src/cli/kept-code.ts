import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { arch, env, getuid, versions } from 'node:process'

/** What a process runs of the program: the command line, or the few commands that are asked for again and again. */
export type CodeUse = 'program' | 'quick'

/** What V8 has made of a text, as far as it is kept, and how it is kept. */
export interface KeptCode {
  readonly code?: Buffer
  keep(code: Buffer): void
}

/**
 * The code of a package's program in the user's folder for what can be made again: `$XDG_CACHE_HOME/eosflow`, or `~/.cache/eosflow`. A package is
 * installed for any Node, and code is of one. V8 runs it in place of the text, so it is taken only from a folder and a file that nobody
 * else may write. Undefined where the text names no digest, or this user has no such folder.
 */
export function keptCode(text: string, use: CodeUse): KeptCode | undefined {
  const digest = /^\(function \([^)]*\) \{\/\*([0-9a-f]{32})\*\//.exec(text.slice(0, 200))?.[1]
  const cache = env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  if (digest === undefined || !cache.startsWith('/')) return undefined
  const dir = join(cache, 'eosflow')
  const file = join(dir, `${use}-${versions.v8}-${arch}-${digest}.code`)
  const keep = (code: Buffer): void => {
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 })
      if (!isOurs(dir)) return
      const written = `${file}.${process.pid}`
      writeFileSync(written, code, { mode: 0o600, flag: 'wx' })
      renameSync(written, file)
      forgetOthers(dir, use, file)
    } catch {
      // Without it a command starts as it did this time.
    }
  }
  const code = isOurs(dir) && isOurs(file) ? readIfThere(file) : undefined
  return code === undefined ? { keep } : { code, keep }
}

/** So many releases, and versions of Node, are kept for each use. */
const KEPT = 4

function forgetOthers(dir: string, use: CodeUse, newest: string): void {
  const others = readdirSync(dir)
    .filter((name) => name.startsWith(`${use}-`))
    .map((name) => join(dir, name))
    .filter((path) => path !== newest)
  const byAge = others.toSorted((a, b) => lstatSync(b).mtimeMs - lstatSync(a).mtimeMs)
  for (const path of byAge.slice(KEPT - 1)) rmSync(path, { force: true })
}

/** Whether a folder or a file belongs to this user, and nobody else may write to it. */
function isOurs(path: string): boolean {
  try {
    const found = lstatSync(path)
    return !found.isSymbolicLink() && found.uid === getuid?.() && (found.mode & 0o022) === 0
  } catch {
    return false
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}
