import { z } from 'zod'
import { mismatch, needed, type OutputOf, partly, printed, recordOf, show, showText } from '../../answer/show.ts'
import { defineVerify } from '../../define/define-check.ts'
import { flag, hostname, integer, someOf } from '../../input/words.ts'

// What `show ntp associations` tells, by the server's name (docs/eos.md 6.2).
const ntpAssociations = () =>
  z.object({
    peers: recordOf(
      partly({
        condition: z.string(),
        peerIpAddr: z.string(),
        stratumLevel: z.number(),
      }),
    ).default({}),
  })

type NtpAssociation = OutputOf<typeof ntpAssociations>['peers'][string]

// Stratum 0 is the reference clock, 16 is not synchronised (RFC 5905, section 7.3).
const stratum = () => integer(0, 16)

const ntpServer = () =>
  z.strictObject({
    server_address: hostname().describe('Address or name of the server, as the switch has resolved it.'),
    preferred: flag('Whether it is the preferred server.'),
    stratum: stratum().describe('Its stratum.'),
  })

const ntpPool = () =>
  z.strictObject({
    server_addresses: someOf(hostname(), 'Addresses or names of the servers of the pool.'),
    preferred_stratum_range: z
      .tuple([stratum(), stratum()])
      .refine(([from, to]) => from <= to, { error: 'expected the lowest and the highest stratum, such as [1, 3]' })
      .describe('The lowest and the highest stratum of the pool.'),
  })

type NtpServer = OutputOf<typeof ntpServer>
type NtpPool = OutputOf<typeof ntpPool>

/** The NTP servers are those that are wanted, and the switch follows them as it should. */
export const VerifyNTPAssociations = defineVerify({
  summary: 'Verifies the NTP servers of the switch: their condition and their stratum.',
  docs: 'Of servers: passes when the preferred one has the condition sys.peer, each other one candidate, and each its stratum. Of a pool: passes when every associated server is of the pool, is sys.peer or candidate, and has a stratum within the range.',
  example: {
    ntp_servers: [
      { server_address: '192.0.2.1', preferred: true, stratum: 1 },
      { server_address: '192.0.2.2', stratum: 2 },
    ],
  },
  input: () =>
    z
      .strictObject({
        ntp_servers: z.array(ntpServer()).min(1).nullish().describe('The NTP servers.'),
        ntp_pool: ntpPool().nullish().describe('The pool of NTP servers.'),
      })
      .refine(({ ntp_servers, ntp_pool }) => (ntp_servers ?? null) === null || (ntp_pool ?? null) === null, {
        error: 'expected `ntp_servers` or `ntp_pool`, not both',
      })
      .refine(({ ntp_servers, ntp_pool }) => (ntp_servers ?? ntp_pool ?? null) !== null, {
        error: 'expected `ntp_servers` or `ntp_pool`',
      }),
  asks: show('show ntp associations', ntpAssociations, null),
  judge: ({ peers }, { ntp_servers, ntp_pool }) => {
    const associations = Object.entries(peers)
    if (associations.length === 0) return ['No NTP peers configured']
    return [
      ...(ntp_servers ?? []).flatMap((server) => serverFaults(server, associations)),
      ...(ntp_pool ? associations.flatMap((association) => poolFaults(association, ntp_pool)) : []),
    ]
  },
})

type Named = readonly [name: string, association: NtpAssociation]

function serverFaults(server: NtpServer, associations: readonly Named[]) {
  const { server_address, preferred } = server
  const subject = `NTP Server: ${server_address} Preferred: ${printed(preferred)} Stratum: ${server.stratum}`
  const [, found] = associations.find(([name, one]) => {
    const address = needed(one, 'peerIpAddr')
    return address === server_address || name === server_address
  }) ?? ['']
  if (found === undefined) return [`${subject} - Not configured`]
  return [
    ...mismatch(`${subject} - Incorrect condition`, preferred ? 'sys.peer' : 'candidate', found.condition, 'None'),
    ...mismatch(`${subject} - Incorrect stratum level`, server.stratum, found.stratumLevel, 'None'),
  ]
}

function poolFaults([name, association]: Named, { server_addresses, preferred_stratum_range }: NtpPool) {
  const address = needed(association, 'peerIpAddr')
  const subject = `NTP Server: ${address} Hostname: ${name}`
  if (!server_addresses.includes(address) && !server_addresses.includes(name)) {
    return [`${subject} - Associated but not part of the provided NTP pool`]
  }
  const { condition = 'None' } = association
  const stratum = needed(association, 'stratumLevel')
  const [lowest, highest] = preferred_stratum_range
  return [
    // The wording has two spaces.
    ...(['sys.peer', 'candidate'].includes(condition)
      ? []
      : [`${subject} - Incorrect condition  - Expected: sys.peer, candidate Actual: ${condition}`]),
    ...(stratum >= lowest && stratum <= highest
      ? []
      : [`${subject} - Incorrect stratum level - Expected Stratum Range: ${lowest} to ${highest} Actual: ${stratum}`]),
  ]
}

/** The clock follows an NTP server. */
export const VerifyNTP = defineVerify({
  summary: 'Verifies that NTP is synchronised.',
  docs: 'Passes when the first line of the NTP status says synchronised.',
  asks: showText('show ntp status'),
  judge: (printed) => {
    const [status = ''] = printed.split('\n')
    return status.split(' ')[0] === 'synchronised'
      ? []
      : [`NTP status mismatch - Expected: synchronised Actual: ${status}`]
  },
})
