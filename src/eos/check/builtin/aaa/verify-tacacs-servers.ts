import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_TACACS, tacacsAnswer } from '../../answer/show-tacacs.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { ipv4 } from '../../input/addresses.ts'
import { vrf } from '../../input/words.ts'

/** TACACS+ servers are configured in a VRF. */
export const verifyTacacsServers = defineVerify({
  name: 'VerifyTacacsServers',
  summary: 'Verifies that TACACS+ servers are configured in a VRF.',
  docs: 'Passes when each given TACACS+ server is configured in the VRF.',
  example: { servers: ['10.10.10.21', '10.10.10.22'], vrf: 'MGMT' },
  input: () =>
    z.strictObject({
      servers: z.array(ipv4()).min(1).describe('The addresses of the TACACS+ servers.'),
      vrf: vrf().describe('The VRF of the servers.'),
    }),
  commands: () => [SHOW_TACACS],
  answers: () => [tacacsAnswer().pick({ tacacsServers: true })],
  judge: ({ servers, vrf }, [{ tacacsServers }]) => {
    if (tacacsServers.length === 0) return passUnless(['No TACACS servers are configured'])
    const there = new Set(
      tacacsServers
        .filter(({ serverInfo }) => (serverInfo?.vrf ?? 'default') === vrf)
        .map(({ serverInfo }) => serverInfo?.hostname),
    )
    const missing = servers.filter((server) => !there.has(server))
    return passUnless(
      missing.length === 0 ? [] : [`TACACS servers ${missing.join(', ')} are not configured in VRF ${vrf}`],
    )
  },
})
