import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { snmpHost, snmpVersion } from './snmp-host.ts'

const expectedHost = once(() =>
  snmpHost()
    .safeExtend({ version: snmpVersion().describe('The version of SNMP.') })
    .refine(({ version, community_string }) => version === 'v3' || community_string, {
      error: 'v1 and v2c need a community string',
      path: ['community_string'],
    })
    .refine(({ version, user }) => version !== 'v3' || user, { error: 'v3 needs a user', path: ['user'] }),
)

const shownHost = once(() =>
  z.looseObject({
    hostname: z.string().optional(),
    vrf: z.string().optional(),
    port: z.number().optional(),
    notificationType: z.string().optional(),
    protocolVersion: z.string().optional(),
    v1v2cParams: z.object({ communityString: z.string().optional() }).optional(),
    v3Params: z.object({ user: z.string().optional() }).optional(),
  }),
)

const shownHosts = once(() => z.object({ hosts: z.array(shownHost()).default([]) }))

/** The hosts that SNMP notifies are configured as expected. */
export const verifySnmpNotificationHost = defineVerify({
  name: 'VerifySnmpNotificationHost',
  summary: 'Verifies the hosts that SNMP notifies.',
  docs: 'Passes when each host is configured in its VRF and version with the expected kind of notification, port, and community (v1, v2c) or user (v3).',
  example: {
    notification_hosts: [
      {
        hostname: '192.168.1.100',
        vrf: 'default',
        notification_type: 'trap',
        version: 'v3',
        udp_port: 162,
        user: 'nms',
      },
    ],
  },
  input: () => z.strictObject({ notification_hosts: z.array(expectedHost()).min(1).describe('The hosts to verify.') }),
  commands: () => [{ cmd: 'show snmp notification host', revision: 1 }],
  answers: () => [shownHosts()],
  secrets: ({ notification_hosts: expected }, replies) => [
    ...expected.flatMap(({ community_string: community }) => community ?? []),
    ...replies.flatMap((reply) => (reply.ok ? whatHostsGet(reply.json) : [])),
  ],
  judge: ({ notification_hosts: expected }, [{ hosts }]) => {
    if (hosts.length === 0) return passUnless(['No SNMP host is configured'])
    return passUnless(expected.flatMap((host) => faultsOf(host, hosts)))
  },
})

type Expected = z.output<ReturnType<typeof expectedHost>>
type Shown = z.output<ReturnType<typeof shownHost>>

function faultsOf(host: Expected, hosts: readonly Shown[]): readonly string[] {
  const subject = `Host: ${host.hostname} VRF: ${host.vrf}`
  const versioned = `${subject} Version: ${host.version}`
  const shown = hosts.find((one) => isOf(host, one))
  if (shown === undefined) return [`${versioned} - Not configured`]
  const { notificationType, port, v1v2cParams, v3Params } = shown
  const [what, expected, actual] =
    host.version === 'v3'
      ? ['user', host.user ?? '', v3Params?.user]
      : ['community string', host.community_string ?? '', v1v2cParams?.communityString]
  return [
    ...mismatch(`${subject} - Incorrect notification type`, host.notification_type, notificationType, 'Not Found'),
    ...mismatch(`${subject} - Incorrect UDP port`, host.udp_port, port, 'Not Found'),
    ...mismatch(`${versioned} - Incorrect ${what}`, expected, actual, 'Not Found'),
  ]
}

/** The switch has no name for the default VRF. */
function isOf(host: Expected, { hostname, vrf, protocolVersion }: Shown): boolean {
  const inVrf = host.vrf === 'default' ? '' : host.vrf
  return hostname === host.hostname && vrf === inVrf && protocolVersion === host.version
}

/** Communities, and users of v3: EOS writes both in the same place of the same line, and neither is shown of a configuration. */
function whatHostsGet(json: unknown): readonly string[] {
  const hosts = shownHosts().safeParse(json).data?.hosts ?? []
  return hosts.flatMap(({ v1v2cParams, v3Params }) => [v1v2cParams?.communityString ?? [], v3Params?.user ?? []].flat())
}
