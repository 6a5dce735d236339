import { errs, fails, moreOf, passes, type Row, rowsOf } from './rows-of.ts'

/** What the checks of `vlan` must say. */
export const vlanChecks: readonly Row[] = [
  ...rowsOf(
    'VerifyVlanInternalPolicy',
    {
      command: 'show vlan internal allocation policy',
      inputs: { policy: 'descending', start_vlan_id: 1006, end_vlan_id: 1199 },
    },
    [
      passes('as given', { policy: 'descending', startVlanId: 1006, endVlanId: 1199 }),
      fails(
        'another policy hides the range',
        { policy: 'ascending', startVlanId: 1, endVlanId: 2 },
        'Incorrect VLAN internal allocation policy configured - Expected: descending Actual: ascending',
      ),
      fails(
        'another range, half of it told',
        { policy: 'descending', startVlanId: 1007 },
        `
          VLAN internal allocation policy: descending - Incorrect start VLAN id configured - Expected: 1006 Actual: 1007
          VLAN internal allocation policy: descending - Incorrect end VLAN id configured - Expected: 1199 Actual: None
        `,
      ),
      fails('empty', {}, 'Incorrect VLAN internal allocation policy configured - Expected: descending Actual: None'),
    ],
  ),
  ...rowsOf('VerifyDynamicVlanSource', { command: 'show vlan dynamic', inputs: { sources: ['mlagsync', 'evpn'] } }, [
    passes('both, and another', {
      dynamicVlans: { evpn: { vlanIds: [1199] }, mlagsync: { vlanIds: [10] }, vccbfd: { vlanIds: [11] } },
    }),
    passes(
      'strictly, another without VLANs',
      { dynamicVlans: { evpn: { vlanIds: [1199] }, dot1x: { vlanIds: [] } } },
      {
        sources: ['evpn'],
        strict: true,
      },
    ),
    fails('neither', { dynamicVlans: {} }, 'Dynamic VLAN source(s) not found in configuration: evpn, mlagsync'),
    fails(
      'both without VLANs',
      { dynamicVlans: { mlagsync: {}, evpn: { vlanIds: [] } } },
      'Dynamic VLAN source(s) exist but have no VLANs allocated: evpn, mlagsync',
    ),
    fails(
      'others, in strict mode',
      { dynamicVlans: { vccbfd: { vlanIds: [11] }, evpn: { vlanIds: [10] }, dmf: { vlanIds: [12] } } },
      'Strict mode enabled: Unexpected sources have VLANs allocated: dmf, vccbfd',
      { sources: ['evpn'], strict: true },
    ),
    fails('empty', {}, 'Dynamic VLAN source(s) not found in configuration: evpn, mlagsync'),
  ]),
  ...rowsOf(
    'VerifyVlanStatus',
    {
      command: 'show vlan',
      inputs: {
        vlans: [
          { vlan_id: 20, status: 'active' },
          { vlan_id: 10, status: 'suspended' },
        ],
      },
    },
    [
      passes('as given', { vlans: { '10': { status: 'suspended' }, '20': { status: 'active' } } }),
      fails(
        'one missing, one of another status',
        { vlans: { '10': { status: 'active' } } },
        `
          VLAN: Vlan20 - Not configured
          VLAN: Vlan10 - Incorrect administrative status - Expected: suspended Actual: active
        `,
      ),
      errs(
        'no status is told',
        { vlans: { '10': {}, '20': { status: 'active' } } },
        '`show vlan` does not tell vlans.10.status',
      ),
      fails(
        'empty',
        {},
        `
          VLAN: Vlan20 - Not configured
          VLAN: Vlan10 - Not configured
        `,
      ),
    ],
  ),
]

const vlan = (id: number, protocol: string) => ({
  spanningTreeVlanInstances: { [id]: { spanningTreeVlanInstance: { protocol } } },
})
const topology = (vlans: readonly number[], state: string) => ({
  topologies: { Mst1: { vlans, interfaces: { Ethernet1: { state: 'forwarding' }, 'Port-Channel7': { state } } } },
})
const root = (priority: number) => ({ rootBridge: { priority } })
const calm = { Cpu: { numChanges: 1 }, Ethernet1: { numChanges: 4 } }

/** What the checks of `stp` must say. */
export const stpChecks: readonly Row[] = [
  ...rowsOf(
    'VerifySTPMode',
    { command: 'show spanning-tree vlan 110', inputs: { mode: 'rapidPvst', vlans: [110, 120] } },
    [
      passes('mstp unless it is said', vlan(110, 'mstp'), { vlans: ['110'] }),
      fails(
        'one is missing, one is another',
        [{ spanningTreeVlanInstances: {} }, vlan(120, 'mstp')],
        `
          VLAN 110 STP mode: rapidPvst - Not configured
          VLAN 120 - Incorrect STP mode - Expected: rapidPvst Actual: mstp
        `,
      ),
      fails(
        'empty',
        [{}, {}],
        `
          VLAN 110 STP mode: rapidPvst - Not configured
          VLAN 120 STP mode: rapidPvst - Not configured
        `,
      ),
      errs('one VLAN is not answered', vlan(110, 'rapidPvst'), '`show spanning-tree vlan 120` was not answered'),
    ],
  ),
  ...rowsOf(
    'VerifySTPBlockedPorts',
    { command: 'show spanning-tree blockedports', empty: 'answered in an unknown shape at spanningTreeInstances' },
    [
      fails(
        'an instance that is listed without a blocked port',
        { spanningTreeInstances: { MST0: { spanningTreeBlockedPorts: [] } } },
        ['STP Instance: MST0 - Blocked ports - '],
      ),
      fails(
        'two in one instance',
        { spanningTreeInstances: { VL110: { spanningTreeBlockedPorts: ['Ethernet3', 'Port-Channel7'] } } },
        'STP Instance: VL110 - Blocked ports - Ethernet3, Port-Channel7',
      ),
    ],
  ),
  ...rowsOf('VerifySTPCounters', { command: 'show spanning-tree counters', empty: 'does not tell interfaces' }, [
    passes(
      'a kind is left out',
      { interfaces: { Ethernet1: { bpduTaggedError: 9, bpduOtherError: 9 } } },
      {
        ignored_interfaces: ['ethernet'],
      },
    ),
    fails(
      'both kinds of errors',
      {
        interfaces: {
          Ethernet1: { bpduTaggedError: 3, bpduOtherError: 4 },
          'Port-Channel7': { bpduTaggedError: 0, bpduOtherError: 0 },
        },
      },
      `
        Interface: Ethernet1 - STP BPDU packet tagged errors count mismatch - Expected: 0 Actual: 3
        Interface: Ethernet1 - STP BPDU packet other errors count mismatch - Expected: 0 Actual: 4
      `,
    ),
    fails('one that was named', { interfaces: {} }, 'Interface: Port-Channel7 - Not found', {
      interfaces: ['po7'],
    }),
  ]),
  ...rowsOf(
    'VerifySTPForwardingPorts',
    { command: 'show spanning-tree topology vlan 110 status', inputs: { vlans: [110, 120] } },
    [
      passes('a port is down in another topology', [topology([999], 'discarding'), topology([120], 'forwarding')]),
      fails(
        'no topology, and one that learns',
        [{ topologies: {} }, topology([120], 'learning')],
        `
          VLAN 110 - STP instance is not configured
          VLAN 120 Interface: Port-Channel7 - Invalid state - Expected: forwarding Actual: learning
        `,
      ),
      fails(
        'empty',
        [{}, {}],
        `
          VLAN 110 - STP instance is not configured
          VLAN 120 - STP instance is not configured
        `,
      ),
    ],
  ),
  ...rowsOf(
    'VerifySTPRootPriority',
    {
      command: 'show spanning-tree root detail',
      empty: 'answered in an unknown shape at instances',
      inputs: { priority: 4096, instances: [110, 120] },
    },
    [
      passes('both, by VLAN', { instances: { VL110: root(4096), VL120: root(4096), VL1: root(32_768) } }),
      fails(
        'a type of instance that is not known',
        { instances: { RSTP0: root(4096) } },
        'STP Instance: RSTP0 - Unsupported STP instance type',
        { priority: 4096 },
      ),
      fails(
        'one is missing, one is another',
        { instances: { MST0: root(4096), MST110: root(8192) } },
        `
          STP Instance: MST110 - Incorrect root priority - Expected: 4096 Actual: 8192
          Instance: MST120 - Not configured
        `,
      ),
      fails('no root', { instances: { VL110: {}, VL120: root(4096) } }, 'Instance: VL110 - Not configured'),
      fails('no instance', { instances: {} }, 'No STP instances configured'),
      fails(
        'another type',
        { instances: { RSTP0: root(4096) } },
        'STP Instance: RSTP0 - Unsupported STP instance type',
      ),
    ],
  ),
  ...rowsOf(
    'VerifyStpTopologyChanges',
    { command: 'show spanning-tree topology status detail', inputs: { threshold: 5 } },
    [
      fails(
        'as many as the threshold, and not told',
        { topologies: { Vl110: { interfaces: { ...calm, Ethernet2: { numChanges: 5 }, Ethernet3: {} } } } },
        'Topology: Vl110 Interface: Ethernet3 - Number of changes counter not found',
      ),
      passes('a topology that tells no interfaces', { topologies: { Cist: {}, Vl110: { interfaces: calm } } }),
      fails('only ports without it', { topologies: { NoStp: { interfaces: calm } } }, 'STP is not configured'),
      fails('empty', {}, 'STP is not configured'),
    ],
  ),
  ...rowsOf('VerifySTPDisabledVlans', { command: 'show spanning-tree vlan detail', inputs: { vlans: [110, 4094] } }, [
    passes('disabled in both', {
      spanningTreeVlanInstances: { '1': { spanningTreeVlanInstance: {} }, '110': {}, '4094': {} },
    }),
    fails(
      'one is enabled, one is missing',
      { spanningTreeVlanInstances: { '110': { spanningTreeVlanInstance: { protocol: 'mstp' } } } },
      `
        VLAN: 110 - STP is enabled
        VLAN: 4094 - Not configured
      `,
    ),
    fails('no spanning tree', { spanningTreeVlanInstances: {} }, 'STP is not configured'),
    fails('empty', {}, 'STP is not configured'),
  ]),
  ...moreOf('VerifySTPBlockedPorts', [passes('no instance blocks a port', { spanningTreeInstances: {} })]),
]

const healthy = { state: 'active', negStatus: 'connected', peerLinkStatus: 'up', localIntfStatus: 'up' }
const disabled = {
  name: 'MLAG is disabled',
  outputs: [{ state: 'disabled' }],
  result: 'skipped',
  messages: ['MLAG is disabled'],
} as const
const empty = errs('empty', {}, '`show mlag` answered in an unknown shape at state')
const emptyDetail = errs('empty', {}, '`show mlag detail` answered in an unknown shape at state')
const guarded = {
  state: 'active',
  dualPrimaryDetectionState: 'configured',
  dualPrimaryMlagRecoveryDelay: 70,
  dualPrimaryNonMlagRecoveryDelay: 5,
  detail: { dualPrimaryDetectionDelay: 30, dualPrimaryAction: 'errdisableAllInterfaces' },
}

/** What the checks of `mlag` must say. */
export const mlagChecks: readonly Row[] = [
  ...rowsOf('VerifyMlagStatus', { command: 'show mlag' }, [
    passes('a healthy pair', healthy),
    fails(
      'everything is down',
      { state: 'inactive', negStatus: 'connecting', peerLinkStatus: 'down', localIntfStatus: 'down' },
      `
        MLAG state is not active - Expected: active Actual: inactive
        MLAG negotiation status mismatch - Expected: connected Actual: connecting
        Operational state of the MLAG local interface is not correct - Expected: up Actual: down
        Operational state of the MLAG peer link is not correct - Expected: up Actual: down
      `,
    ),
    disabled,
    empty,
  ]),
  ...rowsOf('VerifyMlagInterfaces', { command: 'show mlag' }, [
    passes('all are active on both sides', {
      state: 'active',
      mlagPorts: { Disabled: 1, Inactive: 0, 'Active-partial': 0, 'Active-full': 9 },
    }),
    fails(
      'two are active on one side only',
      { state: 'active', mlagPorts: { Inactive: 0, 'Active-partial': 2, 'Active-full': 7 } },
      'MLAG status is not ok - Inactive Ports: 0 Partial Active Ports: 2',
    ),
    disabled,
    empty,
  ]),
  ...rowsOf(
    'VerifyMlagConfigSanity',
    { command: 'show mlag config-sanity', empty: 'answered in an unknown shape at mlagActive' },
    [
      passes('the peers agree', { mlagActive: true, globalConfiguration: {}, interfaceConfiguration: {} }),
      fails(
        'they agree on nothing',
        {
          mlagActive: true,
          globalConfiguration: { vlan: { globalParameters: { '110': { localValue: 'true', peerValue: '-' } } } },
          interfaceConfiguration: { stp: { interfaceParameters: { 'Port-Channel7': {} } } },
        },
        `
        MLAG config-sanity found in global configuration
        MLAG config-sanity found in interface configuration
      `,
      ),
      errs(
        'one half is not told, and the other is well',
        { mlagActive: true, globalConfiguration: {} },
        '`show mlag config-sanity` does not tell interfaceConfiguration',
      ),
      fails(
        'one half is not told, and the other is not well',
        { mlagActive: true, interfaceConfiguration: { stp: { interfaceParameters: {} } } },
        'MLAG config-sanity found in interface configuration',
      ),
      { ...disabled, outputs: [{ mlagActive: false }] },
    ],
  ),
  ...rowsOf(
    'VerifyMlagReloadDelay',
    { command: 'show mlag', inputs: { reload_delay: 600, reload_delay_non_mlag: 630 } },
    [
      passes('as given', { state: 'active', reloadDelay: 600, reloadDelayNonMlag: 630 }),
      fails(
        'both are others',
        { state: 'active', reloadDelay: 300, reloadDelayNonMlag: 0 },
        `
          MLAG reload-delay mismatch - Expected: 600s Actual: 300s
          Delay for non-MLAG ports mismatch - Expected: 630s Actual: 0s
        `,
      ),
      disabled,
      empty,
    ],
  ),
  ...rowsOf(
    'VerifyMlagDualPrimary',
    {
      command: 'show mlag detail',
      inputs: { detection_delay: 30, errdisabled: true, recovery_delay: 70, recovery_delay_non_mlag: 5 },
    },
    [
      passes('as given', guarded),
      fails(
        'everything is another',
        {
          ...guarded,
          dualPrimaryMlagRecoveryDelay: 60,
          dualPrimaryNonMlagRecoveryDelay: 0,
          detail: { dualPrimaryDetectionDelay: 5, dualPrimaryAction: 'none' },
        },
        `
          Dual-primary action mismatch - Expected: errdisableAllInterfaces Actual: none
          Dual-primary detection delay mismatch - Expected: 30 Actual: 5
          Dual-primary MLAG recovery delay mismatch - Expected: 70 Actual: 60
          Dual-primary non MLAG recovery delay mismatch - Expected: 5 Actual: 0
        `,
      ),
      fails(
        'interfaces would be errdisabled and must not',
        guarded,
        'Dual-primary action mismatch - Expected: none Actual: errdisableAllInterfaces',
        { detection_delay: 30, recovery_delay: 70, recovery_delay_non_mlag: 5 },
      ),
      fails(
        'no detection',
        { ...guarded, dualPrimaryDetectionState: 'disabled' },
        'Dual-primary detection is disabled',
      ),
      disabled,
      emptyDetail,
    ],
  ),
  ...rowsOf('VerifyMlagPrimaryPriority', { command: 'show mlag detail', inputs: { primary_priority: 100 } }, [
    passes('the primary', { state: 'active', detail: { mlagState: 'primary', primaryPriority: 100 } }),
    fails(
      'the secondary, by another priority',
      { state: 'active', detail: { mlagState: 'secondary', primaryPriority: 32_767 } },
      `
        The device is not set as MLAG primary
        MLAG primary priority mismatch - Expected: 100 Actual: 32767
      `,
    ),
    fails(
      'without details',
      { state: 'active' },
      `
        The device is not set as MLAG primary
        MLAG primary priority mismatch - Expected: 100 Actual: None
      `,
    ),
    disabled,
    emptyDetail,
  ]),
]

const command = 'show ip igmp snooping'

/** What the checks of `multicast` must say. */
export const multicastChecks: readonly Row[] = [
  ...rowsOf('VerifyIGMPSnoopingGlobal', { command, inputs: { enabled: true } }, [
    passes('disabled', { igmpSnoopingState: 'disabled' }, { enabled: false }),
    fails(
      'enabled though it must not be',
      { igmpSnoopingState: 'enabled' },
      'IGMP state is not valid - Expected: disabled Actual: enabled',
      { enabled: false },
    ),
    errs('empty', {}, '`show ip igmp snooping` does not tell igmpSnoopingState'),
  ]),
  ...rowsOf('VerifyIGMPSnoopingVlans', { command, inputs: { vlans: { '10': true, '20': false } } }, [
    passes('as given', {
      igmpSnoopingState: 'enabled',
      vlans: { '10': { igmpSnoopingState: 'enabled' }, '20': { igmpSnoopingState: 'disabled' } },
    }),
    fails(
      'the other way round, and missing',
      {
        igmpSnoopingState: 'enabled',
        vlans: { '10': { igmpSnoopingState: 'disabled' }, '30': { igmpSnoopingState: 'enabled' } },
      },
      `
        VLAN10 - Incorrect IGMP state - Expected: enabled Actual: disabled
        Supplied vlan 20 is not present on the device
        VLAN30 - Incorrect IGMP state - Expected: disabled Actual: enabled
      `,
      { vlans: { '10': true, '20': true, '30': false } },
    ),
    errs(
      'no VLAN',
      { igmpSnoopingState: 'enabled' },
      'the check `VerifyIGMPSnoopingVlans` does not accept its inputs at vlans.4095: Invalid key in record',
      { vlans: { '4095': true } },
    ),
    errs('empty', {}, '`show ip igmp snooping` does not tell vlans'),
  ]),
]

/** What the checks of `lanz` must say. */
export const lanzChecks: readonly Row[] = rowsOf(
  'VerifyLANZ',
  { command: 'show queue-monitor length status', empty: 'answered in an unknown shape at lanzEnabled' },
  [
    passes('enabled', { lanzEnabled: true }),
    fails('disabled', { lanzEnabled: false }, 'LANZ is not enabled'),
    {
      name: 'a platform without it',
      outputs: [{ errors: ['LANZ is not supported on this hardware platform'] }],
      result: 'skipped',
      messages: ['`show queue-monitor length status` was refused: LANZ is not supported on this hardware platform'],
    },
  ],
)

const GM = '0x00:1c:73:ff:fe:00:00:01'
const SKIPPED = { result: 'skipped', messages: ['PTP is not configured'] } as const

/** What the checks of `ptp` must say. */
export const ptpChecks: readonly Row[] = [
  ...rowsOf('VerifyPtpModeStatus', { command: 'show ptp' }, [
    passes('a boundary clock', { ptpMode: 'ptpBoundaryClock' }),
    fails(
      'a transparent clock',
      { ptpMode: 'ptpEndToEndTransparentClock' },
      'Not configured as a PTP Boundary Clock - Actual: ptpEndToEndTransparentClock',
    ),
    { name: 'empty', outputs: [{}], ...SKIPPED },
  ]),
  ...rowsOf('VerifyPtpGMStatus', { command: 'show ptp', inputs: { gmid: GM } }, [
    passes('locked to the given one', { ptpClockSummary: { gmClockIdentity: GM } }),
    fails(
      'locked to another one',
      { ptpClockSummary: { gmClockIdentity: '0x00:1c:73:ff:fe:00:00:02' } },
      'The device is locked to the incorrect Grandmaster - Expected: 0x00:1c:73:ff:fe:00:00:01 Actual: 0x00:1c:73:ff:fe:00:00:02',
    ),
    errs(
      'a clock without a grandmaster',
      { ptpClockSummary: {} },
      '`show ptp` does not tell ptpClockSummary.gmClockIdentity',
    ),
    { name: 'empty', outputs: [{}], ...SKIPPED },
  ]),
  ...rowsOf('VerifyPtpLockStatus', { command: 'show ptp' }, [
    fails(
      'locked a minute ago',
      { ptpClockSummary: { lastSyncTime: 1000, currentPtpSystemTime: 1060 } },
      'Lock is more than 60s old - Actual: 60s',
    ),
    { name: 'empty', outputs: [{}], ...SKIPPED },
  ]),
  ...rowsOf('VerifyPtpOffset', { command: 'show ptp monitor' }, [
    passes('a microsecond to either side', {
      ptpMonitorData: [
        { intf: 'Ethernet1', offsetFromMaster: 1000 },
        { intf: 'Ethernet1', offsetFromMaster: -1000 },
      ],
    }),
    fails(
      'two interfaces, one of them twice',
      {
        ptpMonitorData: [
          { intf: 'Ethernet2', offsetFromMaster: 1001 },
          { intf: 'Ethernet1', offsetFromMaster: -1500 },
          { intf: 'Ethernet2', offsetFromMaster: 12 },
          { intf: 'Ethernet2', offsetFromMaster: -1200 },
          { intf: 'Ethernet3', offsetFromMaster: -11 },
        ],
      },
      `
        Interface: Ethernet2 - Timing offset from master is greater than +/- 1000ns: Actual: 1001, -1200
        Interface: Ethernet1 - Timing offset from master is greater than +/- 1000ns: Actual: -1500
      `,
    ),
    { name: 'empty', outputs: [{ ptpMonitorData: [] }], ...SKIPPED },
  ]),
  ...rowsOf('VerifyPtpPortModeStatus', { command: 'show ptp', empty: 'does not tell ptpIntfSummaries' }, [
    passes('all four states', {
      ptpIntfSummaries: {
        Ethernet1: { ptpIntfVlanSummaries: [{ portState: 'psMaster' }, { portState: 'psSlave' }] },
        Ethernet2: { ptpIntfVlanSummaries: [{ portState: 'psPassive' }, { portState: 'psDisabled' }] },
      },
    }),
    errs(
      'one VLAN of an interface, and an interface that tells no state',
      {
        ptpIntfSummaries: {
          Ethernet2: { ptpIntfVlanSummaries: [{ portState: 'psMaster' }, { portState: 'psFaulty' }] },
          Ethernet3: { ptpIntfVlanSummaries: [{ portState: 'psMaster' }] },
          Ethernet1: {},
        },
      },
      '`show ptp` does not tell ptpIntfSummaries.Ethernet1.ptpIntfVlanSummaries',
    ),
  ]),
  ...moreOf('VerifyPtpLockStatus', [
    passes('locked 59 seconds ago', { ptpClockSummary: { currentPtpSystemTime: 1059, lastSyncTime: 1000 } }),
  ]),
  ...moreOf('VerifyPtpPortModeStatus', [
    fails(
      'a faulty port',
      { ptpIntfSummaries: { Ethernet1: { ptpIntfVlanSummaries: [{ portState: 'psFaulty' }] } } },
      'The following interface(s) are not in a valid PTP state: Ethernet1',
    ),
  ]),
]
