import type { Caller } from '../../../project/identity/caller-of.ts'
import { visibleLine } from '../../../report/text/visible.ts'

export function tellNote({ tell }: Pick<Caller, 'tell'>, note: string | undefined): void {
  if (note !== undefined) tell(`! ${visibleLine(note)}\n`)
}

/** What an approved plan still needs, a line each, as `stillMissing` gives it. */
export function notEnough(missing: readonly string[]): string {
  return missing.map((line) => `Not enough yet, others must approve it too: ${line}\n`).join('')
}
