import type { Row } from './row.ts'
import { fails, passes, rowsOf } from './rows-of.ts'

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
export const rows: readonly Row[] = rowsOf(
  'VerifyHardwareFlowTrackerStatus',
  { command: 'show flow tracking hardware', inputs },
  [
    passes('timers and exporters as given; nothing more than active where nothing is given', [
      { running: true, trackers: { EDGE: edge, CORE: { active: true, inactiveTimeout: 1 } } },
    ]),
    fails(
      'both timers, an exporter otherwise, one that is not there, and a tracker that is not active',
      [
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
      ],
      [
        'Flow Tracker: EDGE Inactive Timeout: 7000 Active Interval: 30000 - Incorrect timers - Inactive Timeout: 9000 OnActive Interval: 30000',
        'Flow Tracker: EDGE Exporter: COLLECTOR-1 - Not configured',
        'Flow Tracker: EDGE Exporter: COLLECTOR-2 - Incorrect local interface - Expected: Loopback1 Actual: Loopback9',
        'Flow Tracker: EDGE Exporter: COLLECTOR-2 - Incorrect template interval - Expected: 60000 Actual: 1000',
        'Flow Tracker: CORE - Disabled',
      ],
    ),
    fails(
      'no tracker is told',
      [{ running: true, trackers: {} }],
      ['Flow Tracker: EDGE - Not found', 'Flow Tracker: CORE - Not found'],
    ),
    fails(
      'not running, though the trackers are active',
      [{ running: false, trackers: { EDGE: edge, CORE: { active: true } } }],
      ['Hardware flow tracking is not running'],
    ),
    fails('empty', [{}], ['Hardware flow tracking is not running']),
  ],
)
