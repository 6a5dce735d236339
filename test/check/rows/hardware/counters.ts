import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const drops = (counterName: string, counts: object, counterType = 'Adverse') => ({
  dropEvents: { Fap0: { dropEvent: [{ counterName, counterType, dropCount: 1, ...counts }] } },
})
const mapping = {
  aradMappings: [
    { fapName: 'Fap0', portMappings: { 1: { interface: 'Ethernet1' }, 2: { interface: 'Ethernet2' } } },
    { fapName: 'Fap1', portMappings: { 1: { interface: 'Ethernet3' } } },
  ],
}
const fcsErrorsOn = (name: string) => ({
  interfaceErrorCounters: { Ethernet1: { fcsErrors: 0 }, [name]: { fcsErrors: 7 } },
})
const clean = { interfaceErrorCounters: {} }

const table = (name: string, feature: string, usedPercent: number, chip = '') => ({
  table: name,
  feature,
  chip,
  usedPercent,
})
const thresholds = { thresholds: { 'Routing-Host': {}, LFIB: {} } }

/** What the checks of drops, PCIe errors and hardware tables must say. */
export const counterRows: readonly Row[] = [
  ...rowsOf('VerifyAdverseDrops', { command: 'show hardware counter drop rates' }, [
    passes(
      'each period at its threshold, under either name of the input',
      [drops('X', { dropInLastMinute: 1, dropInLastOneWeek: 9 }), mapping, clean],
      {
        thresholds: { minute: 1, dropInLastOneWeek: 9 },
      },
    ),
    passes('drops that are not adverse', [drops('X', { dropInLastMinute: 1 }, 'Congestion'), mapping, clean]),
    passes(
      'reassembly errors that FCS errors of the same chip explain',
      [drops('ReassemblyErrors', { dropInLastMinute: 1 }), mapping, fcsErrorsOn('Ethernet2')],
      { always_fail_on_reassembly_errors: false },
    ),
    fails(
      'every period',
      [
        drops('X', {
          dropInLastMinute: 1,
          dropInLastTenMinute: 2,
          dropInLastOneHour: 3,
          dropInLastOneDay: 4,
          dropInLastOneWeek: 5,
        }),
        mapping,
        clean,
      ],
      [
        'FAP: Fap0 Counter: X - Last minute rate above threshold - Expected: <= 0 Actual: 1',
        'FAP: Fap0 Counter: X - Last 10 minutes rate above threshold - Expected: <= 0 Actual: 2',
        'FAP: Fap0 Counter: X - Last hour rate above threshold - Expected: <= 0 Actual: 3',
        'FAP: Fap0 Counter: X - Last day rate above threshold - Expected: <= 0 Actual: 4',
        'FAP: Fap0 Counter: X - Last week rate above threshold - Expected: <= 0 Actual: 5',
      ],
    ),
    errs(
      'drops of a type that is not told',
      [{ dropEvents: { Fap0: { dropEvent: [{ counterName: 'X', dropInLastOneDay: 1 }] } } }, mapping, clean],
      '`show hardware counter drop rates` does not tell dropEvents.Fap0.dropEvent.0.counterType',
    ),
    fails(
      'reassembly errors with FCS errors on another chip',
      [drops('ReassemblyErrors', { dropInLastMinute: 1 }), mapping, fcsErrorsOn('Ethernet3')],
      ['FAP: Fap0 Counter: ReassemblyErrors - Last minute rate above threshold - Expected: <= 0 Actual: 1'],
      { always_fail_on_reassembly_errors: false },
    ),
    fails(
      'FCS errors explain nothing but reassembly errors',
      [drops('X', { dropInLastMinute: 1 }), mapping, fcsErrorsOn('Ethernet1')],
      ['FAP: Fap0 Counter: X - Last minute rate above threshold - Expected: <= 0 Actual: 1'],
      { always_fail_on_reassembly_errors: false },
    ),
    errs('errors are not answered', [drops('X', {}), mapping], '`show interfaces counters errors` was not answered'),
    {
      ...passes('empty', [{ dropEvents: {} }, { aradMappings: [] }, clean]),
      emptyIsGood: 'EOS lists counters that have counted something, and none has',
    },
  ]),
  ...rowsOf(
    'VerifyPCIeErrors',
    { command: 'show pci', inputs: { thresholds: { correctable_errors: 10, fatalErrors: 1 } } },
    [
      passes('each counter at its threshold, under either name of the input', [
        { pciIds: { '01:00.0': { name: 'A', correctableErrors: 10, nonFatalErrors: 0, fatalErrors: 1 } } },
      ]),
      fails(
        'each counter',
        [
          {
            pciIds: {
              '01:00.0': { name: 'A', correctableErrors: 11, nonFatalErrors: 1, fatalErrors: 2 },
              '02:00.0': { name: 'B', correctableErrors: 0, nonFatalErrors: 0, fatalErrors: 0 },
            },
          },
        ],
        [
          'PCI Name: A PCI ID: 01:00.0 - Correctable errors above threshold - Expected: <= 10 Actual: 11',
          'PCI Name: A PCI ID: 01:00.0 - Non-fatal errors above threshold - Expected: <= 0 Actual: 1',
          'PCI Name: A PCI ID: 01:00.0 - Fatal errors above threshold - Expected: <= 1 Actual: 2',
        ],
      ),
      errs('empty', [{ pciIds: {} }], '`show pci`: the answer has no PCIe device'),
    ],
  ),
  ...rowsOf('VerifyHardwareCapacityUtilization', { command: 'show hardware capacity alert threshold' }, [
    passes('tables without an alert do not count', [
      thresholds,
      { tables: [table('Routing', '', 99), table('EcnX', 'Q', 100)] },
    ]),
    fails(
      'a table that the switch lists, though it is below the threshold',
      [thresholds, { tables: [table('LFIB', '', 89)] }],
      ['Table: LFIB - Capacity above threshold - Expected: < 90% Actual: 89%'],
    ),
    fails(
      'tables with an alert, with chip and feature',
      [thresholds, { tables: [table('Routing', 'Host', 90, 'Fap0'), table('LFIB', '', 95)] }],
      [
        'Table: Routing Chip: Fap0 Feature: Host - Capacity above threshold - Expected: < 90% Actual: 90%',
        'Table: LFIB - Capacity above threshold - Expected: < 90% Actual: 95%',
      ],
    ),
    fails(
      'every table in strict mode',
      [thresholds, { tables: [table('EcnX', 'Q', 100)] }],
      ['Table: EcnX Feature: Q - Capacity above threshold - Expected: < 99.5% Actual: 100%'],
      { capacity_utilization_threshold: 99.5, strict_mode: true },
    ),
    {
      ...passes('empty', [{ thresholds: {} }, { tables: [] }]),
      emptyIsGood: 'the command lists the tables that are above the threshold, and none is',
    },
    errs(
      'tables are not answered',
      [thresholds],
      '`show hardware capacity utilization percent exceed 90` was not answered',
    ),
  ]),
]
