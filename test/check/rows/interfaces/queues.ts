import type { JsonObject } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const drops = (voq: number, egress: number) => ({
  ingressVoqCounters: { countersSum: { droppedPackets: voq } },
  egressQueueCounters: { countersSum: { droppedPackets: egress } },
})
const queues = (trafficClasses: JsonObject) => ({ trafficClasses })
const precedences = (counts: Readonly<Record<string, number>>) => ({
  dropPrecedences: Object.fromEntries(
    Object.entries(counts).map(([name, droppedPackets]) => [name, { droppedPackets }]),
  ),
})
const egress = (interfaces: JsonObject) => ({ egressQueueCounters: { interfaces } })
const calm = queues({ TC0: precedences({ DP0: 0 }) })

/** What the checks of queues and of congestion must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyInterfacesVoqAndEgressQueueDrops', { command: 'show interfaces counters queue drops' }, [
    passes(
      'at the threshold, in a range of classes',
      [{ interfaces: { Ethernet1: queues({ 'TC0-2': drops(4, 5), TC3: drops(9, 9) }) } }],
      { traffic_classes: ['TC1'], packet_drop_threshold: 5 },
    ),
    fails(
      'one way',
      [
        {
          interfaces: {
            Ethernet1: queues({ TC0: drops(0, 1), TC1: drops(0, 0) }),
          },
        },
      ],
      [
        'Interface: Ethernet1 Traffic Class: TC0 - Queue drops above threshold - Expected: <= 0 Actual VOQ: 0 Actual Egress: 1',
      ],
    ),
    fails(
      'beyond the range, and an interface that was named',
      [{ interfaces: { Ethernet1: queues({ 'TC0-2': drops(0, 0) }) } }],
      ['Interface: Ethernet2 - Not found', 'Interface: Ethernet1 Traffic Class: TC3 - Not found'],
      { interfaces: ['et2', 'et1'], traffic_classes: ['TC2', 'TC3'] },
    ),
    errs('empty', [{}], '`show interfaces counters queue drops` answered in an unknown shape at interfaces'),
  ]),
  ...rowsOf('VerifyInterfacesEgressQueueDrops', { command: 'show interfaces counters queue detail' }, [
    passes('no drops; only DP0 unless it is said', [
      egress({ Ethernet1: { ucastQueues: queues({ TC0: precedences({ DP0: 0, DP1: 8 }) }), mcastQueues: calm } }),
    ]),
    fails(
      'drops of both types, and a precedence that is missing',
      [
        egress({
          Ethernet1: {
            ucastQueues: queues({ 'TC0-3': precedences({ 'DP0-1': 8 }) }),
            mcastQueues: queues({ TC2: precedences({ DP0: 3 }) }),
          },
        }),
      ],
      [
        'Interface: Ethernet1 Traffic Class: TC2 Queue Type: unicast Drop Precedence: DP0 - Queue drops above threshold - Expected: <= 2 Actual: 8',
        'Interface: Ethernet1 Traffic Class: TC2 Queue Type: unicast Drop Precedence: DP1 - Queue drops above threshold - Expected: <= 2 Actual: 8',
        'Interface: Ethernet1 Traffic Class: TC2 Queue Type: multicast Drop Precedence: DP0 - Queue drops above threshold - Expected: <= 2 Actual: 3',
        'Interface: Ethernet1 Traffic Class: TC2 Queue Type: multicast Drop Precedence: DP1 - Not found',
      ],
      { traffic_classes: ['TC2'], drop_precedences: ['DP0', 'DP1'], packet_drop_threshold: 2 },
    ),
    fails(
      'an interface that was named, a class and a type that are missing',
      [egress({ Ethernet1: { ucastQueues: calm } })],
      [
        'Interface: Ethernet2 - Not found',
        'Interface: Ethernet1 Queue Type: unicast Traffic Class: TC7 - Not found',
        'Interface: Ethernet1 Queue Type: multicast Traffic Class: TC0 - Not found',
        'Interface: Ethernet1 Queue Type: multicast Traffic Class: TC7 - Not found',
      ],
      { interfaces: ['et2', 'et1'], traffic_classes: ['TC0', 'TC7'] },
    ),
    errs('empty', [{}], '`show interfaces counters queue detail` answered in an unknown shape at egressQueueCounters'),
  ]),
  ...rowsOf('VerifyInterfacesPFCCounters', { command: 'show priority-flow-control counters' }, [
    passes('at the threshold', [{ interfaceCounters: { Ethernet1: { rxFrames: 2, txFrames: 2 } } }], {
      counters_threshold: 2,
    }),
    fails(
      'received, not told, not there',
      [{ interfaceCounters: { Ethernet1: { rxFrames: 3, txFrames: 0 }, Ethernet2: { rxFrames: 0 } } }],
      [
        'Interface: Ethernet3 - Not found',
        'Interface: Ethernet1 - Counters above threshold - Expected: <= 0 Actual RX PFC: 3 Actual TX PFC: 0',
      ],
      { interfaces: ['et1', 'et2', 'et3'] },
    ),
    errs('empty', [{}], '`show priority-flow-control counters` answered in an unknown shape at interfaceCounters'),
  ]),
  ...rowsOf('VerifyInterfacesECNCounters', { command: 'show qos interfaces ecn counters queue' }, [
    passes('none is marked, one does not mark', [
      { intfQueueCounters: { Ethernet1: { queueCounters: { '0': '0', '1': '-' } } } },
    ]),
    errs(
      'not a number',
      [{ intfQueueCounters: { Ethernet1: { queueCounters: { '2': 'many' } } } }],
      '`show qos interfaces ecn counters queue` answered in an unknown shape at intfQueueCounters.Ethernet1.queueCounters.2',
    ),
    fails(
      'marked',
      [
        {
          intfQueueCounters: {
            Ethernet1: { queueCounters: { '0': '12', '1': '7' } },
            Ethernet3: { queueCounters: { '0': '99' } },
          },
        },
      ],
      ['Interface: Ethernet1 Queue: 0 - Counters above threshold - Expected: <= 9 Actual: 12'],
      { ignored_interfaces: ['Ethernet3'], counters_threshold: 9 },
    ),
    errs(
      'not told',
      [{ intfQueueCounters: { Ethernet2: {} } }],
      '`show qos interfaces ecn counters queue` does not tell intfQueueCounters.Ethernet2.queueCounters',
    ),
    errs('empty', [{}], '`show qos interfaces ecn counters queue` answered in an unknown shape at intfQueueCounters'),
  ]),
]
