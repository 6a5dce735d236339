import type { JsonObject } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const rates = (inBpsRate: number, outBpsRate: number) => ({ inBpsRate, outBpsRate })
const full = { duplex: 'duplexFull', bandwidth: 1_000_000_000 }

const quiet = {
  inDiscards: 0,
  outDiscards: 0,
  linkStatusChanges: 1,
  totalInErrors: 0,
  totalOutErrors: 0,
  inputErrorsDetail: { runtFrames: 0, giantFrames: 0, fcsErrors: 0, alignmentErrors: 0, symbolErrors: 0, rxPause: 99 },
  outputErrorsDetail: { collisions: 0, lateCollisions: 0, deferredTransmissions: 0, txPause: 99 },
}
const port = (interfaceCounters: JsonObject) => ({
  interfaceStatus: 'connected',
  lineProtocolStatus: 'up',
  lastStatusChangeTimestamp: 1_794_957_100,
  interfaceCounters: { ...quiet, ...interfaceCounters },
})

/** What the checks of counters and rates must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyInterfaceUtilization', { command: 'show interfaces counters rates' }, [
    passes('at most three quarters; one is not connected', [
      { interfaces: { Ethernet1: rates(750_000_000, 0), Ethernet2: rates(0, 0), Ethernet3: rates(0, 0) } },
      {
        interfaceStatuses: {
          Ethernet1: full,
          Ethernet2: { duplex: 'duplexUnknown', bandwidth: 0 },
          Ethernet3: { duplex: 'duplexFull', bandwidth: 0 },
        },
      },
    ]),
    fails(
      'both directions, half duplex, and no status',
      [
        { interfaces: { Ethernet1: rates(800_000_000, 912_500_000), Ethernet2: rates(1, 1), Ethernet3: rates(1, 1) } },
        { interfaceStatuses: { Ethernet1: full, Ethernet2: { ...full, duplex: 'duplexHalf' } } },
      ],
      [
        'Interface: Ethernet1 - Ingress traffic rate (BPS) exceeds threshold - Expected: <= 75.0% Actual: 80.0%',
        'Interface: Ethernet1 - Egress traffic rate (BPS) exceeds threshold - Expected: <= 75.0% Actual: 91.25%',
        'Interface: Ethernet2 - Test not implemented for non-full-duplex interfaces - Expected: duplexFull Actual: duplexHalf',
        'Interface: Ethernet3 - Not found',
      ],
    ),
    fails(
      'interfaces that were named',
      [
        { interfaces: { Ethernet1: rates(0, 0), Ethernet2: rates(0, 0) } },
        { interfaceStatuses: { Ethernet1: full, Ethernet2: { ...full, bandwidth: 0 } } },
      ],
      [
        'Interface: Ethernet2 - Cannot get interface utilization due to null bandwidth value',
        'Interface: Ethernet3 - Not found',
      ],
      { interfaces: ['et1', 'et2', 'et3'] },
    ),
    errs('empty', [{}, {}], '`show interfaces counters rates` does not tell interfaces'),
    errs(
      'no interface at all',
      [{ interfaces: {} }, { interfaceStatuses: {} }],
      '`show interfaces counters rates`, `show interfaces status`: The answer tells of no interface',
    ),
  ]),
  ...rowsOf('VerifyInterfaceErrors', { command: 'show interfaces counters errors' }, [
    passes('none', [{ interfaceErrorCounters: { Ethernet1: { inErrors: 0, outErrors: 0 } } }]),
    passes(
      'named and ignored at once',
      [{ interfaceErrorCounters: { Ethernet1: { inErrors: 0 }, Management1: { inErrors: 7 } } }],
      { interfaces: ['et1', 'Management1'], ignored_interfaces: ['Management'] },
    ),
    fails(
      'two interfaces',
      [{ interfaceErrorCounters: { Ethernet2: { fcsErrors: 3, inErrors: 3 }, Ethernet1: {} } }],
      ['Interface: Ethernet2 - Non-zero error counter(s) - fcsErrors: 3, inErrors: 3'],
    ),
    fails('one that was named', [{ interfaceErrorCounters: {} }], ['Interface: Ethernet4 - Not found'], {
      interfaces: ['Ethernet4'],
    }),
    errs('empty', [{}], '`show interfaces counters errors` does not tell interfaceErrorCounters'),
  ]),
  ...rowsOf('VerifyInterfaceDiscards', { command: 'show interfaces counters discards' }, [
    passes('none', [{ interfaces: { Ethernet1: { inDiscards: 0, outDiscards: 0 } } }]),
    fails(
      'both directions',
      [{ interfaces: { Ethernet1: { inDiscards: 2, outDiscards: 3 }, Ethernet2: {} } }],
      ['Interface: Ethernet1 - Non-zero discard counter(s): inDiscards: 2, outDiscards: 3'],
    ),
    errs('empty', [{}], '`show interfaces counters discards` does not tell interfaces'),
  ]),
  ...rowsOf('VerifyStormControlDrops', { command: 'show storm-control' }, [
    passes('nothing dropped', [{ interfaces: { Ethernet1: { trafficTypes: { broadcast: { drop: 0 } } } } }]),
    passes('no storm control', [{ interfaces: {} }]),
    fails(
      'two types of traffic',
      [{ interfaces: { Ethernet1: { trafficTypes: { broadcast: { drop: 5 }, multicast: { drop: 6 } } } } }],
      [
        'Interface: Ethernet1 - Non-zero storm-control drop counter(s) - broadcast: 5',
        'Interface: Ethernet1 - Non-zero storm-control drop counter(s) - multicast: 6',
      ],
    ),
    fails('none on one that was named', [{ interfaces: {} }], ['Interface: Ethernet4 - Not found'], {
      interfaces: ['Ethernet4'],
    }),
    errs('empty', [{}], '`show storm-control` does not tell interfaces'),
  ]),
  ...rowsOf('VerifyInterfacesCounterDetails', { command: 'show interfaces' }, [
    passes('quiet; only ports are looked at', [
      { interfaces: { Ethernet1: port({}), Vlan110: {}, 'Ethernet1.100': {} } },
    ]),
    fails(
      'everything',
      [
        {
          interfaces: {
            Ethernet1: {
              ...port({
                inDiscards: 1,
                outDiscards: 2,
                linkStatusChanges: 101,
                totalInErrors: 3,
                totalOutErrors: 4,
                inputErrorsDetail: {
                  runtFrames: 5,
                  giantFrames: 6,
                  fcsErrors: 7,
                  alignmentErrors: 8,
                  symbolErrors: 9,
                },
                outputErrorsDetail: { collisions: 10, lateCollisions: 11, deferredTransmissions: 12 },
              }),
              description: 'to spine1',
            },
          },
        },
      ],
      [
        'Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Link status changes above threshold - Expected: <= 100 Actual: 101',
        'Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Input discards above threshold - Expected: <= 0 Actual: 1',
        'Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Output discards above threshold - Expected: <= 0 Actual: 2',
        'Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Input errors above threshold - Expected: <= 0 Actual: 3',
        'Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Output errors above threshold - Expected: <= 0 Actual: 4',
        'Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Runt frames above threshold - Expected: <= 0 Actual: 5',
        'Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Giant frames above threshold - Expected: <= 0 Actual: 6',
        'Interface: Ethernet1 Description: to spine1 Uptime: 2 days - CRC errors above threshold - Expected: <= 0 Actual: 7',
        'Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Alignment errors above threshold - Expected: <= 0 Actual: 8',
        'Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Symbol errors above threshold - Expected: <= 0 Actual: 9',
        'Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Collisions above threshold - Expected: <= 0 Actual: 10',
        'Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Late collisions above threshold - Expected: <= 0 Actual: 11',
        'Interface: Ethernet1 Description: to spine1 Uptime: 2 days - Deferred transmissions above threshold - Expected: <= 0 Actual: 12',
      ],
    ),
    fails(
      'a link that has been down for an hour, one that counts nothing, one that is not there',
      [
        {
          interfaces: {
            Ethernet1: {
              ...port({ linkStatusChanges: 3 }),
              interfaceStatus: 'notconnect',
              lastStatusChangeTimestamp: 1_795_153_500,
            },
            Ethernet2: {},
          },
        },
      ],
      [
        'Interface: Ethernet3 - Not found',
        'Interface: Ethernet1 Downtime: 1 hour - Link status changes above threshold - Expected: <= 2 Actual: 3',
      ],
      { interfaces: ['et1', 'et2', 'et3'], link_status_changes_threshold: 2 },
    ),
    errs(
      'no port',
      [{ interfaces: { Vlan110: {} } }],
      '`show interfaces`: the answer has nothing to judge of any interface',
    ),
    errs('empty', [{}], '`show interfaces` answered in an unknown shape at interfaces'),
  ]),
  ...rowsOf('VerifyInterfacesTridentCounters', { command: 'show platform trident counters' }, [
    passes(
      'at the threshold, and ignored',
      [{ ethernet: { Ethernet1: { count: { drop: { rxFpDrop: 9, txMmuDrop: 3 }, error: { rxVlanDrop: 0 } } } } }],
      { ignored_counters: ['rxFpDrop'], packet_drop_threshold: 3 },
    ),
    fails(
      'drops and errors',
      [{ ethernet: { Ethernet1: { count: { drop: { rxFpDrop: 9 }, error: { txFCSError: 1 } } } } }],
      [
        'Interface: Ethernet1 - Drop counter rxFpDrop above threshold - Expected: <= 0 Actual: 9',
        'Interface: Ethernet1 - Error counter txFCSError above threshold - Expected: <= 0 Actual: 1',
      ],
    ),
    errs('empty', [{}], '`show platform trident counters` answered in an unknown shape at ethernet'),
  ]),
]
