import { errs, fails, passes, type Row, rowsOf } from './rows-of.ts'
import { serviceAclRows } from './security.ts'

const command = 'show snmp'

const pdus = { inGetPdus: 1, inGetNextPdus: 2, inSetPdus: 3, outGetResponsePdus: 4, outTrapPdus: 5 }

const noErrors = {
  inVersionErrs: 0,
  inBadCommunityNames: 0,
  inBadCommunityUses: null,
  inParseErrs: 0,
  outTooBigErrs: 0,
  outNoSuchNameErrs: 0,
  outBadValueErrs: 0,
  outGeneralErrs: 0,
}

/** What the checks of the SNMP agent must say. */
export const agentSnmp: readonly Row[] = [
  ...rowsOf('VerifySnmpStatus', { command, inputs: { vrf: 'MGMT' } }, [
    passes('in the default VRF', { enabled: true, vrfs: { snmpVrfs: ['default'] } }, {}),
    fails('disabled', { enabled: false, vrfs: { snmpVrfs: ['MGMT'] } }, 'VRF: MGMT - SNMP agent disabled'),
    errs('empty', {}, '`show snmp` does not tell enabled'),
  ]),
  ...serviceAclRows({
    check: 'VerifySnmpIPv4Acl',
    command: 'show snmp ipv4 access-list summary',
    key: 'ipAclList',
    lists: 'SNMP IPv4 ACL(s)',
    miscounted: 'Incorrect SNMP IPv4 ACL(s)',
  }),
  ...serviceAclRows({
    check: 'VerifySnmpIPv6Acl',
    command: 'show snmp ipv6 access-list summary',
    key: 'ipv6AclList',
    lists: 'SNMP IPv6 ACL(s)',
    miscounted: 'Incorrect SNMP IPv6 ACL(s)',
  }),
  ...rowsOf('VerifySnmpLocation', { command, inputs: { location: 'Berlin' } }, [
    passes('the location', { location: { location: 'Berlin' } }),
    fails('another', { location: { location: 'Bonn' } }, 'Incorrect SNMP location - Expected: Berlin Actual: Bonn'),
    fails('none', { location: { location: '' } }, 'SNMP location is not configured'),
    fails('empty', {}, 'SNMP location is not configured'),
  ]),
  ...rowsOf('VerifySnmpContact', { command, inputs: { contact: 'noc@example.com' } }, [
    passes('the contact', { contact: { contact: 'noc@example.com' } }),
    fails('none', { contact: {} }, 'SNMP contact is not configured'),
    fails('empty', {}, 'SNMP contact is not configured'),
  ]),
  ...rowsOf('VerifySnmpPDUCounters', { command }, [
    passes('all above zero', { counters: { ...pdus, inVersionErrs: 9 } }),
    passes('the given one', { counters: { outTrapPdus: 1, inGetPdus: 0 } }, { pdus: ['outTrapPdus'] }),
    fails(
      'one is zero, one is not told',
      { counters: { inSetPdus: 0, inGetPdus: 1 } },
      'The following SNMP PDU counters are not found or have zero PDU counters: inGetNextPdus, inSetPdus',
      { pdus: ['inSetPdus', 'inGetPdus', 'inGetNextPdus'] },
    ),
    fails(
      'an empty list is all',
      { counters: { ...pdus, outTrapPdus: 0 } },
      'The following SNMP PDU counters are not found or have zero PDU counters: outTrapPdus',
      { pdus: [] },
    ),
    fails('empty', {}, 'SNMP counters not found'),
  ]),
  ...rowsOf('VerifySnmpErrorCounters', { command }, [
    passes(
      'others have errors',
      { counters: { ...noErrors, outGeneralErrs: 2 } },
      {
        error_counters: ['inParseErrs'],
      },
    ),
    fails(
      'two have errors',
      { counters: { ...noErrors, outBadValueErrs: 1, inParseErrs: 3 } },
      'The following SNMP error counters are not found or have non-zero error counters: inParseErrs, outBadValueErrs',
    ),
    passes('one is not told', { counters: { inGetPdus: 5 } }, { error_counters: ['inVersionErrs'] }),
    errs(
      'a counter that SNMP does not have',
      [],
      'the check `VerifySnmpErrorCounters` does not accept its inputs at error_counters.0: Invalid option: expected one of "inVersionErrs"|"inBadCommunityNames"|"inBadCommunityUses"|"inParseErrs"|"outTooBigErrs"|"outNoSuchNameErrs"|"outBadValueErrs"|"outGeneralErrs"',
      { error_counters: ['inErrs'] },
    ),
    fails('empty', { counters: {} }, 'SNMP counters not found'),
  ]),
]

const sent = (over: Readonly<Record<string, string | number>>, params: Readonly<Record<string, string>>) => ({
  hostname: '192.0.2.10',
  port: 162,
  vrf: '',
  notificationType: 'trap',
  protocolVersion: 'v2c',
  v1v2cParams: { ...params },
  ...over,
})

const toV3 = (user: string) => ({
  hostname: 'nms.example.com',
  port: 1162,
  vrf: 'MGMT',
  notificationType: 'inform',
  protocolVersion: 'v3',
  v3Params: { user, securityLevel: 'authPriv' },
})

const v2c = { hostname: '192.0.2.10', version: 'v2c', community_string: 'alpha' }

const v3 = {
  hostname: 'nms.example.com',
  vrf: 'MGMT',
  notification_type: 'inform',
  version: 'v3',
  udp_port: 1162,
  user: 'nms',
}

/** What the checks of hosts and interfaces that SNMP uses must say. */
export const hostsSnmp: readonly Row[] = [
  ...rowsOf(
    'VerifySnmpHostLogging',
    {
      command: 'show snmp',
      inputs: { hosts: [{ hostname: '192.0.2.10' }, { hostname: 'log.example.com', vrf: 'MGMT' }] },
    },
    [
      passes('both hosts', {
        logging: {
          loggingEnabled: true,
          hosts: { '192.0.2.10': { port: 162, vrf: '' }, 'log.example.com': { port: 162, vrf: 'MGMT' } },
        },
      }),
      fails(
        'the default VRF instead of another, and one that is not told',
        { logging: { loggingEnabled: true, hosts: { '192.0.2.10': {}, 'log.example.com': { vrf: '' } } } },
        `
          Host: 192.0.2.10 VRF: default - Not configured
          Host: log.example.com VRF: MGMT - Incorrect VRF - Actual: default
        `,
      ),
      fails('disabled', { logging: { loggingEnabled: false } }, 'SNMP logging is disabled'),
      fails('empty', {}, 'SNMP logging is disabled'),
    ],
  ),
  ...rowsOf(
    'VerifySnmpNotificationHost',
    { command: 'show snmp notification host', inputs: { notification_hosts: [v2c, v3] } },
    [
      passes('both hosts', { hosts: [sent({}, { communityString: 'alpha' }), toV3('nms')] }),
      fails(
        'all of one, the user of the other',
        { hosts: [sent({ notificationType: 'inform', port: 163 }, { communityString: 'beta' }), toV3('operator')] },
        `
          Host: 192.0.2.10 VRF: default - Incorrect notification type - Expected: trap Actual: inform
          Host: 192.0.2.10 VRF: default - Incorrect UDP port - Expected: 162 Actual: 163
          Host: 192.0.2.10 VRF: default Version: v2c - Incorrect community string - Expected: alpha Actual: beta
          Host: nms.example.com VRF: MGMT Version: v3 - Incorrect user - Expected: nms Actual: operator
        `,
      ),
      fails(
        'another version, another VRF',
        { hosts: [sent({ protocolVersion: 'v1' }, { communityString: 'alpha' }), { ...toV3('nms'), vrf: '' }] },
        `
          Host: 192.0.2.10 VRF: default Version: v2c - Not configured
          Host: nms.example.com VRF: MGMT Version: v3 - Not configured
        `,
      ),
      fails('no host', { hosts: [] }, 'No SNMP host is configured'),
      errs(
        'v3 without a user',
        [],
        'the check `VerifySnmpNotificationHost` does not accept its inputs at notification_hosts.0.user: v3 needs a user',
        { notification_hosts: [{ hostname: 'nms.example.com', version: 'v3' }] },
      ),
      errs(
        'v1 without a community',
        [],
        'the check `VerifySnmpNotificationHost` does not accept its inputs at notification_hosts.0.community_string: v1 and v2c need a community string',
        { notification_hosts: [{ hostname: 'nms.example.com', version: 'v1', user: 'nms' }] },
      ),
      fails('empty', {}, 'No SNMP host is configured'),
    ],
  ),
  ...rowsOf(
    'VerifySnmpSourceInterface',
    { command: 'show snmp', inputs: { interfaces: [{ interface: 'lo0' }, { interface: 'Management1', vrf: 'MGMT' }] } },
    [
      passes('both VRFs', { srcIntf: { sourceInterfaces: { default: 'Loopback0', MGMT: 'Management1' } } }),
      fails(
        'another interface, and none',
        { srcIntf: { sourceInterfaces: { default: 'Loopback1' } } },
        `
          Source Interface: Loopback0 VRF: default - Incorrect source interface - Actual: Loopback1
          Source Interface: Management1 VRF: MGMT - Not configured
        `,
      ),
      fails('none', { srcIntf: { sourceInterfaces: {} } }, 'SNMP source interface(s) not configured'),
      fails('empty', {}, 'SNMP source interface(s) not configured'),
    ],
  ),
]

const user = { username: 'nms', group_name: 'READERS', version: 'v3', auth_type: 'SHA-256', priv_type: 'AES-128' }

const inVersion = (version: string, shown: Readonly<Record<string, string | { readonly [key: string]: string }>>) => ({
  usersByVersion: { [version]: { users: { nms: { ...shown } } } },
})

const views = (secModel: string, readView: string, readViewConfig: boolean) => ({
  secModel,
  readView,
  readViewConfig,
  writeView: '',
  notifyView: 'EVENTS',
  notifyViewConfig: true,
})

const inGroup = (version: string, shown: ReturnType<typeof views>) => ({
  groups: { READERS: { versions: { [version]: shown } } },
})

const group = { group_name: 'READERS', version: 'v3', read_view: 'ALL', notify_view: 'EVENTS', authentication: 'auth' }

/** What the checks of SNMP users and groups must say. */
export const usersAndGroupsSnmp: readonly Row[] = [
  ...rowsOf('VerifySnmpUser', { command: 'show snmp user', inputs: { snmp_users: [user] } }, [
    passes(
      'algorithms that are not asked for',
      inVersion('v3', { groupName: 'READERS', v3Params: { authType: 'SHA', privType: 'DES' } }),
      {
        snmp_users: [{ username: 'nms', group_name: 'READERS', version: 'v3', auth_type: 'SHA' }],
      },
    ),
    passes('algorithms mean nothing in v2c', inVersion('v2c', { groupName: 'READERS' }), {
      snmp_users: [{ ...user, version: 'v2c' }],
    }),
    fails(
      'another group and other algorithms',
      inVersion('v3', { groupName: 'WRITERS', v3Params: { authType: 'MD5', privType: 'DES' } }),
      `
        User: nms Group: READERS Version: v3 - Incorrect user group - Actual: WRITERS
        User: nms Group: READERS Version: v3 - Incorrect authentication type - Expected: SHA-256 Actual: MD5
        User: nms Group: READERS Version: v3 - Incorrect privacy type - Expected: AES-128 Actual: DES
      `,
    ),
    fails('nothing is told of it', inVersion('v3', {}), 'User: nms Group: READERS Version: v3 - Not found'),
    fails('empty', {}, 'User: nms Group: READERS Version: v3 - Not found'),
  ]),
  ...rowsOf('VerifySnmpGroup', { command: 'show snmp group', inputs: { snmp_groups: [group] } }, [
    passes('views that are not asked for', inGroup('v2c', views('v2c', 'ALL', false)), {
      snmp_groups: [{ group_name: 'READERS', version: 'v2c', read_view: null, notify_view: 'EVENTS' }],
    }),
    fails(
      'another security model and another view',
      inGroup('v3', views('v3NoAuth', 'SOME', true)),
      `
        Group: READERS Version: v3 - Incorrect Read view - Expected: ALL Actual: SOME
        Group: READERS Version: v3 - Incorrect security model - Expected: v3Auth Actual: v3NoAuth
      `,
    ),
    fails(
      'a view without a configuration, and none',
      inGroup('v1', views('v1', 'ALL', false)),
      `
        Group: READERS Version: v1 Read View: ALL - Not configured
        Group: READERS Version: v1 View: write - Not configured
      `,
      { snmp_groups: [{ group_name: 'READERS', version: 'v1', read_view: 'ALL', write_view: 'ALL' }] },
    ),
    fails('no group', { groups: {} }, 'Group: READERS Version: v3 - Not configured'),
    errs(
      'v3 without the kind of authentication',
      [],
      'the check `VerifySnmpGroup` does not accept its inputs at snmp_groups.0.authentication: v3 needs the kind of authentication',
      { snmp_groups: [{ group_name: 'READERS', version: 'v3' }] },
    ),
    fails('empty', {}, 'Group: READERS Version: v3 - Not configured'),
  ]),
]

/** What the checks of `snmp` must say. */
export const snmpChecks: readonly Row[] = [...agentSnmp, ...hostsSnmp, ...usersAndGroupsSnmp]
