import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { printed } from '../../answer/printed.ts'
import {
  downState,
  type IpSecurityConnection,
  ipSecurityConnections,
} from '../../answer/show-ip-security-connection.ts'
import { defineVerifyEach } from '../../area/define-verify.ts'
import { remarked } from '../../finding/remarked.ts'
import { ipv4 } from '../../input/addresses.ts'
import { vrf } from '../../input/words.ts'

const peer = once(() =>
  z.strictObject({
    peer: ipv4().describe('The address of the peer.'),
    description: z.string().nullish().describe('What reports call the peer besides its address.'),
    vrf: vrf().describe('The VRF of the peer.'),
    connections: z
      .array(
        z.strictObject({
          source_address: ipv4().describe('The source of the connection.'),
          destination_address: ipv4().describe('Its destination.'),
        }),
      )
      .nullish()
      .describe('The connections that must be established; absent: all of the peer.'),
  }),
)

/** The IPsec connections of given peers are established. */
export const verifySpecificIpsecConn = defineVerifyEach({
  name: 'VerifySpecificIPSecConn',
  summary: 'Verifies the IPv4 security connections of given peers.',
  docs: 'Passes when each peer has connections and the given ones are established; all of the peer where none is given.',
  example: {
    ip_security_connections: [
      { peer: '10.255.0.1' },
      {
        peer: '10.255.0.2',
        vrf: 'default',
        connections: [{ source_address: '100.64.3.2', destination_address: '100.64.2.2' }],
      },
    ],
  },
  input: () => z.strictObject({ ip_security_connections: z.array(peer()).min(1).describe('The peers to verify.') }),
  commands: ({ ip_security_connections: peers }) =>
    peers.map(({ peer, vrf }) => ({ cmd: `show ip security connection vrf ${vrf} path peer ${peer}`, revision: 2 })),
  answer: () => ipSecurityConnections(),
  judge: ({ ip_security_connections: peers }, answers) =>
    passUnless(peers.flatMap((peer, index) => faultsOf(peer, Object.values(answers[index]?.connections ?? {})))),
})

type Peer = z.output<ReturnType<typeof peer>>

function faultsOf(
  { peer, description, vrf, connections }: Peer,
  shown: readonly IpSecurityConnection[],
): readonly string[] {
  const subject = `Peer: ${remarked(peer, description)} VRF: ${vrf}`
  if (shown.length === 0) return [`${subject} - Not configured`]
  // All are read: one that shows no path may be the one that is asked for.
  const states = new Map(shown.map((one) => [one, downState(one)]))
  const wanted = connections?.length
    ? connections.map((path) => ({ path, actual: shown.findLast((one) => isOf(path, vrf, one)) }))
    : shown.map((actual) => ({ path: pathOf(actual), actual }))
  return wanted.flatMap(({ path, actual }) => {
    const place = `${subject} Source: ${path.source_address} Destination: ${path.destination_address}`
    if (actual === undefined) return [`${place} - Connection not found`]
    const state = states.get(actual)
    return state === undefined ? [] : [`${place} - Connection down - Expected: Established Actual: ${state}`]
  })
}

interface Path {
  readonly source_address: string
  readonly destination_address: string
}

function pathOf({ saddr, daddr }: IpSecurityConnection): Path {
  return { source_address: printed(saddr), destination_address: printed(daddr) }
}

function isOf(path: Path, vrf: string, { saddr, daddr, tunnelNs }: IpSecurityConnection): boolean {
  return saddr === path.source_address && daddr === path.destination_address && tunnelNs === vrf
}
