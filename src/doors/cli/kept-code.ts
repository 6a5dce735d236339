import { arch, versions } from 'node:process'
import { userCache } from '../../project/system/machine/user-cache.ts'

export type CodeUse = 'program' | 'quick' | 'ask' | 'look'

export interface KeptCode {
  readonly code?: Buffer
  keep(code: Buffer): void
}

// So many releases, and versions of Node, are kept for each use.
const KEPT = 4

/** The code of a package's program in the user's cache: a package is installed for any Node, and code is of one. V8 runs it in place of the text. */
export function keptCode(text: string, use: CodeUse): KeptCode | undefined {
  const digest = /^\(function \([^)]*\) \{\/\*([0-9a-f]{32})\*\//.exec(text.slice(0, 200))?.[1]
  const cache = userCache()
  if (digest === undefined || cache === undefined) return undefined
  const name = `${use}-${versions.v8}-${arch}-${digest}.code`
  const keep = (code: Buffer) => cache.write(name, code, KEPT)
  const code = cache.read(name)
  return code === undefined ? { keep } : { code, keep }
}
