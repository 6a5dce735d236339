import { z } from 'zod'
import { ipv4AccessLists, ipv6AccessLists, SHOW_MANAGEMENT_API, SHOW_MANAGEMENT_SSH } from '../../answer/management.ts'
import { type AskedCommand, mismatch, needed, type OutputOf, partly, show } from '../../answer/show.ts'
import { defineVerify } from '../../define/define-check.ts'
import { count, integer, someOf, vrf, word } from '../../input/words.ts'

type AccessLists = OutputOf<typeof ipv4AccessLists>

/** `show … access-list summary` of a service, revision 1. */
export function showAccessLists<M extends z.ZodType>(service: string, lists: () => M) {
  return show(`show ${service} access-list summary`, lists)
}

interface ServiceAcls {
  readonly service: string
  readonly asks: AskedCommand<z.ZodType<AccessLists>>
  // How messages name the lists, and what they call a wrong number of them.
  readonly what: `${string}${'IPv4' | 'IPv6'} ACL(s)`
  readonly miscounted?: string
}

/** A check that a service has as many access lists as expected, each configured and active in the VRF. */
export function verifyServiceAcls({ service, asks, what, miscounted = `${what} count mismatch` }: ServiceAcls) {
  const lists = `${what.includes('IPv4') ? 'IPv4' : 'IPv6'} access lists`
  return defineVerify({
    summary: `Verifies the number of ${lists} of ${service} in a VRF.`,
    docs: `Passes when ${service} has as many ${lists} as expected, each configured and active in the VRF.`,
    example: { number: 3, vrf: 'default' },
    input: () => ({
      number: count().describe('How many access lists are expected.'),
      vrf: vrf().describe('The VRF that the service listens in.'),
    }),
    asks,
    judge: (told, { number, vrf }) => {
      if (told.length !== number) return [`VRF: ${vrf} - ${miscounted} - Expected: ${number} Actual: ${told.length}`]
      const idle = told.filter((list) => !(list.configuredVrfs.includes(vrf) && list.activeVrfs.includes(vrf)))
      if (idle.length === 0) return []
      return [`VRF: ${vrf} - Following ${what} not configured or active: ${idle.map((list) => list.name).join(', ')}`]
    },
  })
}

/** eAPI is not served over plain HTTP. */
export const VerifyAPIHttpStatus = defineVerify({
  summary: 'Verifies that the HTTP server of eAPI is disabled.',
  docs: 'Passes when the HTTP server of eAPI does not run.',
  asks: SHOW_MANAGEMENT_API,
  judge: (api) =>
    // Of an eAPI that is disabled as a whole ANTA says the same.
    api.enabled && !api.httpServer.running ? [] : ['eAPI HTTP server is enabled globally'],
})

/** The HTTPS server of eAPI has a valid SSL profile of the given name. */
export const VerifyAPIHttpsSSL = defineVerify({
  summary: 'Verifies the SSL profile of the HTTPS server of eAPI.',
  docs: 'Passes when the SSL profile of the HTTPS server of eAPI is the expected one and valid.',
  example: { profile: 'default' },
  input: () => ({ profile: word().describe('The SSL profile.') }),
  asks: SHOW_MANAGEMENT_API,
  judge: ({ sslProfile }, { profile }) => {
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
export const VerifyAPIIPv4Acl = verifyServiceAcls({
  service: 'eAPI',
  asks: showAccessLists('management api http-commands ip', ipv4AccessLists),
  what: 'eAPI IPv4 ACL(s)',
})

/** eAPI has the expected number of IPv6 access lists in a VRF, all of them active. */
export const VerifyAPIIPv6Acl = verifyServiceAcls({
  service: 'eAPI',
  asks: showAccessLists('management api http-commands ipv6', ipv6AccessLists),
  what: 'eAPI IPv6 ACL(s)',
})

const expectedList = () =>
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
  })

const shownList = () =>
  partly({
    name: z.string(),
    sequence: z.array(partly({ sequenceNumber: z.number(), text: z.string() })),
  })

/** IPv4 access lists have the expected entries under the expected sequence numbers. */
export const VerifyIPv4ACL = defineVerify({
  summary: 'Verifies the entries of IPv4 access lists.',
  docs: 'Passes when each access list is configured and contains each given entry under its sequence number. Entries that are not given are not judged.',
  example: {
    ipv4_access_lists: [
      { name: 'default-control-plane-acl', entries: [{ sequence: 10, action: 'permit icmp any any' }] },
    ],
  },
  input: () => ({ ipv4_access_lists: someOf(expectedList(), 'The access lists to verify.') }),
  asks: show('show ip access-lists', () => ({ aclList: z.array(shownList()) })),
  judge: ({ aclList }, { ipv4_access_lists: lists }) => {
    if (aclList.length === 0) return ['No Access Control List (ACL) configured']
    return lists.flatMap((list) =>
      listFaults(
        list,
        aclList.find(({ name }) => name?.toLowerCase() === list.name.toLowerCase()),
      ),
    )
  },
})

type ExpectedList = OutputOf<typeof expectedList>
type ShownList = OutputOf<typeof shownList>

function listFaults({ name, entries }: ExpectedList, shown: ShownList | undefined) {
  if (shown === undefined) return [`ACL name: ${name} - Not configured`]
  return entries.flatMap(({ sequence, action }) => {
    const subject = `ACL name: ${name} Sequence: ${sequence}`
    const entry = needed(shown, 'sequence').find(({ sequenceNumber }) => sequenceNumber === sequence)
    if (entry === undefined) return [`${subject} - Not configured`]
    return mismatch(`${subject} - action mismatch`, action, needed(entry, 'text'))
  })
}

/** The SSH daemon has the expected number of IPv4 access lists in a VRF, all of them active. */
export const VerifySSHIPv4Acl = verifyServiceAcls({
  service: 'the SSH daemon',
  asks: showAccessLists('management ssh ip', ipv4AccessLists),
  what: 'SSH IPv4 ACL(s)',
})

/** The SSH daemon has the expected number of IPv6 access lists in a VRF, all of them active. */
export const VerifySSHIPv6Acl = verifyServiceAcls({
  service: 'the SSH daemon',
  asks: showAccessLists('management ssh ipv6', ipv6AccessLists),
  what: 'SSH IPv6 ACL(s)',
})

/** SSH is disabled in the default VRF. */
export const VerifySSHStatus = defineVerify({
  summary: 'Verifies that the SSH daemon is disabled in the default VRF.',
  docs: 'Passes when the SSH daemon is disabled in the default VRF, fails when it is not or its status is not told.',
  asks: SHOW_MANAGEMENT_SSH,
  judge: (printed) => {
    // EOS before 4.32 writes `is disabled`, later `: disabled`. ANTA takes the first line, whatever VRF it is of.
    const lines = printed.split('\n').filter((one) => one.startsWith('SSHD status'))
    const line = lines.find((one) => one.startsWith('SSHD status for Default VRF')) ?? lines[0]
    if (line === undefined) return ['Could not find SSH status in returned output']
    return /(?:^|\s)disabled\s*$/.test(line) ? [] : [line]
  },
})

/** SSH is restricted to the algorithms of FIPS 140-2. */
export const VerifySSHFIPSRestrictions = defineVerify({
  summary: 'Verifies that FIPS restrictions are enabled for SSH.',
  docs: 'Passes when FIPS restrictions are enabled in management SSH, fails when they are not or their status is not told.',
  asks: SHOW_MANAGEMENT_SSH,
  judge: (printed) => {
    const line = printed.split(/\r?\n/).find((one) => one.includes('FIPS status'))
    if (line === undefined) return ["FIPS status not found in 'show management ssh' output"]
    const isEnabled = line.toLowerCase().includes('enabled')
    return isEnabled ? [] : [`FIPS restrictions not enabled in management SSH - ${line.trim()}`]
  },
})

/** Telnet is disabled in the default VRF. */
export const VerifyTelnetStatus = defineVerify({
  summary: 'Verifies that Telnet is disabled in the default VRF.',
  docs: 'Passes when the Telnet server of the default VRF is disabled.',
  asks: show('show management telnet', () => ({ serverState: z.string() })),
  judge: ({ serverState }) => (serverState === 'disabled' ? [] : ['Telnet status for Default VRF is enabled']),
})
