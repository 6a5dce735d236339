import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Io } from './io.ts'

/** Only its owner reads what eosflow writes, unless whoever writes it says otherwise. */
const PRIVATE = 0o600

/**
 * Writes a text that people or programs read later: a plan, a report, a recording, an export. No secret that the process
 * knows is in it, as in nothing else that leaves through `io`. `path` is taken from the working folder.
 */
export function saveText(io: Io, path: string, text: string, mode = PRIVATE): void {
  writeFileSync(resolve(io.cwd, path), io.scrubber.scrub(text), { mode })
}
