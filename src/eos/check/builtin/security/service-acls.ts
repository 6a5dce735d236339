import { z } from 'zod'
import type { Command } from '../../../../model/command.ts'
import { once } from '../../../../model/once.ts'
import { passUnless, type Verdict } from '../../../../model/verdict.ts'
import type { ipv4AccessLists } from '../../answer/show-access-list-summary.ts'
import { count } from '../../input/numbers.ts'
import { vrf } from '../../input/words.ts'

type AccessLists = z.output<ReturnType<typeof ipv4AccessLists>>

/** How many access lists a service must have, and in which VRF. */
export const serviceAclsInput = once(() =>
  z.strictObject({
    number: count().describe('How many access lists are expected.'),
    vrf: vrf().describe('The VRF that the service listens in.'),
  }),
)

/** What people ask about the access lists of a service: `number: 3`, `vrf: default`. */
export const SERVICE_ACLS_EXAMPLE = { number: 3, vrf: 'default' } as const

/** `show … access-list summary` of a service, revision 1. */
export function showAccessLists(service: string): Command {
  return { cmd: `show ${service} access-list summary`, revision: 1 }
}

/**
 * The service has as many access lists as expected, each configured and active in the VRF. `what` names them (`SSH IPv4
 * ACL(s)`), `miscounted` is what a wrong number is called.
 */
export function judgeServiceAcls(
  what: string,
  miscounted: string,
  expected: z.output<ReturnType<typeof serviceAclsInput>>,
  lists: AccessLists,
): Verdict {
  const inVrf = `VRF: ${expected.vrf}`
  if (lists.length !== expected.number) {
    return passUnless([`${inVrf} - ${miscounted} - Expected: ${expected.number} Actual: ${lists.length}`])
  }
  const idle = lists.filter(
    (list) => !(list.configuredVrfs.includes(expected.vrf) && list.activeVrfs.includes(expected.vrf)),
  )
  if (idle.length === 0) return passUnless([])
  return passUnless([
    `${inVrf} - Following ${what} not configured or active: ${idle.map(({ name }) => name).join(', ')}`,
  ])
}
