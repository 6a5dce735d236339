import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { ipAddress } from '../../input/addresses.ts'
import { integer } from '../../input/numbers.ts'
import { vrf } from '../../input/words.ts'

const expectedServer = once(() =>
  z.strictObject({
    server_address: ipAddress().describe('The address of the server.'),
    vrf: vrf().describe('The VRF of the server.'),
    priority: integer(0, 4).describe('Its priority: 0 is the highest, 4 the lowest.'),
  }),
)

const shownServer = once(() =>
  z.object({ ipAddr: z.string().optional(), vrf: z.string().optional(), priority: z.number().optional() }),
)

/** DNS servers are configured with their VRF and priority. */
export const verifyDnsServers = defineVerify({
  name: 'VerifyDNSServers',
  summary: 'Verifies the DNS servers of the switch, their VRFs and priorities.',
  docs: 'Passes when each DNS server is configured in its VRF with the expected priority.',
  example: { dns_servers: [{ server_address: '10.14.0.1', vrf: 'default', priority: 1 }] },
  input: () => z.strictObject({ dns_servers: z.array(expectedServer()).min(1).describe('The DNS servers to verify.') }),
  commands: () => [{ cmd: 'show ip name-server', revision: 1 }],
  answers: () => [z.object({ nameServerConfigs: z.array(shownServer()) })],
  judge: ({ dns_servers: servers }, [{ nameServerConfigs }]) =>
    passUnless(servers.flatMap((server) => faultsOf(server, nameServerConfigs))),
})

function faultsOf(
  { server_address, vrf, priority }: z.output<ReturnType<typeof expectedServer>>,
  shown: readonly z.output<ReturnType<typeof shownServer>>[],
): readonly string[] {
  const subject = `Server ${server_address} VRF: ${vrf} Priority: ${priority}`
  const actual = shown.find((one) => one.ipAddr === server_address && one.vrf === vrf)
  if (actual === undefined) return [`${subject} - Not configured`]
  const told = needed(actual, 'priority')
  return told === priority ? [] : [`${subject} - Incorrect priority - Priority: ${told}`]
}
