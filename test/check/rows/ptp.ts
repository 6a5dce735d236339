import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf } from './rows-of.ts'

const GM = '0x00:1c:73:ff:fe:00:00:01'
const SKIPPED = { result: 'skipped', messages: ['PTP is not configured'] } as const

/** What the checks of `ptp` must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyPtpModeStatus', { command: 'show ptp' }, [
    passes('a boundary clock', [{ ptpMode: 'ptpBoundaryClock' }]),
    fails(
      'a transparent clock',
      [{ ptpMode: 'ptpEndToEndTransparentClock' }],
      ['Not configured as a PTP Boundary Clock - Actual: ptpEndToEndTransparentClock'],
    ),
    { name: 'empty', outputs: [{}], ...SKIPPED },
  ]),
  ...rowsOf('VerifyPtpGMStatus', { command: 'show ptp', inputs: { gmid: GM } }, [
    passes('locked to the given one', [{ ptpClockSummary: { gmClockIdentity: GM } }]),
    fails(
      'locked to another one',
      [{ ptpClockSummary: { gmClockIdentity: '0x00:1c:73:ff:fe:00:00:02' } }],
      [
        'The device is locked to the incorrect Grandmaster - Expected: 0x00:1c:73:ff:fe:00:00:01 Actual: 0x00:1c:73:ff:fe:00:00:02',
      ],
    ),
    errs(
      'a clock without a grandmaster',
      [{ ptpClockSummary: {} }],
      '`show ptp` does not tell ptpClockSummary.gmClockIdentity',
    ),
    { name: 'empty', outputs: [{}], ...SKIPPED },
  ]),
  ...rowsOf('VerifyPtpLockStatus', { command: 'show ptp' }, [
    fails(
      'locked a minute ago',
      [{ ptpClockSummary: { lastSyncTime: 1000, currentPtpSystemTime: 1060 } }],
      ['Lock is more than 60s old - Actual: 60s'],
    ),
    fails(
      'locked a second earlier',
      [{ ptpClockSummary: { lastSyncTime: 1000, currentPtpSystemTime: 1061 } }],
      ['Lock is more than 60s old - Actual: 61s'],
    ),
    errs(
      'never locked',
      [{ ptpClockSummary: { currentPtpSystemTime: 1061 } }],
      '`show ptp` does not tell ptpClockSummary.lastSyncTime',
    ),
    { name: 'empty', outputs: [{}], ...SKIPPED },
  ]),
  ...rowsOf('VerifyPtpOffset', { command: 'show ptp monitor' }, [
    passes('a microsecond to either side', [
      {
        ptpMonitorData: [
          { intf: 'Ethernet1', offsetFromMaster: 1000 },
          { intf: 'Ethernet1', offsetFromMaster: -1000 },
        ],
      },
    ]),
    fails(
      'two interfaces, one of them twice',
      [
        {
          ptpMonitorData: [
            { intf: 'Ethernet2', offsetFromMaster: 1001 },
            { intf: 'Ethernet1', offsetFromMaster: -1500 },
            { intf: 'Ethernet2', offsetFromMaster: 12 },
            { intf: 'Ethernet2', offsetFromMaster: -1200 },
            { intf: 'Ethernet3', offsetFromMaster: -11 },
          ],
        },
      ],
      [
        'Interface: Ethernet2 - Timing offset from master is greater than +/- 1000ns: Actual: 1001, -1200',
        'Interface: Ethernet1 - Timing offset from master is greater than +/- 1000ns: Actual: -1500',
      ],
    ),
    { name: 'empty', outputs: [{ ptpMonitorData: [] }], ...SKIPPED },
  ]),
  ...rowsOf('VerifyPtpPortModeStatus', { command: 'show ptp' }, [
    passes('all four states', [
      {
        ptpIntfSummaries: {
          Ethernet1: { ptpIntfVlanSummaries: [{ portState: 'psMaster' }, { portState: 'psSlave' }] },
          Ethernet2: { ptpIntfVlanSummaries: [{ portState: 'psPassive' }, { portState: 'psDisabled' }] },
        },
      },
    ]),
    errs(
      'one VLAN of an interface, and an interface that tells no state',
      [
        {
          ptpIntfSummaries: {
            Ethernet2: { ptpIntfVlanSummaries: [{ portState: 'psMaster' }, { portState: 'psFaulty' }] },
            Ethernet3: { ptpIntfVlanSummaries: [{ portState: 'psMaster' }] },
            Ethernet1: {},
          },
        },
      ],
      '`show ptp` does not tell ptpIntfSummaries.Ethernet1.ptpIntfVlanSummaries',
    ),
    errs('empty', [{}], '`show ptp` does not tell ptpIntfSummaries'),
  ]),
  {
    check: 'VerifyPtpLockStatus',
    name: 'locked 59 seconds ago',
    outputs: [{ ptpClockSummary: { currentPtpSystemTime: 1059, lastSyncTime: 1000 } }],
    result: 'success',
  },
  {
    check: 'VerifyPtpPortModeStatus',
    name: 'a faulty port',
    outputs: [{ ptpIntfSummaries: { Ethernet1: { ptpIntfVlanSummaries: [{ portState: 'psFaulty' }] } } }],
    result: 'failure',
    messages: ['The following interface(s) are not in a valid PTP state: Ethernet1'],
  },
]
