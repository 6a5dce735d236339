import { z } from 'zod'
import { messagesAnswer } from '../answer/management.ts'
import { type Finding, mismatch, needed, type OutputOf, partly, show, showText, verdictOf } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { integer, ipAddress, someOf, vrf, word } from '../input/words.ts'

// The name becomes a word of a shell command: whatever a shell or nslookup could read otherwise is refused.
const domainName = () =>
  z.string().regex(/^\w(?:[\w.-]*\w)?\.?$/, { error: 'expected a domain name, such as www.example.com' })

const RESOLVED = /^Name:.*\r?\nAddress(?:es)?:\s*\S/m

/** The switch resolves domain names. */
export const VerifyDNSLookup = defineVerify({
  summary: 'Verifies that the switch resolves domain names to IP addresses.',
  docs: 'Passes when every domain name resolves to an IP address.',
  example: { domain_names: ['example.com', 'www.example.org'] },
  input: () => ({ domain_names: someOf(domainName(), 'The names to resolve.') }),
  asks: ({ domain_names: names }) => names.map((name) => show(`bash timeout 10 nslookup ${name}`, messagesAnswer)),
  judge: (answers, { domain_names: names }) => {
    const looked = names.map((name, index) => {
      const [printed = ''] = answers[index]?.messages ?? []
      return { name, isUnknown: printed.includes(`Can't find ${name}: No answer`), isResolved: RESOLVED.test(printed) }
    })
    const unknown = looked.filter(({ isUnknown }) => isUnknown).map(({ name }) => name)
    if (unknown.length > 0) {
      return [`The following domain(s) are not resolved to an IP address: ${unknown.join(', ')}`]
    }
    // Where no server answers, ANTA passes.
    const silent = looked.find(({ isResolved }) => !isResolved)
    return silent === undefined ? [] : { status: 'error', reason: `\`nslookup ${silent.name}\` printed no address` }
  },
})

const expectedServer = () =>
  z.strictObject({
    server_address: ipAddress().describe('The address of the server.'),
    vrf: vrf().describe('The VRF of the server.'),
    priority: integer(0, 4).describe('Its priority: 0 is the highest, 4 the lowest.'),
  })

const shownServer = () => partly({ ipAddr: z.string(), vrf: z.string(), priority: z.number() })

/** DNS servers are configured with their VRF and priority. */
export const VerifyDNSServers = defineVerify({
  summary: 'Verifies the DNS servers of the switch, their VRFs and priorities.',
  docs: 'Passes when each DNS server is configured in its VRF with the expected priority.',
  example: { dns_servers: [{ server_address: '10.14.0.1', vrf: 'default', priority: 1 }] },
  input: () => ({ dns_servers: someOf(expectedServer(), 'The DNS servers to verify.') }),
  asks: show('show ip name-server', () => ({ nameServerConfigs: z.array(shownServer()) })),
  judge: ({ nameServerConfigs }, { dns_servers: servers }) =>
    servers.flatMap((server) => faultsOf(server, nameServerConfigs)),
})

function faultsOf(
  { server_address, vrf, priority }: OutputOf<typeof expectedServer>,
  shown: readonly OutputOf<typeof shownServer>[],
) {
  const subject = `Server ${server_address} VRF: ${vrf} Priority: ${priority}`
  const actual = shown.find((one) => one.ipAddr === server_address && one.vrf === vrf)
  if (actual === undefined) return [`${subject} - Not configured`]
  const told = needed(actual, 'priority')
  return told === priority ? [] : [`${subject} - Incorrect priority - Priority: ${told}`]
}

// Why EOS disables an interface by itself (ANTA documentation, input types).
const REASONS = [
  'acl',
  'arp-inspection',
  'bgp-session-tracking',
  'bpduguard',
  'dot1x',
  'dot1x-coa',
  'dot1x-session-replace',
  'evpn-sa-mh',
  'fabric-link-failure',
  'fabric-link-flap',
  'hitless-reload-down',
  'lacp-no-portid',
  'lacp-rate-limit',
  'license-enforce',
  'link-flap',
  'mlagasu',
  'mlagdualprimary',
  'mlagissu',
  'mlagmaintdown',
  'no-internal-vlan',
  'out-of-voqs',
  'portchannelguard',
  'portgroup-disabled',
  'portsec',
  'speed-misconfigured',
  'storm-control',
  'stp-no-portid',
  'stuck-queue',
  'tapagg',
  'uplink-failure-detection',
  'xcvr-misconfigured',
  'xcvr-overheat',
  'xcvr-power-unsupported',
  'xcvr-unsupported',
] as const

const expectedRecovery = () =>
  z.strictObject({
    reason: z.enum(REASONS).describe('Why an interface was disabled, for example `bpduguard`.'),
    status: z.enum(['Enabled', 'Disabled']).default('Enabled').describe('Whether the switch enables it again.'),
    interval: integer(30, 86_400).describe('After how many seconds.'),
  })

type Recovery = OutputOf<typeof expectedRecovery>

/** The switch enables interfaces again that it disabled for given reasons. */
export const VerifyErrdisableRecovery = defineVerify({
  summary: 'Verifies for which reasons, and after how long, the switch enables again an interface that it disabled.',
  docs: 'Passes when the recovery of each reason has the expected status and interval.',
  example: { reasons: [{ reason: 'bpduguard', interval: 30, status: 'Enabled' }] },
  input: () => ({ reasons: someOf(expectedRecovery(), 'The reasons to verify.') }),
  asks: showText('show errdisable recovery'),
  judge: (printed, { reasons }) => {
    const rows = rowsOf(printed)
    const strange = rows.find(({ interval }) => interval === undefined)
    if (strange !== undefined)
      return { status: 'error', reason: `\`show errdisable recovery\` printed: ${strange.reason}` }
    return verdictOf(
      reasons.flatMap((expected) =>
        findingsOf(
          expected,
          rows.find((row) => row.reason === expected.reason),
        ),
      ),
    )
  },
})

interface Row {
  readonly reason: string
  readonly status: string | undefined
  // In seconds, or `N/A`.
  readonly interval: string | undefined
}

function rowsOf(printed: string): readonly Row[] {
  return printed
    .split('\n')
    .slice(2, -1)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, reason = line, status, interval] = /^\s*(\S+)\s+(\S+)\s+(\S.*)$/.exec(line) ?? []
      return { reason: reason.toLowerCase(), status, interval: interval?.trimEnd() }
    })
}

function findingsOf({ reason, status, interval }: Recovery, actual: Row | undefined): readonly Finding[] {
  const whole = `Reason: ${reason} Status: ${status} Interval: ${interval}`
  if (actual?.status === undefined || actual.interval === undefined) return [{ fault: `${whole} - Not found` }]
  if (actual.interval === 'N/A') return [{ fault: `${whole} - Interval is not configurable` }]
  if (!/^\d+$/.test(actual.interval)) {
    return [{ unjudged: `\`show errdisable recovery\` printed the interval ${actual.interval} of ${reason}` }]
  }
  const isSame = Number(actual.interval) === interval
  return [
    ...mismatch(`Reason: ${reason} - Invalid status`, status, actual.status),
    ...(isSame
      ? []
      : [
          `Reason: ${reason} - Incorrect interval - Expected: ${interval} second(s) Actual: ${actual.interval} second(s)`,
        ]),
  ].map((fault) => ({ fault }))
}

/** The switch has the expected name. */
export const VerifyHostname = defineVerify({
  summary: 'Verifies the name of the switch.',
  docs: 'Passes when the hostname of the switch is the expected one, without its domain.',
  example: { hostname: 's1-spine1' },
  input: () => ({ hostname: word().describe('The expected hostname.') }),
  asks: show('show hostname', () => ({ hostname: z.string() })),
  judge: ({ hostname: actual }, { hostname: expected }) => mismatch('Incorrect Hostname', expected, actual),
})
