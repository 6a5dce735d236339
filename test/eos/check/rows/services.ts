import type { Json, JsonObject } from '../../../../src/model/json.ts'
import { errs, fails, moreOf, passes, type Row, rowsOf } from './rows-of.ts'

const resolved = {
  messages: ['Server:\t\t192.0.2.53\nAddress:\t192.0.2.53#53\n\nName:\twww.example.com\nAddress: 192.0.2.80\n\n'],
}
const unresolved = {
  messages: ["Server:\t\t192.0.2.53\nAddress:\t192.0.2.53#53\n\n** server can't find nowhere.example: NXDOMAIN\n\n"],
}

const heading = `Errdisable Reason              Timer Status   Timer Interval
------------------------------ ----------------- --------------
`

/** What the checks of `services` must say. */
export const servicesChecks: readonly Row[] = [
  ...rowsOf(
    'VerifyHostname',
    { command: 'show hostname', empty: 'answered in an unknown shape at hostname', inputs: { hostname: 'leaf1' } },
    [
      passes('the name without its domain', { hostname: 'leaf1', fqdn: 'leaf1.example.com' }),
      fails('another name', { hostname: 'leaf2' }, 'Incorrect Hostname - Expected: leaf1 Actual: leaf2'),
    ],
  ),
  ...rowsOf(
    'VerifyDNSLookup',
    {
      command: 'bash timeout 10 nslookup www.example.com',
      inputs: { domain_names: ['www.example.com', 'nowhere.example'] },
    },
    [
      passes('a name and an alias', [
        resolved,
        {
          messages: [
            'Address:\t192.0.2.53#53\n\nmail.example.com\tcanonical name = a.example.com.\nName:\ta.example.com\nAddress: 192.0.2.25\n',
          ],
        },
      ]),
      errs('one does not resolve', [resolved, unresolved], '`nslookup nowhere.example` printed no address'),
      errs(
        'no name server answers',
        [{ messages: [';; connection timed out; no servers could be reached\n'] }, { messages: [] }],
        '`bash timeout 10 nslookup nowhere.example` answered in an unknown shape at messages',
      ),
      errs(
        'a name that a shell would read otherwise',
        [],
        'the check `VerifyDNSLookup` does not accept its inputs at domain_names.0: expected a domain name, such as www.example.com',
        { domain_names: ['example.com;reload'] },
      ),
      errs('empty', [{}, {}], '`bash timeout 10 nslookup www.example.com` answered in an unknown shape at messages'),
    ],
  ),
  ...rowsOf(
    'VerifyDNSServers',
    {
      command: 'show ip name-server',
      empty: 'answered in an unknown shape at nameServerConfigs',
      inputs: {
        dns_servers: [
          { server_address: '192.0.2.53', priority: 0 },
          { server_address: '2001:DB8:0::53', vrf: 'MGMT', priority: 1 },
        ],
      },
    },
    [
      passes('both, among others', {
        nameServerConfigs: [
          { ipAddr: '192.0.2.53', vrf: 'MGMT', priority: 2 },
          { ipAddr: '192.0.2.53', vrf: 'default', priority: 0 },
          { ipAddr: '2001:db8::53', vrf: 'MGMT', priority: 1 },
        ],
      }),
      fails(
        'another priority, another VRF',
        {
          nameServerConfigs: [
            { ipAddr: '192.0.2.53', vrf: 'default', priority: 4 },
            { ipAddr: '2001:db8::53', vrf: 'default', priority: 1 },
          ],
        },
        `
          Server 192.0.2.53 VRF: default Priority: 0 - Incorrect priority - Priority: 4
          Server 2001:db8::53 VRF: MGMT Priority: 1 - Not configured
        `,
      ),
    ],
  ),
  ...rowsOf(
    'VerifyErrdisableRecovery',
    { command: 'show errdisable recovery', inputs: { reasons: [{ reason: 'link-flap', interval: 60 }] } },
    [
      passes('enabled after the interval', `${heading}link-flap                      Enabled                  60\n`),
      passes(
        'disabled, as expected',
        `${heading}acl                            Disabled                 300\nlink-flap  Enabled  60\n`,
        { reasons: [{ reason: 'acl', status: 'Disabled', interval: 300 }] },
      ),
      fails(
        'disabled, and another interval',
        `${heading}link-flap                      Disabled                 300\n`,
        `
          Reason: link-flap - Invalid status - Expected: Enabled Actual: Disabled
          Reason: link-flap - Incorrect interval - Expected: 60 second(s) Actual: 300 second(s)
        `,
      ),
      fails('empty', '', 'Reason: link-flap Status: Enabled Interval: 60 - Not found'),
    ],
  ),
  ...moreOf('VerifyDNSLookup', [
    fails(
      'a name without an address',
      { messages: ["Server:\t\t192.0.2.53\n\n*** Can't find nowhere.example: No answer\n"] },
      'The following domain(s) are not resolved to an IP address: nowhere.example',
      { domain_names: ['nowhere.example'] },
    ),
  ]),
]

/** What `ping` prints at its end. */
const statistics = (sent: number, received: number) => ({
  messages: [`\n--- 192.0.2.1 ping statistics ---\n${sent} packets transmitted, ${received} received, time 1ms\n`],
})

const heard = (systemName: string, port: string) => ({
  systemName,
  neighborInterfaceInfo: { interfaceId: `"${port}"`, interfaceId_v2: port },
})

const spine1 = { port: 'et1', neighbor_device: 'spine1', neighbor_port: 'Ethernet7' }

/** What the checks of `connectivity` must say. */
export const connectivityChecks: readonly Row[] = [
  ...rowsOf(
    'VerifyReachability',
    {
      command: 'ping vrf MGMT 192.0.2.1 source Management1 size 1500 df-bit repeat 2',
      inputs: { hosts: [{ destination: '192.0.2.1', source: 'Management1', df_bit: true, size: 1500, vrf: 'MGMT' }] },
    },
    [
      passes('every packet is answered', [statistics(2, 2), statistics(12, 12)], {
        hosts: [{ destination: '192.0.2.1' }, { destination: '2001:db8:0::1', source: 'lo0', repeat: 12 }],
      }),
      fails(
        'some faults of four',
        [
          statistics(2, 0),
          statistics(2, 1),
          { messages: ['ping: bind: Cannot assign requested address\n'] },
          { messages: ['ping: connect: Network is unreachable\n'] },
        ],
        `
          Destination 192.0.2.1 (gateway) from Vlan110 in VRF PROD - Packet loss detected - Transmitted: 2 Received: 0
          Destination 192.0.2.2 in VRF default - Destination is expected to be unreachable but found reachable
          Destination 192.0.2.3 from 198.51.100.9 in VRF default - Error when executing ping: 'ping: bind: Cannot assign requested address'
          Destination 2001:db8::2 in VRF default - Unreachable
        `,
        {
          hosts: [
            { destination: '192.0.2.1', description: 'gateway', source: 'vlan110', vrf: 'PROD' },
            { destination: '192.0.2.2', reachable: false },
            { destination: '192.0.2.3', source: '198.51.100.9' },
            { destination: '2001:DB8::2' },
          ],
        },
      ),
      passes(
        'nothing answers that should not',
        [statistics(2, 0), { messages: ['ping: connect: Network is unreachable\n'] }],
        {
          hosts: [
            { destination: '192.0.2.1', reachable: false },
            { destination: '192.0.2.2', reachable: false },
          ],
        },
      ),
      errs(
        'no hosts are nothing to judge',
        [],
        'the check `VerifyReachability` does not accept its inputs at hosts: Too small: expected array to have >=1 items',
        { hosts: [] },
      ),
      errs(
        'empty',
        { messages: [] },
        '`ping vrf default 192.0.2.1 size 100 repeat 2` answered in an unknown shape at messages',
        { hosts: [{ destination: '192.0.2.1' }] },
      ),
    ],
  ),
  ...rowsOf('VerifyLLDPNeighbors', { command: 'show lldp neighbors detail', inputs: { neighbors: [spine1] } }, [
    passes(
      'one of two neighbors, with its domain',
      {
        lldpNeighbors: {
          Ethernet1: { lldpNeighborInfo: [heard('phone', 'eth0'), heard('spine1.example.com', 'Ethernet7')] },
        },
      },
      { require_fqdn: false, neighbors: [spine1] },
    ),
    fails(
      'no port, no neighbor, another port, a name that only begins so',
      {
        lldpNeighbors: {
          Ethernet2: { lldpNeighborInfo: [] },
          Ethernet3: {
            lldpNeighborInfo: [
              {
                systemName: 'spine1',
                neighborInterfaceInfo: { interfaceId: '"Ethernet8"', interfaceId_v2: 'Ethernet8' },
              },
              {
                systemName: 'spine2',
                neighborInterfaceInfo: { interfaceId: '"Ethernet7"', interfaceId_v2: 'Ethernet7' },
              },
            ],
          },
          Ethernet4: {
            lldpNeighborInfo: [
              {
                systemName: 'spine10.example.com',
                neighborInterfaceInfo: { interfaceId: '"Ethernet7"', interfaceId_v2: 'Ethernet7' },
              },
            ],
          },
          Ethernet5: {
            lldpNeighborInfo: [
              {
                systemName: 'DC1-SPINE1.local.com',
                neighborInterfaceInfo: {
                  interfaceIdType: 'interfaceName',
                  interfaceId: 'Ethernet1',
                  interfaceId_v2: 'Ethernet1',
                  interfaceDescription: 'P2P_LINK_TO_DC1-LEAF1A_Ethernet1',
                },
              },
            ],
          },
        },
      },
      `
        Port: Ethernet1 Neighbor: spine1 Neighbor Port: Ethernet7 - Port not found
        Port: Ethernet2 Neighbor: spine1 Neighbor Port: Ethernet7 - No LLDP neighbors
        Port: Ethernet3 Neighbor: spine1 Neighbor Port: Ethernet7 - Wrong LLDP neighbors: spine1/Ethernet8, spine2/Ethernet7
        Port: Ethernet4 Neighbor: spine1 Neighbor Port: Ethernet7 - Wrong LLDP neighbors: spine10.example.com/Ethernet7
        Port: Ethernet5 Neighbor: spine1 Neighbor Port: Ethernet7 - Wrong LLDP neighbors: DC1-SPINE1.local.com/Ethernet1
      `,
      {
        require_fqdn: false,
        neighbors: [
          spine1,
          { ...spine1, port: 'Ethernet2' },
          { ...spine1, port: 'Ethernet3' },
          { ...spine1, port: 'Ethernet4' },
          { ...spine1, port: 'Ethernet5' },
        ],
      },
    ),
    fails('empty', { lldpNeighbors: {} }, 'Port: Ethernet1 Neighbor: spine1 Neighbor Port: Ethernet7 - Port not found'),
  ]),
]

const exporters = [
  { name: 'COLLECTOR-1', local_interface: 'Loopback0', template_interval: 60_000 },
  { name: 'COLLECTOR-2', local_interface: 'Loopback1', template_interval: 60_000 },
]
const inputs = {
  trackers: [
    { name: 'EDGE', record_export: { on_inactive_timeout: 7000, on_interval: 30_000 }, exporters },
    { name: 'CORE' },
  ],
}
const edge = {
  active: true,
  inactiveTimeout: 7000,
  activeInterval: 30_000,
  exporters: {
    'COLLECTOR-1': { localIntf: 'Loopback0', templateInterval: 60_000 },
    'COLLECTOR-2': { localIntf: 'Loopback1', templateInterval: 60_000 },
  },
}

/** What the checks of `flow_tracking` must say. */
export const flowTrackingChecks: readonly Row[] = rowsOf(
  'VerifyHardwareFlowTrackerStatus',
  { command: 'show flow tracking hardware', inputs },
  [
    passes('timers and exporters as given; nothing more than active where nothing is given', {
      running: true,
      trackers: { EDGE: edge, CORE: { active: true, inactiveTimeout: 1 } },
    }),
    fails(
      'both timers, an exporter otherwise, one that is not there, and a tracker that is not active',
      {
        running: true,
        trackers: {
          EDGE: {
            ...edge,
            inactiveTimeout: 9000,
            exporters: { 'COLLECTOR-2': { localIntf: 'Loopback9', templateInterval: 1000 } },
          },
          CORE: { active: false },
        },
      },
      `
        Flow Tracker: EDGE Inactive Timeout: 7000 Active Interval: 30000 - Incorrect timers - Inactive Timeout: 9000 OnActive Interval: 30000
        Flow Tracker: EDGE Exporter: COLLECTOR-1 - Not configured
        Flow Tracker: EDGE Exporter: COLLECTOR-2 - Incorrect local interface - Expected: Loopback1 Actual: Loopback9
        Flow Tracker: EDGE Exporter: COLLECTOR-2 - Incorrect template interval - Expected: 60000 Actual: 1000
        Flow Tracker: CORE - Disabled
      `,
    ),
    fails(
      'no tracker is told',
      { running: true, trackers: {} },
      `
        Flow Tracker: EDGE - Not found
        Flow Tracker: CORE - Not found
      `,
    ),
    fails(
      'not running, though the trackers are active',
      { running: false, trackers: { EDGE: edge, CORE: { active: true } } },
      'Hardware flow tracking is not running',
    ),
    fails('empty', {}, 'Hardware flow tracking is not running'),
  ],
)

const COMMAND = 'show version detail'

const withAboot = (version: string, modelName = 'DCS-7280SR-48C6') => ({
  modelName,
  details: { components: [{ name: 'Aboot', version: `Aboot-norcal6-${version}-1234567` }] },
})

const withRegulator = (modelName: string, serialNumber: string, version: string) => ({
  modelName,
  serialNumber,
  details: { components: [{ name: 'FixedSystemvrm1', version }] },
})

const notExposed = { result: 'skipped', messages: ['Device not exposed'] } as const
const mitigated = { result: 'success', messages: ['FN72 is mitigated'] } as const

/** What the checks of `field_notices` must say. */
export const fieldNoticesChecks: readonly Row[] = [
  ...rowsOf('VerifyFieldNotice44Resolution', { command: COMMAND }, [
    passes('the first fixed 6.1', withAboot('6.1.7')),
    fails('the last faulty 6.1', withAboot('6.1.6'), 'Device is running incorrect version of aboot 6.1.6'),
    fails('no Aboot', { modelName: 'DCS-7280SR-48C6', details: { components: [] } }, 'Aboot component not found'),
    errs(
      'a version of another form',
      { modelName: 'DCS-7280SR-48C6', details: { components: [{ name: 'Aboot', version: 'Aboot-special' }] } },
      '`show version detail`: Aboot version is not known: Aboot-special',
    ),
    {
      name: 'another model',
      outputs: [withAboot('4.0.1', 'vEOS-lab')],
      result: 'skipped',
      messages: ['Device is not impacted by FN044'],
    },
    errs('empty', {}, '`show version detail` does not tell modelName'),
  ]),
  ...rowsOf('VerifyFieldNotice72Resolution', { command: COMMAND }, [
    {
      name: 'the last exposed week of JPE',
      outputs: [withRegulator('DCS-7280SR3-48YC8', 'JPE2130999', '7')],
      ...mitigated,
    },
    { name: 'a later firmware', outputs: [withRegulator('DCS-7280SR3K-48YC8', 'JAS2040999', '10')], ...mitigated },
    fails('an earlier firmware', withRegulator('DCS-7280SR3-48YC8-F', 'JPE2130999', '6'), 'Device is exposed to FN72'),
    errs(
      'no version',
      withRegulator('DCS-7280SR3-48YC8', 'JAS2001000', ''),
      '`show version detail`: Version of FixedSystemvrm1 is no number: ',
    ),
    { name: 'a week later', outputs: [withRegulator('DCS-7280SR3-48YC8', 'JPE2131000', '5')], ...notExposed },
    { name: 'another plant', outputs: [withRegulator('DCS-7280SR3-48YC8', 'SSJ2001000', '5')], ...notExposed },
    {
      name: 'another model',
      outputs: [withRegulator('DCS-7280SR-48C6', 'JPE2001000', '5')],
      result: 'skipped',
      messages: ['Platform is not impacted by FN072'],
    },
    fails(
      'no voltage regulator',
      { modelName: 'DCS-7280SR3-48YC8', serialNumber: 'JPE2001000', details: { components: [] } },
      "Error in running test - Component FixedSystemvrm1 not found in 'show version'",
    ),
    errs('empty', {}, '`show version detail` does not tell modelName'),
  ]),
]

const extension = 'Telemetry-1.0.1-1.swix'

/** What the checks of `software` must say. */
export const softwareChecks: readonly Row[] = [
  ...rowsOf(
    'VerifyEOSVersion',
    { command: 'show version', empty: 'answered in an unknown shape at version', inputs: { versions: ['4.33.1F'] } },
    [
      passes('one of two', { version: '4.33.1F' }, { versions: ['4.32.2F', '4.33.1F'] }),
      fails(
        'another version, and no part of one counts',
        { version: '4.33.1' },
        'EOS version mismatch - Actual: 4.33.1 not in Expected: 4.32.2F, 4.33.1F',
        { versions: ['4.32.2F', '4.33.1F'] },
      ),
    ],
  ),
  ...rowsOf(
    'VerifyTerminAttrVersion',
    { command: 'show version detail', empty: 'does not tell details', inputs: { versions: ['v1.35.0'] } },
    [
      passes(
        'one of two',
        { details: { packages: { 'TerminAttr-core': { release: '1', version: 'v1.35.0' } } } },
        {
          versions: ['v1.35.0', 'v1.36.1'],
        },
      ),
      fails(
        'another version',
        { details: { packages: { 'TerminAttr-core': { release: '1', version: 'v1.30.2' } } } },
        'TerminAttr version mismatch - Actual: v1.30.2 not in Expected: v1.35.0',
      ),
      errs(
        'not installed',
        { details: { packages: {} } },
        '`show version detail` does not tell details.packages.TerminAttr-core',
      ),
    ],
  ),
  ...moreOf('VerifyEOSExtensions', [
    passes('what is installed boots, and what is only there does not matter', [
      { extensions: { [extension]: { status: 'installed' }, 'Old-1.swix': { status: 'notInstalled' } } },
      { extensions: [`${extension}\n`] },
    ]),
    passes('none at all', [{ extensions: {} }, { extensions: [''] }]),
    fails(
      'two are installed and one boots',
      [
        { extensions: { 'Zebra-2.swix': { status: 'installed' }, [extension]: { status: 'installed' } } },
        { extensions: [extension] },
      ],
      'EOS extensions mismatch - Installed: Telemetry-1.0.1-1.swix, Zebra-2.swix Configured: Telemetry-1.0.1-1.swix',
    ),
    fails(
      'one boots that is not installed',
      [{ extensions: {} }, { extensions: [extension] }],
      'EOS extensions mismatch - Installed: Not found Configured: Telemetry-1.0.1-1.swix',
    ),
    errs('empty', [{}, {}], '`show extensions` answered in an unknown shape at extensions'),
    errs('absent', { extensions: {} }, '`show boot-extensions` was not answered'),
  ]),
]

const config: Json = {
  cmds: {
    'ip routing': null,
    'snmp-server community vault7 ro': null,
    'banner motd\nAuthorised use only.\nEOF': null,
    'interface Ethernet1': { cmds: { 'description to spine1': null, 'mtu 9214': null } },
    'interface Ethernet2': { cmds: { 'mtu 1500': null } },
    'interface Loopback0': null,
    'router bgp 65001': {
      cmds: {
        'maximum-paths 8 ecmp 16': null,
        'vrf BLUE': { cmds: { 'router-id 192.0.2.1': null } },
        'vrf RED': { cmds: {} },
      },
    },
  },
}

const rules = (...list: readonly JsonObject[]) => ({ rules: [...list] })
const entry = (given: JsonObject) => rules({ entries: [given] })

const unreadable = (name: string, inputs: JsonObject, message: string) =>
  errs(name, [], `the check \`VerifyRunningConfig\` does not accept its inputs at rules.0.${message}`, inputs)

/** What the checks of `configuration` must say. */
export const configurationChecks: readonly Row[] = [
  ...rowsOf('VerifyZeroTouch', { command: 'show zerotouch', empty: 'answered in an unknown shape at mode' }, [
    passes('disabled', { mode: 'disabled' }),
    fails('enabled', { mode: 'enabled' }, 'ZTP is NOT disabled'),
  ]),
  ...rowsOf('VerifyRunningConfigDiffs', { command: 'show running-config diffs' }, [
    passes('no difference', ''),
    fails('an empty line', '\n', ['\n']),
    fails('a difference', { output: '+++ system:/running-config\n+no ip routing\n' }, [
      '+++ system:/running-config\n+no ip routing\n',
    ]),
    {
      ...passes('empty', ''),
      emptyIsGood: 'EOS prints nothing where running-config and startup-config are the same',
    },
    errs('no text', {}, '`show running-config diffs` answered in an unknown shape'),
  ]),
  ...rowsOf(
    'VerifyRunningConfigLines',
    { command: 'show running-config', inputs: { regex_patterns: ['^ip routing$', '^ntp server', 'logging host'] } },
    [
      passes('each line by itself', 'hostname leaf1\nip routing\nntp server 192.0.2.1\nlogging host 192.0.2.2\n'),
      fails(
        'two are missing, and the end of a line is no part of it',
        'ip routing\nno ntp server 192.0.2.1\n',
        "Following patterns were not found: '^ntp server', 'logging host'",
      ),
      errs('a pattern that takes for ever', `${'a'.repeat(40)}!`, 'Pattern `^(a+)+$` takes too long to match', {
        regex_patterns: ['^(a+)+$', 'missing'],
      }),
      fails('empty', '', "Following patterns were not found: '^ip routing$', '^ntp server', 'logging host'"),
    ],
  ),
  ...rowsOf('VerifyRunningConfig', { command: 'show running-config', inputs: entry({ match: 'ip routing' }) }, [
    passes('a command of the top level', config),
    fails(
      'sections, patterns for sections, and a command that is no section',
      config,
      "Section 'interface Loopback0' in the running-config - Not found",
      rules(
        { section: ['interface Ethernet\\d+'], entries: [{ match: 'mtu ', mode: 'contains' }] },
        {
          section: ['router bgp \\d+', 'vrf BLUE'],
          entries: [{ match: 'router-id 192\\.0\\.2\\.\\d', mode: 'regex' }],
        },
        { section: ['router bgp 65001', 'vrf RED'], entries: [] },
        { section: ['interface Loopback0'], entries: [{ match: 'shutdown', absent: true }] },
      ),
    ),
    fails(
      'what is there, what is not, and what should not be',
      config,
      `
        Command 'ip rout' in the running-config - Not found
        Clock - Substring 'ntp' in the running-config - Not found
        Pattern '^mtu' in the running-config - Not found
        Command 'ip routing' in the running-config - Expected to be absent
        Substring 'community' in the running-config - Expected to be absent
        No banner - Pattern '^banner' in the running-config - Expected to not match
      `,
      rules({
        entries: [
          { match: 'ip rout' },
          { match: 'ntp', mode: 'contains', description: 'Clock' },
          { match: '^mtu', mode: 'regex' },
          { match: 'ip routing', absent: true },
          { match: 'community', mode: 'contains', absent: true },
          { match: '^banner', mode: 'regex', absent: true, description: 'No banner' },
        ],
      }),
    ),
    fails(
      'each section that a pattern leads to, and sections that are not there',
      config,
      `
        Substring 'description' in 'interface Ethernet2' - Not found
        Captured value of 'mtu (\\d+)' >= 9000 in 'interface Ethernet2' - Actual: 1500
        Substring 'router-id' in 'router bgp 65001 > vrf RED' - Not found
        Section 'interface Ethernet' in the running-config - Not found
        Section 'router bgp 65001 > vrf GREEN' in the running-config - Not found
      `,
      rules(
        {
          section: ['interface Ethernet\\d'],
          entries: [
            { match: 'description', mode: 'contains' },
            { match: 'mtu (\\d+)', mode: 'regex', threshold: { value: 9000, operator: 'ge' } },
          ],
        },
        { section: ['router bgp .*', 'vrf .*'], entries: [{ match: 'router-id', mode: 'contains' }] },
        { section: ['interface Ethernet'], entries: [] },
        { section: ['router bgp 65001', 'vrf GREEN'], entries: [] },
      ),
    ),
    fails(
      'numbers out of bounds, none captured, and a secret that is captured',
      config,
      `
        Captured value of 'ecmp (\\d+)' <= 8 in 'router bgp 65001' - Actual: 16
        Captured value of 'maximum-paths (\\d+)' == 16 in 'router bgp 65001' - Actual: 8
        Captured value of 'bfd (\\d+)' == 1 in 'router bgp 65001' - Not found
        Captured value of 'vrf (\\S+)' == 1 in 'router bgp 65001' - Captured value 'BLUE' is not an integer
        Captured value of 'vrf (\\S+)' == 1 in 'router bgp 65001' - Captured value 'RED' is not an integer
        Captured value of 'community (\\S+)' == 1 in the running-config - Captured value '<redacted>' is not an integer
        Captured value of 'ip routing( x)?' == 1 in the running-config - Captured value 'None' is not an integer
      `,
      rules(
        {
          section: ['router bgp 65001'],
          entries: [
            { match: 'ecmp (\\d+)', mode: 'regex', threshold: { value: 8, operator: 'le' } },
            { match: 'maximum-paths (\\d+)', mode: 'regex', threshold: { value: 16 } },
            { match: 'bfd (\\d+)', mode: 'regex', threshold: { value: 1 } },
            { match: 'vrf (\\S+)', mode: 'regex', threshold: { value: 1 } },
          ],
        },
        { entries: [{ match: 'community (\\S+)', mode: 'regex', threshold: { value: 1 } }] },
        { entries: [{ match: 'ip routing( x)?', mode: 'regex', threshold: { value: 1 } }] },
      ),
    ),
    errs(
      'a pattern that takes for ever is an error, whatever else is wrong',
      { cmds: { [`description ${'a'.repeat(40)}!`]: null } },
      'Pattern `description (a+)+$` takes too long to match',
      rules({ entries: [{ match: 'missing' }, { match: 'description (a+)+$', mode: 'regex' }] }),
    ),
    errs(
      'so is one for a section',
      { cmds: { [`interface ${'a'.repeat(40)}!`]: { cmds: {} } } },
      'Pattern `interface (a+)+` takes too long to match',
      rules({ section: ['interface (a+)+'], entries: [] }),
    ),
    unreadable('a rule about nothing', rules({ entries: [] }), 'entries: a rule without a section needs entries'),
    unreadable(
      'a threshold of no pattern',
      entry({ match: 'mtu (\\d+)', threshold: { value: 1 } }),
      'entries.0.threshold: a threshold needs `mode: regex` and a capture group in `match`',
    ),
    unreadable(
      'a threshold of nothing captured',
      entry({ match: 'mtu (?:\\d+)', mode: 'regex', threshold: { value: 1 } }),
      'entries.0.threshold: a threshold needs `mode: regex` and a capture group in `match`',
    ),
    unreadable(
      'a threshold of what is absent',
      entry({ match: 'mtu (\\d+)', mode: 'regex', absent: true, threshold: { value: 1 } }),
      'entries.0.threshold: a threshold has no meaning with `absent`',
    ),
    unreadable(
      'no pattern',
      entry({ match: 'mtu (', mode: 'regex' }),
      'entries.0.match: expected a regular expression, such as mtu (\\d+)',
    ),
    fails('empty', { cmds: {} }, "Command 'ip routing' in the running-config - Not found"),
    errs('no configuration', {}, '`show running-config` answered in an unknown shape at cmds'),
  ]),
]

const PARTITION = 'show platform trident forwarding-table partition'

const running = (status: string) => ({ config: 'vxlan-routing', status })

/** What the checks of `profiles` must say. */
export const profilesChecks: readonly Row[] = [
  ...rowsOf(
    'VerifyUnifiedForwardingTableMode',
    { command: PARTITION, empty: 'answered in an unknown shape at uftMode', inputs: { mode: 4 } },
    [
      passes('the flexible mode', { uftMode: 'flexible' }, { mode: 'flexible' }),
      fails('another mode', { uftMode: '2' }, 'Not running the correct UFT mode - Expected: 4 Actual: 2'),
    ],
  ),
  ...rowsOf('VerifyTcamProfile', { command: 'show hardware tcam profile', inputs: { profile: 'vxlan-routing' } }, [
    passes('every line card', {
      pmfProfiles: { Linecard3: running('vxlan-routing'), Linecard4: running('vxlan-routing') },
    }),
    fails(
      'configured and not running',
      { pmfProfiles: { Linecard3: running('default'), Linecard4: running('vxlan-routing') } },
      'Linecard3 - Incorrect profile running on device - Expected: vxlan-routing Actual: default',
    ),
    errs(
      'not told',
      { pmfProfiles: { Linecard4: {} } },
      '`show hardware tcam profile` does not tell pmfProfiles.Linecard4.status',
    ),
    fails('empty', { pmfProfiles: {} }, 'No TCAM profile found'),
  ]),
]
