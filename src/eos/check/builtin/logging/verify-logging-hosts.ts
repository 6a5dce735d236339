import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { ipv4 } from '../../input/addresses.ts'
import { vrf } from '../../input/words.ts'
import { SHOW_LOGGING, settingsIn } from './show-logging.ts'

const SERVER = /^\s*Logging to '([^']+)' .*\bin VRF (\S+)/gm

/** Log messages go to the syslog servers. */
export const verifyLoggingHosts = defineVerify({
  name: 'VerifyLoggingHosts',
  summary: 'Verifies the syslog servers of a VRF.',
  docs: 'Passes when every server is configured in the VRF; further servers do not matter.',
  example: { hosts: ['192.0.2.1', '192.0.2.2'], vrf: 'default' },
  input: () =>
    z.strictObject({
      hosts: z.array(ipv4()).min(1).describe('Addresses of the syslog servers.'),
      vrf: vrf().describe('The VRF that log messages take.'),
    }),
  commands: () => [SHOW_LOGGING],
  answers: () => [z.string()],
  judge: ({ hosts, vrf }, [printed]) => {
    const servers = [...settingsIn(printed).matchAll(SERVER)].flatMap(([, host, of]) => (of === vrf ? [host] : []))
    const missing = hosts.filter((host) => !servers.includes(host))
    return passUnless(
      missing.length === 0 ? [] : [`Syslog servers ${missing.join(', ')} are not configured in VRF ${vrf}`],
    )
  },
})
