import { definedMembers } from '../../model/defined-members.ts'
import { errorRecord } from '../../model/error.ts'
import type { AbortedSession, SwitchLeftovers } from './switch-leftovers.ts'
import { foundText } from './text.ts'

export const foundAs = { text: foundText, json: foundJson } as const

function foundJson(
  found: readonly SwitchLeftovers[],
  aborted: readonly AbortedSession[],
  exitCode: number,
  lost?: { readonly code: string; readonly through: number },
) {
  const devices = found.map((one) => ('failure' in one ? { device: one.device, error: errorRecord(one.failure) } : one))
  return JSON.stringify({
    version: 1,
    kind: 'recover',
    devices,
    aborted,
    ...definedMembers({ lost }),
    exitCode,
  })
}
