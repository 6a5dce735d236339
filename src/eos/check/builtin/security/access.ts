import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { ipv4AccessLists, ipv6AccessLists, SHOW_MANAGEMENT_API, SHOW_MANAGEMENT_SSH } from '../../answer/management.ts'
import { type Read, show } from '../../answer/show.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify, type Judgement } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { count, integer } from '../../input/numbers.ts'
import { someOf, vrf, word } from '../../input/words.ts'

type AccessLists = Read<typeof ipv4AccessLists>

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
export function showAccessLists<M extends z.ZodType>(service: string, lists: () => M) {
  return show(`show ${service} access-list summary`, lists)
}

/**
 * The service has as many access lists as expected, each configured and active in the VRF. `what` names them (`SSH IPv4
 * ACL(s)`), `miscounted` is what a wrong number is called.
 */
export function judgeServiceAcls(
  what: string,
  miscounted: string,
  expected: Read<typeof serviceAclsInput>,
  lists: AccessLists,
): Judgement {
  const inVrf = `VRF: ${expected.vrf}`
  if (lists.length !== expected.number) {
    return [`${inVrf} - ${miscounted} - Expected: ${expected.number} Actual: ${lists.length}`]
  }
  const idle = lists.filter(
    (list) => !(list.configuredVrfs.includes(expected.vrf) && list.activeVrfs.includes(expected.vrf)),
  )
  if (idle.length === 0) return []
  return [`${inVrf} - Following ${what} not configured or active: ${idle.map(({ name }) => name).join(', ')}`]
}

/** eAPI is not served over plain HTTP. */
export const verifyApiHttpStatus = defineVerify({
  name: 'VerifyAPIHttpStatus',
  summary: 'Verifies that the HTTP server of eAPI is disabled.',
  docs: 'Passes when the HTTP server of eAPI does not run.',
  asks: [SHOW_MANAGEMENT_API],
  judge: (_input, [api]) =>
    // Of an eAPI that is disabled as a whole ANTA says the same.
    api.enabled && !api.httpServer.running ? [] : ['eAPI HTTP server is enabled globally'],
})

/** The HTTPS server of eAPI has a valid SSL profile of the given name. */
export const verifyApiHttpsSsl = defineVerify({
  name: 'VerifyAPIHttpsSSL',
  summary: 'Verifies the SSL profile of the HTTPS server of eAPI.',
  docs: 'Passes when the SSL profile of the HTTPS server of eAPI is the expected one and valid.',
  example: { profile: 'default' },
  input: () => z.strictObject({ profile: word().describe('The SSL profile.') }),
  asks: [SHOW_MANAGEMENT_API],
  judge: ({ profile }, [{ sslProfile }]) => {
    const subject = `eAPI HTTPS server SSL profile ${profile}`
    const { name, state } = sslProfile ?? {}
    if (name === undefined || (name === profile && state === undefined)) {
      return [`${subject} is not configured`]
    }
    const valid = name === profile && state === 'valid'
    return valid ? [] : [`${subject} is misconfigured or invalid`]
  },
})

/** eAPI has the expected number of IPv4 access lists in a VRF, all of them active. */
export const verifyApiIpv4Acl = defineVerify({
  name: 'VerifyAPIIPv4Acl',
  summary: 'Verifies the number of IPv4 access lists of eAPI in a VRF.',
  docs: 'Passes when eAPI has as many IPv4 access lists as expected, each configured and active in the VRF.',
  example: SERVICE_ACLS_EXAMPLE,
  input: serviceAclsInput,
  asks: [showAccessLists('management api http-commands ip', ipv4AccessLists)],
  judge: (input, [lists]) => judgeServiceAcls('eAPI IPv4 ACL(s)', 'eAPI IPv4 ACL(s) count mismatch', input, lists),
})

/** eAPI has the expected number of IPv6 access lists in a VRF, all of them active. */
export const verifyApiIpv6Acl = defineVerify({
  name: 'VerifyAPIIPv6Acl',
  summary: 'Verifies the number of IPv6 access lists of eAPI in a VRF.',
  docs: 'Passes when eAPI has as many IPv6 access lists as expected, each configured and active in the VRF.',
  example: SERVICE_ACLS_EXAMPLE,
  input: serviceAclsInput,
  asks: [showAccessLists('management api http-commands ipv6', ipv6AccessLists)],
  judge: (input, [lists]) => judgeServiceAcls('eAPI IPv6 ACL(s)', 'eAPI IPv6 ACL(s) count mismatch', input, lists),
})

const expectedList = once(() =>
  z.strictObject({
    name: word().describe('The access list.'),
    entries: z
      .array(
        z.strictObject({
          sequence: integer(1, 4_294_967_295).describe('The sequence number of the entry.'),
          action: z.string().describe('What the entry does, for example `deny ip any any`.'),
        }),
      )
      .describe('The entries that it must have.'),
  }),
)

const shownList = once(() =>
  z
    .object({
      name: z.string(),
      sequence: z.array(z.object({ sequenceNumber: z.number(), text: z.string() }).partial()),
    })
    .partial(),
)

/** IPv4 access lists have the expected entries under the expected sequence numbers. */
export const verifyIpv4Acl = defineVerify({
  name: 'VerifyIPv4ACL',
  summary: 'Verifies the entries of IPv4 access lists.',
  docs: 'Passes when each access list is configured and contains each given entry under its sequence number. Entries that are not given are not judged.',
  example: {
    ipv4_access_lists: [
      { name: 'default-control-plane-acl', entries: [{ sequence: 10, action: 'permit icmp any any' }] },
    ],
  },
  input: () => z.strictObject({ ipv4_access_lists: someOf(expectedList(), 'The access lists to verify.') }),
  asks: [show('show ip access-lists', () => z.object({ aclList: z.array(shownList()) }))],
  judge: ({ ipv4_access_lists: lists }, [{ aclList }]) => {
    if (aclList.length === 0) return ['No Access Control List (ACL) configured']
    return lists.flatMap((list) =>
      listFaults(
        list,
        aclList.find(({ name }) => name?.toLowerCase() === list.name.toLowerCase()),
      ),
    )
  },
})

type ExpectedList = Read<typeof expectedList>
type ShownList = Read<typeof shownList>

function listFaults({ name, entries }: ExpectedList, shown: ShownList | undefined): readonly string[] {
  if (shown === undefined) return [`ACL name: ${name} - Not configured`]
  return entries.flatMap(({ sequence, action }) => {
    const subject = `ACL name: ${name} Sequence: ${sequence}`
    const entry = needed(shown, 'sequence').find(({ sequenceNumber }) => sequenceNumber === sequence)
    if (entry === undefined) return [`${subject} - Not configured`]
    return mismatch(`${subject} - action mismatch`, action, needed(entry, 'text'))
  })
}

/** The SSH daemon has the expected number of IPv4 access lists in a VRF, all of them active. */
export const verifySshIpv4Acl = defineVerify({
  name: 'VerifySSHIPv4Acl',
  summary: 'Verifies the number of IPv4 access lists of the SSH daemon in a VRF.',
  docs: 'Passes when the SSH daemon has as many IPv4 access lists as expected, each configured and active in the VRF.',
  example: SERVICE_ACLS_EXAMPLE,
  input: serviceAclsInput,
  asks: [showAccessLists('management ssh ip', ipv4AccessLists)],
  judge: (input, [lists]) => judgeServiceAcls('SSH IPv4 ACL(s)', 'SSH IPv4 ACL(s) count mismatch', input, lists),
})

/** The SSH daemon has the expected number of IPv6 access lists in a VRF, all of them active. */
export const verifySshIpv6Acl = defineVerify({
  name: 'VerifySSHIPv6Acl',
  summary: 'Verifies the number of IPv6 access lists of the SSH daemon in a VRF.',
  docs: 'Passes when the SSH daemon has as many IPv6 access lists as expected, each configured and active in the VRF.',
  example: SERVICE_ACLS_EXAMPLE,
  input: serviceAclsInput,
  asks: [showAccessLists('management ssh ipv6', ipv6AccessLists)],
  judge: (input, [lists]) => judgeServiceAcls('SSH IPv6 ACL(s)', 'SSH IPv6 ACL(s) count mismatch', input, lists),
})

/** SSH is disabled in the default VRF. */
export const verifySshStatus = defineVerify({
  name: 'VerifySSHStatus',
  summary: 'Verifies that the SSH daemon is disabled in the default VRF.',
  docs: 'Passes when the SSH daemon is disabled in the default VRF, fails when it is not or its status is not told.',
  asks: [SHOW_MANAGEMENT_SSH],
  judge: (_input, [printed]) => {
    // EOS before 4.32 writes `is disabled`, later `: disabled`. ANTA takes the first line, whatever VRF it is of.
    const lines = printed.split('\n').filter((one) => one.startsWith('SSHD status'))
    const line = lines.find((one) => one.startsWith('SSHD status for Default VRF')) ?? lines[0]
    if (line === undefined) return ['Could not find SSH status in returned output']
    return /(?:^|\s)disabled\s*$/.test(line) ? [] : [line]
  },
})

/** SSH is restricted to the algorithms of FIPS 140-2. */
export const verifySshFipsRestrictions = defineVerify({
  name: 'VerifySSHFIPSRestrictions',
  summary: 'Verifies that FIPS restrictions are enabled for SSH.',
  docs: 'Passes when FIPS restrictions are enabled in management SSH, fails when they are not or their status is not told.',
  asks: [SHOW_MANAGEMENT_SSH],
  judge: (_input, [printed]) => {
    const line = printed.split(/\r?\n/).find((one) => one.includes('FIPS status'))
    if (line === undefined) return ["FIPS status not found in 'show management ssh' output"]
    const isEnabled = line.toLowerCase().includes('enabled')
    return isEnabled ? [] : [`FIPS restrictions not enabled in management SSH - ${line.trim()}`]
  },
})

/** Telnet is disabled in the default VRF. */
export const verifyTelnetStatus = defineVerify({
  name: 'VerifyTelnetStatus',
  summary: 'Verifies that Telnet is disabled in the default VRF.',
  docs: 'Passes when the Telnet server of the default VRF is disabled.',
  asks: [show('show management telnet', () => z.object({ serverState: z.string() }))],
  judge: (_input, [{ serverState }]) =>
    serverState === 'disabled' ? [] : ['Telnet status for Default VRF is enabled'],
})
