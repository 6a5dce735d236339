import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerifyEach } from '../../area/define-verify.ts'
import { remarked } from '../../finding/remarked.ts'
import { ipAddress } from '../../input/addresses.ts'
import { interfaceName } from '../../input/interfaces.ts'
import { integer } from '../../input/numbers.ts'
import { vrf } from '../../input/words.ts'

const host = () =>
  z.strictObject({
    destination: ipAddress().describe('Address to ping.'),
    source: z
      .union([ipAddress(), interfaceName()], { error: 'expected an IP address or an interface' })
      .nullish()
      .describe('Address or interface to ping from.'),
    description: z.string().nullish().describe('What the destination is.'),
    vrf: vrf().describe('The VRF to ping in.'),
    repeat: integer(1).default(2).describe('How many packets to send; all must come back.'),
    size: integer(1).default(100).describe('Size of the packets in bytes.'),
    df_bit: z.boolean().default(false).describe('Whether packets may not be fragmented.'),
    reachable: z.boolean().default(true).describe('Whether the destination should answer.'),
  })

type Host = z.output<ReturnType<typeof host>>

/** Destinations answer a ping, or do not where they should not. */
export const verifyReachability = defineVerifyEach({
  name: 'VerifyReachability',
  summary: 'Verifies that the switch reaches hosts.',
  docs: 'Passes when every host answers each packet, and a host that should not be reachable answers none.',
  example: {
    hosts: [
      { source: 'Management0', destination: '192.0.2.1', vrf: 'MGMT', df_bit: true, size: 100 },
      { destination: '2001:db8::1', reachable: false },
    ],
  },
  input: () => z.strictObject({ hosts: z.array(host()).min(1).describe('Hosts to ping.') }),
  commands: ({ hosts }) => hosts.map((one) => ({ cmd: pingOf(one), revision: 1 })),
  answer: () => z.object({ messages: z.array(z.string()).min(1) }),
  judge: ({ hosts }, answers) =>
    passUnless(
      hosts.flatMap((one, index) => {
        const fault = faultOf(one, answers[index]?.messages[0] ?? '')
        return fault === undefined ? [] : [`${subjectOf(one)} - ${fault}`]
      }),
    ),
})

function pingOf({ destination, source, vrf, repeat, size, df_bit }: Host): string {
  const from = typeof source === 'string' ? ` source ${source}` : ''
  return `ping vrf ${vrf} ${destination}${from} size ${size}${df_bit ? ' df-bit' : ''} repeat ${repeat}`
}

function subjectOf({ destination, description, source, vrf }: Host): string {
  const from = typeof source === 'string' ? ` from ${source}` : ''
  return `Destination ${remarked(destination, description)}${from} in VRF ${vrf}`
}

function faultOf({ repeat, reachable }: Host, printed: string): string | undefined {
  if (printed.includes('Network is unreachable')) return reachable ? 'Unreachable' : undefined
  const [, received] = /(\d{1,20})\s+received/.exec(printed) ?? []
  if (received === undefined) return `Error when executing ping: '${printed.trimEnd()}'`
  const answered = Number(received)
  if (!reachable) return answered === 0 ? undefined : 'Destination is expected to be unreachable but found reachable'
  return answered === repeat ? undefined : `Packet loss detected - Transmitted: ${repeat} Received: ${answered}`
}
