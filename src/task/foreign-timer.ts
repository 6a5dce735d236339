import type { SessionTable } from '../device/session-table.ts'
import { EosflowError } from '../model/error.ts'

/** Throws `busy` while a commit timer runs on a switch that is about to be changed, whoever started it. */
export function requireNoTimer(name: string, { armed }: SessionTable): void {
  if (armed === undefined) return
  throw new EosflowError(
    'busy',
    `${name}: session ${armed.session} is under a commit timer, ${armed.secondsLeft} s left`,
    { device: name, hint: 'Wait until it is confirmed or has run out, then start again.' },
  )
}
