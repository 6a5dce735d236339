import type { SessionTable } from '../device/session-table.ts'
import { EosflowError } from '../model/error.ts'

/** Throws `busy` while a commit timer runs on a switch that is about to be changed, whoever started it. */
export function requireNoTimer(name: string, { armed }: SessionTable): void {
  if (armed === undefined) return
  throw new EosflowError(
    'busy',
    `${name}: session ${armed.session} is under a commit timer, ${armed.secondsLeft} s left`,
    { device: name, hint: `${ownerOf(armed.session)}Wait until it is confirmed or has run out, then start again.` },
  )
}

/** Whose session it is, where the name tells: CloudVision's begin with `CVP-` or `cvp-` (docs/eos.md 2.6). */
function ownerOf(session: string): string {
  return /^cvp-/i.test(session) ? 'The name is one of CloudVision, which carries out a change there. ' : ''
}
