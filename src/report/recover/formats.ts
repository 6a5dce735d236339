import { errorRecord } from '../../model/error.ts'
import type { AbortedSession, SwitchLeftovers } from './switch-leftovers.ts'
import { foundText } from './text.ts'

/** What eosflow has left on switches, by format. */
export const foundAs = { text: foundText, json: foundJson } as const

/** What was found, what was aborted and what the store lacks as one document, version 1. */
function foundJson(
  found: readonly SwitchLeftovers[],
  aborted: readonly AbortedSession[],
  exitCode: number,
  lost?: { readonly code: string; readonly through: number },
): string {
  const devices = found.map((one) => ('failure' in one ? { device: one.device, error: errorRecord(one.failure) } : one))
  return JSON.stringify({
    version: 1,
    kind: 'recover',
    devices,
    aborted,
    ...(lost === undefined ? {} : { lost }),
    exitCode,
  })
}
