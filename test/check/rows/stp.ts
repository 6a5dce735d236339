import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf } from './rows-of.ts'

const vlan = (id: number, protocol: string) => ({
  spanningTreeVlanInstances: { [id]: { spanningTreeVlanInstance: { protocol } } },
})
const topology = (vlans: readonly number[], state: string) => ({
  topologies: { Mst1: { vlans, interfaces: { Ethernet1: { state: 'forwarding' }, 'Port-Channel7': { state } } } },
})
const root = (priority: number) => ({ rootBridge: { priority } })
const calm = { Cpu: { numChanges: 1 }, Ethernet1: { numChanges: 4 } }

/** What the checks of `stp` must say. */
export const rows: readonly Row[] = [
  ...rowsOf(
    'VerifySTPMode',
    { command: 'show spanning-tree vlan 110', inputs: { mode: 'rapidPvst', vlans: [110, 120] } },
    [
      passes('both as given', [vlan(110, 'rapidPvst'), vlan(120, 'rapidPvst')]),
      passes('mstp unless it is said', [vlan(110, 'mstp')], { vlans: ['110'] }),
      fails(
        'one is missing, one is another',
        [{ spanningTreeVlanInstances: {} }, vlan(120, 'mstp')],
        [
          'VLAN 110 STP mode: rapidPvst - Not configured',
          'VLAN 120 - Incorrect STP mode - Expected: rapidPvst Actual: mstp',
        ],
      ),
      fails(
        'empty',
        [{}, {}],
        ['VLAN 110 STP mode: rapidPvst - Not configured', 'VLAN 120 STP mode: rapidPvst - Not configured'],
      ),
      errs('one VLAN is not answered', [vlan(110, 'rapidPvst')], '`show spanning-tree vlan 120` was not answered'),
    ],
  ),
  ...rowsOf('VerifySTPBlockedPorts', { command: 'show spanning-tree blockedports' }, [
    fails(
      'an instance that is listed without a blocked port',
      [{ spanningTreeInstances: { MST0: { spanningTreeBlockedPorts: [] } } }],
      ['STP Instance: MST0 - Blocked ports - '],
    ),
    fails(
      'two in one instance',
      [{ spanningTreeInstances: { VL110: { spanningTreeBlockedPorts: ['Ethernet3', 'Port-Channel7'] } } }],
      ['STP Instance: VL110 - Blocked ports - Ethernet3, Port-Channel7'],
    ),
    errs('empty', [{}], '`show spanning-tree blockedports` answered in an unknown shape at spanningTreeInstances'),
  ]),
  ...rowsOf('VerifySTPCounters', { command: 'show spanning-tree counters' }, [
    passes('no error', [{ interfaces: { Ethernet1: { bpduTaggedError: 0, bpduOtherError: 0 } } }]),
    passes('a kind is left out', [{ interfaces: { Ethernet1: { bpduTaggedError: 9, bpduOtherError: 9 } } }], {
      ignored_interfaces: ['ethernet'],
    }),
    fails(
      'both kinds of errors',
      [
        {
          interfaces: {
            Ethernet1: { bpduTaggedError: 3, bpduOtherError: 4 },
            'Port-Channel7': { bpduTaggedError: 0, bpduOtherError: 0 },
          },
        },
      ],
      [
        'Interface: Ethernet1 - STP BPDU packet tagged errors count mismatch - Expected: 0 Actual: 3',
        'Interface: Ethernet1 - STP BPDU packet other errors count mismatch - Expected: 0 Actual: 4',
      ],
    ),
    fails('one that was named', [{ interfaces: {} }], ['Interface: Port-Channel7 - Not found'], {
      interfaces: ['po7'],
    }),
    errs(
      'no interface at all',
      [{ interfaces: {} }],
      '`show spanning-tree counters`: The answer tells of no interface',
    ),
    errs('empty', [{}], '`show spanning-tree counters` does not tell interfaces'),
  ]),
  ...rowsOf(
    'VerifySTPForwardingPorts',
    { command: 'show spanning-tree topology vlan 110 status', inputs: { vlans: [110, 120] } },
    [
      passes('all forward', [topology([110], 'forwarding'), topology([120], 'forwarding')]),
      passes('a port is down in another topology', [topology([999], 'discarding'), topology([120], 'forwarding')]),
      fails(
        'no topology, and one that learns',
        [{ topologies: {} }, topology([120], 'learning')],
        [
          'VLAN 110 - STP instance is not configured',
          'VLAN 120 Interface: Port-Channel7 - Invalid state - Expected: forwarding Actual: learning',
        ],
      ),
      fails(
        'empty',
        [{}, {}],
        ['VLAN 110 - STP instance is not configured', 'VLAN 120 - STP instance is not configured'],
      ),
    ],
  ),
  ...rowsOf(
    'VerifySTPRootPriority',
    { command: 'show spanning-tree root detail', inputs: { priority: 4096, instances: [110, 120] } },
    [
      passes('both, by VLAN', [{ instances: { VL110: root(4096), VL120: root(4096), VL1: root(32_768) } }]),
      fails(
        'a type of instance that is not known',
        [{ instances: { RSTP0: root(4096) } }],
        ['STP Instance: RSTP0 - Unsupported STP instance type'],
        { priority: 4096 },
      ),
      fails(
        'one is missing, one is another',
        [{ instances: { MST0: root(4096), MST110: root(8192) } }],
        [
          'STP Instance: MST110 - Incorrect root priority - Expected: 4096 Actual: 8192',
          'Instance: MST120 - Not configured',
        ],
      ),
      fails('no root', [{ instances: { VL110: {}, VL120: root(4096) } }], ['Instance: VL110 - Not configured']),
      fails('no instance', [{ instances: {} }], ['No STP instances configured']),
      fails(
        'another type',
        [{ instances: { RSTP0: root(4096) } }],
        ['STP Instance: RSTP0 - Unsupported STP instance type'],
      ),
      errs('empty', [{}], '`show spanning-tree root detail` answered in an unknown shape at instances'),
    ],
  ),
  ...rowsOf(
    'VerifyStpTopologyChanges',
    { command: 'show spanning-tree topology status detail', inputs: { threshold: 5 } },
    [
      passes('calm, but where no spanning tree runs', [
        { topologies: { Cist: { interfaces: calm }, NoStp: { interfaces: { Ethernet9: { numChanges: 70 } } } } },
      ]),
      fails(
        'as many as the threshold, and not told',
        [{ topologies: { Vl110: { interfaces: { ...calm, Ethernet2: { numChanges: 5 }, Ethernet3: {} } } } }],
        ['Topology: Vl110 Interface: Ethernet3 - Number of changes counter not found'],
      ),
      passes('a topology that tells no interfaces', [{ topologies: { Cist: {}, Vl110: { interfaces: calm } } }]),
      fails('only ports without it', [{ topologies: { NoStp: { interfaces: calm } } }], ['STP is not configured']),
      fails('empty', [{}], ['STP is not configured']),
    ],
  ),
  ...rowsOf('VerifySTPDisabledVlans', { command: 'show spanning-tree vlan detail', inputs: { vlans: [110, 4094] } }, [
    passes('disabled in both', [
      { spanningTreeVlanInstances: { '1': { spanningTreeVlanInstance: {} }, '110': {}, '4094': {} } },
    ]),
    fails(
      'one is enabled, one is missing',
      [{ spanningTreeVlanInstances: { '110': { spanningTreeVlanInstance: { protocol: 'mstp' } } } }],
      ['VLAN: 110 - STP is enabled', 'VLAN: 4094 - Not configured'],
    ),
    fails('no spanning tree', [{ spanningTreeVlanInstances: {} }], ['STP is not configured']),
    fails('empty', [{}], ['STP is not configured']),
  ]),
  {
    check: 'VerifySTPBlockedPorts',
    name: 'no instance blocks a port',
    outputs: [{ spanningTreeInstances: {} }],
    result: 'success',
  },
]
