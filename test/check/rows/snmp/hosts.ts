import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

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
export const rows: readonly Row[] = [
  ...rowsOf(
    'VerifySnmpHostLogging',
    {
      command: 'show snmp',
      inputs: { hosts: [{ hostname: '192.0.2.10' }, { hostname: 'log.example.com', vrf: 'MGMT' }] },
    },
    [
      passes('both hosts', [
        {
          logging: {
            loggingEnabled: true,
            hosts: { '192.0.2.10': { port: 162, vrf: '' }, 'log.example.com': { port: 162, vrf: 'MGMT' } },
          },
        },
      ]),
      fails(
        'one in another VRF, one not there',
        [{ logging: { loggingEnabled: true, hosts: { '192.0.2.10': { port: 162, vrf: 'MGMT' } } } }],
        [
          'Host: 192.0.2.10 VRF: default - Incorrect VRF - Actual: MGMT',
          'Host: log.example.com VRF: MGMT - Not configured',
        ],
      ),
      fails(
        'the default VRF instead of another, and one that is not told',
        [{ logging: { loggingEnabled: true, hosts: { '192.0.2.10': {}, 'log.example.com': { vrf: '' } } } }],
        [
          'Host: 192.0.2.10 VRF: default - Not configured',
          'Host: log.example.com VRF: MGMT - Incorrect VRF - Actual: default',
        ],
      ),
      fails('disabled', [{ logging: { loggingEnabled: false } }], ['SNMP logging is disabled']),
      fails('empty', [{}], ['SNMP logging is disabled']),
    ],
  ),
  ...rowsOf(
    'VerifySnmpNotificationHost',
    { command: 'show snmp notification host', inputs: { notification_hosts: [v2c, v3] } },
    [
      passes('both hosts', [{ hosts: [sent({}, { communityString: 'alpha' }), toV3('nms')] }]),
      fails(
        'traps and informs to the same host, of which the first counts',
        [
          {
            hosts: [
              sent({ notificationType: 'inform' }, { communityString: 'beta' }),
              sent({}, { communityString: 'alpha' }),
            ],
          },
        ],
        [
          'Host: 192.0.2.10 VRF: default - Incorrect notification type - Expected: trap Actual: inform',
          'Host: 192.0.2.10 VRF: default Version: v2c - Incorrect community string - Expected: alpha Actual: beta',
        ],
        { notification_hosts: [v2c] },
      ),
      fails(
        'all of one, the user of the other',
        [{ hosts: [sent({ notificationType: 'inform', port: 163 }, { communityString: 'beta' }), toV3('operator')] }],
        [
          'Host: 192.0.2.10 VRF: default - Incorrect notification type - Expected: trap Actual: inform',
          'Host: 192.0.2.10 VRF: default - Incorrect UDP port - Expected: 162 Actual: 163',
          'Host: 192.0.2.10 VRF: default Version: v2c - Incorrect community string - Expected: alpha Actual: beta',
          'Host: nms.example.com VRF: MGMT Version: v3 - Incorrect user - Expected: nms Actual: operator',
        ],
      ),
      fails(
        'another version, another VRF',
        [{ hosts: [sent({ protocolVersion: 'v1' }, { communityString: 'alpha' }), { ...toV3('nms'), vrf: '' }] }],
        [
          'Host: 192.0.2.10 VRF: default Version: v2c - Not configured',
          'Host: nms.example.com VRF: MGMT Version: v3 - Not configured',
        ],
      ),
      fails('no host', [{ hosts: [] }], ['No SNMP host is configured']),
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
      fails('empty', [{}], ['No SNMP host is configured']),
    ],
  ),
  ...rowsOf(
    'VerifySnmpSourceInterface',
    { command: 'show snmp', inputs: { interfaces: [{ interface: 'lo0' }, { interface: 'Management1', vrf: 'MGMT' }] } },
    [
      passes('both VRFs', [{ srcIntf: { sourceInterfaces: { default: 'Loopback0', MGMT: 'Management1' } } }]),
      fails(
        'another interface, and none',
        [{ srcIntf: { sourceInterfaces: { default: 'Loopback1' } } }],
        [
          'Source Interface: Loopback0 VRF: default - Incorrect source interface - Actual: Loopback1',
          'Source Interface: Management1 VRF: MGMT - Not configured',
        ],
      ),
      fails('none', [{ srcIntf: { sourceInterfaces: {} } }], ['SNMP source interface(s) not configured']),
      fails('empty', [{}], ['SNMP source interface(s) not configured']),
    ],
  ),
]
