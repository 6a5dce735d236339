import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { SHOW_SNMP } from '../../answer/management.ts'
import { byName, isNothing, mismatch, type OutputOf, partly, printed, show } from '../../answer/show.ts'
import { defineVerify } from '../../define/define-check.ts'
import { hostname, integer, maybeText, someOf, vrf, word } from '../../input/words.ts'

// A version of SNMP, as EOS names it.
const snmpVersion = () => z.enum(['v1', 'v2c', 'v3'])

const snmpHost = () =>
  z.strictObject({
    hostname: hostname().describe('The address or name of the host.'),
    vrf: vrf().describe('The VRF of the host.'),
    notification_type: z.enum(['trap', 'inform']).default('trap').describe('How it is notified.'),
    version: snmpVersion().nullish().describe('The version of SNMP.'),
    udp_port: integer().default(162).describe('The port that it listens on.'),
    community_string: maybeText('The community of v1 and v2c.'),
    user: maybeText('The user of v3.'),
  })

// How EOS names the security models of v3.
const SECURITY_MODELS = { noauth: 'v3NoAuth', auth: 'v3Auth', priv: 'v3Priv' } as const

const expectedGroup = () =>
  z
    .strictObject({
      group_name: word().describe('The group.'),
      version: snmpVersion().describe('The version of SNMP.'),
      read_view: maybeText('The view that it may read.'),
      write_view: maybeText('The view that it may write.'),
      notify_view: maybeText('The view that it is notified of.'),
      authentication: z.enum(['auth', 'priv', 'noauth']).nullish().describe('The security of v3.'),
    })
    .refine(({ version, authentication }) => version !== 'v3' || authentication, {
      error: 'v3 needs the kind of authentication',
      path: ['authentication'],
    })

const shownGroup = () =>
  z
    .looseObject({
      secModel: z.string(),
      readView: z.string(),
      readViewConfig: z.boolean(),
      writeView: z.string(),
      writeViewConfig: z.boolean(),
      notifyView: z.string(),
      notifyViewConfig: z.boolean(),
    })
    .partial()

const snmpGroups = () =>
  partly({
    groups: byName(partly({ versions: byName(shownGroup()) })),
  })

/** SNMP groups have the expected security and views, and the views are configured. */
export const VerifySnmpGroup = defineVerify({
  summary: 'Verifies SNMP groups, their security and their views.',
  docs: 'Passes when each group is configured in that version, with the expected security model of v3, and each given view is the one of the group and configured itself.',
  example: {
    snmp_groups: [
      { group_name: 'Group1', version: 'v1', read_view: 'group_read_1' },
      { group_name: 'Group2', version: 'v3', write_view: 'group_write_2', authentication: 'priv' },
    ],
  },
  input: () => ({ snmp_groups: someOf(expectedGroup(), 'The groups to verify.') }),
  asks: show('show snmp group', snmpGroups),
  judge: ({ groups }, { snmp_groups: expected }) =>
    expected.flatMap((group) => groupFaults(group, groups?.get(group.group_name)?.versions?.get(group.version))),
})

type ExpectedGroup = OutputOf<typeof expectedGroup>
type ShownGroup = OutputOf<typeof shownGroup>

function groupFaults(group: ExpectedGroup, shown: ShownGroup | undefined) {
  const { group_name, version, authentication } = group
  const subject = `Group: ${group_name} Version: ${version}`
  if (isNothing(shown)) return [`${subject} - Not configured`]
  const security =
    version === 'v3' && authentication
      ? mismatch(`${subject} - Incorrect security model`, SECURITY_MODELS[authentication], shown.secModel, 'None')
      : []
  return [...viewFaults(subject, group, shown), ...security]
}

function viewFaults(subject: string, group: ExpectedGroup, shown: ShownGroup) {
  const views = [
    ['Read', group.read_view, shown.readView, shown.readViewConfig],
    ['Write', group.write_view, shown.writeView, shown.writeViewConfig],
    ['Notify', group.notify_view, shown.notifyView, shown.notifyViewConfig],
  ] as const
  return views.flatMap(([kind, expected, actual, isConfigured]) => {
    if (!expected) return []
    if (actual === '') return [`${subject} View: ${kind.toLowerCase()} - Not configured`]
    if (actual !== expected) return mismatch(`${subject} - Incorrect ${kind} view`, expected, actual, 'None')
    return isConfigured === true ? [] : [`${subject} ${kind} View: ${expected} - Not configured`]
  })
}

/** SNMP logging is enabled and reaches given hosts. */
export const VerifySnmpHostLogging = defineVerify({
  summary: 'Verifies SNMP logging and its hosts.',
  docs: 'Passes when SNMP logging is enabled and each host is configured in its VRF.',
  example: { hosts: [{ hostname: '192.168.1.103', vrf: 'MGMT' }] },
  input: () => ({ hosts: someOf(snmpHost(), 'The hosts to verify.') }),
  asks: SHOW_SNMP,
  judge: ({ logging }, { hosts }) => {
    if (logging?.loggingEnabled !== true) return ['SNMP logging is disabled']
    return hosts.flatMap(({ hostname, vrf }) => {
      const subject = `Host: ${hostname} VRF: ${vrf}`
      const shown = logging.hosts?.get(hostname)
      if (isNothing(shown)) return [`${subject} - Not configured`]
      const actual = shown.vrf === '' ? 'default' : printed(shown.vrf)
      return actual === vrf ? [] : [`${subject} - Incorrect VRF - Actual: ${actual}`]
    })
  },
})

const expectedHost = () =>
  snmpHost()
    .safeExtend({ version: snmpVersion().describe('The version of SNMP.') })
    .refine(({ version, community_string }) => version === 'v3' || community_string, {
      error: 'v1 and v2c need a community string',
      path: ['community_string'],
    })
    .refine(({ version, user }) => version !== 'v3' || user, { error: 'v3 needs a user', path: ['user'] })

const shownHost = () =>
  z
    .looseObject({
      hostname: z.string(),
      vrf: z.string(),
      port: z.number(),
      notificationType: z.string(),
      protocolVersion: z.string(),
      v1v2cParams: partly({ communityString: z.string() }),
      v3Params: partly({ user: z.string() }),
    })
    .partial()

const shownHosts = once(() => z.object({ hosts: z.array(shownHost()).default([]) }))

/** The hosts that SNMP notifies are configured as expected. */
export const VerifySnmpNotificationHost = defineVerify({
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
  input: () => ({ notification_hosts: someOf(expectedHost(), 'The hosts to verify.') }),
  asks: show('show snmp notification host', shownHosts),
  secrets: ({ notification_hosts: expected }, replies) => [
    ...expected.flatMap(({ community_string: community }) => community ?? []),
    ...replies.flatMap((reply) => (reply.ok ? whatHostsGet(reply.json) : [])),
  ],
  judge: ({ hosts }, { notification_hosts: expected }) => {
    if (hosts.length === 0) return ['No SNMP host is configured']
    return expected.flatMap((host) => hostFaults(host, hosts))
  },
})

type ExpectedHost = OutputOf<typeof expectedHost>
type ShownHost = OutputOf<typeof shownHost>

function hostFaults(host: ExpectedHost, hosts: readonly ShownHost[]) {
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

function isOf(host: ExpectedHost, { hostname, vrf, protocolVersion }: ShownHost) {
  const inVrf = host.vrf === 'default' ? '' : host.vrf
  return hostname === host.hostname && vrf === inVrf && protocolVersion === host.version
}

// Communities, and users of v3: EOS writes both in the same place of the same line, and neither is shown of a configuration.
function whatHostsGet(json: unknown) {
  const hosts = shownHosts().safeParse(json).data?.hosts ?? []
  return hosts.flatMap(({ v1v2cParams, v3Params }) => [v1v2cParams?.communityString ?? [], v3Params?.user ?? []].flat())
}

const expectedUser = () =>
  z
    .strictObject({
      username: word().describe('The user.'),
      group_name: word().describe('The group of the user.'),
      version: snmpVersion().describe('The version of SNMP.'),
      auth_type: z
        .enum(['MD5', 'SHA', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'])
        .nullish()
        .describe('How a user of v3 is authenticated.'),
      priv_type: z
        .enum(['AES-128', 'AES-192', 'AES-256', 'DES'])
        .nullish()
        .describe('How the messages of a user of v3 are encrypted.'),
    })
    .refine(({ version, auth_type, priv_type }) => version !== 'v3' || auth_type || priv_type, {
      error: 'v3 needs `auth_type` or `priv_type`',
    })

const shownUser = () =>
  z
    .looseObject({
      groupName: z.string(),
      v3Params: partly({ authType: z.string(), privType: z.string() }),
    })
    .partial()

const snmpUsers = () =>
  partly({
    usersByVersion: byName(partly({ users: byName(shownUser()) })),
  })

/** SNMP users are in their groups, and those of v3 use the expected algorithms. */
export const VerifySnmpUser = defineVerify({
  summary: 'Verifies SNMP users, their groups, and how users of v3 are authenticated and encrypted.',
  docs: 'Passes when each user is there in that version and in its group. Of v3, given algorithms must be the ones in use.',
  example: {
    snmp_users: [
      { username: 'test', group_name: 'test_group', version: 'v3', auth_type: 'SHA-256', priv_type: 'AES-128' },
    ],
  },
  input: () => ({ snmp_users: someOf(expectedUser(), 'The users to verify.') }),
  asks: show('show snmp user', snmpUsers),
  judge: ({ usersByVersion }, { snmp_users: users }) =>
    users.flatMap((user) => {
      const shown = usersByVersion?.get(user.version)?.users?.get(user.username)
      const faults = isNothing(shown) ? ['Not found'] : userFaults(user, shown)
      return faults.map(
        (fault) => `User: ${user.username} Group: ${user.group_name} Version: ${user.version} - ${fault}`,
      )
    }),
})

function userFaults(
  { group_name, version, auth_type, priv_type }: OutputOf<typeof expectedUser>,
  { groupName = 'Not Found', v3Params }: OutputOf<typeof shownUser>,
) {
  const group = groupName === group_name ? [] : [`Incorrect user group - Actual: ${groupName}`]
  if (version !== 'v3') return group
  return [
    ...group,
    ...(auth_type ? mismatch('Incorrect authentication type', auth_type, v3Params?.authType, 'Not Found') : []),
    ...(priv_type ? mismatch('Incorrect privacy type', priv_type, v3Params?.privType, 'Not Found') : []),
  ]
}
