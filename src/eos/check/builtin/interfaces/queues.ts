import { z } from 'zod'
import { aboveThreshold, byName, type OutputOf, partly, show, told } from '../../answer/show.ts'
import { defineVerify } from '../../define/define-check.ts'
import {
  count,
  ethernetSelection,
  interfaceFaults,
  interfaceName,
  interfaceSelection,
  interfacesIn,
  judgeFound,
  judgeInterfaces,
  physicalSelection,
} from '../../input/words.ts'

/** The counters that are not zero, as messages list them: `inErrors: 42, outErrors: 10`; empty when all are. */
export function nonZeroCounters(counters: Iterable<readonly [string, number]>): string {
  return [...counters]
    .filter(([, value]) => value > 0)
    .map(([counter, value]) => `${counter}: ${value}`)
    .join(', ')
}

const trafficClassNames = () =>
  z.array(z.string()).min(1).nullish().describe('The traffic classes, such as `TC0`; absent: all.')

// The entry of a queue: by its own name (`TC1`), or by that of a range it lies in (`TC0-5`), as EOS gathers queues with equal counters.
function entryOfQueue<T>(entries: ReadonlyMap<string, T>, queue: string) {
  const own = entries.get(queue)
  if (own !== undefined) return own
  const [, kind, number] = /^(\D+)(\d+)$/.exec(queue) ?? []
  for (const [name, entry] of entries) {
    const [, ofKind, first, last] = /^(\D+)(\d+)-(\d+)$/.exec(name) ?? []
    if (kind !== undefined && kind === ofKind && Number(number) >= Number(first) && Number(number) <= Number(last)) {
      return entry
    }
  }
  return undefined
}

function classesLookedAt<T>(
  named: readonly string[] | null | undefined,
  told: ReadonlyMap<string, T>,
): { readonly found: readonly (readonly [string, T])[]; readonly missing: readonly string[] } {
  if (!named || named.length === 0) return { found: [...told], missing: [] }
  const entries = named.map((name) => [name, entryOfQueue(told, name)] as const)
  return {
    found: entries.flatMap(([name, entry]) => (entry === undefined ? [] : [[name, entry] as const])),
    missing: entries.flatMap(([name, entry]) => (entry === undefined ? [name] : [])),
  }
}

// What EOS tells of a queue that does not mark.
const NO_COUNTER = '-'

/** Queues marked few packets for congestion. */
export const VerifyInterfacesECNCounters = defineVerify({
  summary: 'Verifies how many packets the queues of interfaces marked for congestion (ECN).',
  docs: 'Passes when no queue of the interfaces looked at marked more packets than the threshold.',
  example: {
    interfaces: ['Ethernet1/1', 'Ethernet2/1'],
    ignored_interfaces: ['Management0'],
    counters_threshold: 0,
  },
  input: () => ({
    ...physicalSelection(),
    counters_threshold: count().default(0).describe('How many packets a queue may mark.'),
  }),
  asks: show('show qos interfaces ecn counters queue', () => ({
    intfQueueCounters: byName(
      told({
        queueCounters: byName(
          z.union([z.literal(NO_COUNTER), z.string().regex(/^\d+$/, 'must be a number'), z.number()]),
        ),
      }),
    ),
  })),
  judge: ({ intfQueueCounters }, input) =>
    judgeFound(input, intfQueueCounters, (name, { queueCounters }) =>
      [...queueCounters].flatMap(([queue, marked]) =>
        marked === NO_COUNTER
          ? []
          : aboveThreshold(`Interface: ${name} Queue: ${queue} - Counters`, input.counters_threshold, Number(marked)),
      ),
    ),
})

const QUEUES = { unicast: 'ucastQueues', multicast: 'mcastQueues' } as const

const queues = () =>
  partly({
    trafficClasses: byName(told({ dropPrecedences: byName(told({ droppedPackets: z.number() })) })),
  }).optional()

interface Looked {
  readonly traffic_classes?: readonly string[] | null | undefined
  readonly drop_precedences: readonly string[]
  readonly packet_drop_threshold: number
}

/** No egress queue dropped more packets than a threshold. */
export const VerifyInterfacesEgressQueueDrops = defineVerify({
  summary: 'Verifies the drop counters of egress queues.',
  docs: 'Passes when no egress queue of the interfaces, types, traffic classes and drop precedences looked at dropped more packets than the threshold.',
  example: { interfaces: ['Et1', 'Et2'], traffic_classes: ['TC0', 'TC3'], drop_precedences: ['DP0'] },
  input: () => ({
    ...ethernetSelection(),
    traffic_classes: trafficClassNames(),
    queue_types: z
      .array(z.enum(['unicast', 'multicast']))
      .min(1)
      .default(['unicast', 'multicast'])
      .describe('The types of queues.'),
    drop_precedences: z
      .array(z.enum(['DP0', 'DP1', 'DP2']))
      .min(1)
      .default(['DP0'])
      .describe('The drop precedences.'),
    packet_drop_threshold: count().default(0).describe('How many packets a queue may drop.'),
  }),
  asks: show('show interfaces counters queue detail', () => ({
    egressQueueCounters: z.object({
      interfaces: byName({ ucastQueues: queues(), mcastQueues: queues() }),
    }),
  })),
  judge: ({ egressQueueCounters }, input) =>
    judgeFound(input, egressQueueCounters.interfaces, (name, counters) => {
      const isTold = input.queue_types.some((type) => counters[QUEUES[type]]?.trafficClasses !== undefined)
      if (!isTold && !input.traffic_classes) return undefined
      return input.queue_types.flatMap((type) => queueFaults(input, name, type, counters[QUEUES[type]]))
    }),
})

function queueFaults(
  { traffic_classes, drop_precedences, packet_drop_threshold: threshold }: Looked,
  name: string,
  type: keyof typeof QUEUES,
  queue: OutputOf<typeof queues>,
) {
  const wanted = classesLookedAt(traffic_classes, queue?.trafficClasses ?? new Map<string, never>())
  return [
    ...wanted.missing.map((one) => `Interface: ${name} Queue Type: ${type} Traffic Class: ${one} - Not found`),
    ...wanted.found.flatMap(([trafficClass, { dropPrecedences }]) =>
      drop_precedences.flatMap((precedence) => {
        const subject = `Interface: ${name} Traffic Class: ${trafficClass} Queue Type: ${type} Drop Precedence: ${precedence}`
        const entry = entryOfQueue(dropPrecedences, precedence)
        return entry === undefined
          ? [`${subject} - Not found`]
          : aboveThreshold(`${subject} - Queue drops`, threshold, entry.droppedPackets)
      }),
    ),
  ]
}

/** Priority flow control sent and received few frames. */
export const VerifyInterfacesPFCCounters = defineVerify({
  summary: 'Verifies the frames of priority flow control (PFC) that interfaces sent and received.',
  docs: 'Passes when neither counter of the interfaces looked at is above the threshold.',
  example: {
    interfaces: ['Ethernet1/1', 'Ethernet2/1'],
    ignored_interfaces: ['Management0'],
    counters_threshold: 0,
  },
  input: () => ({
    ...physicalSelection(),
    counters_threshold: count().default(0).describe('How many frames may be sent, and how many received.'),
  }),
  asks: show(
    'show priority-flow-control counters',
    () => ({
      interfaceCounters: byName(partly({ rxFrames: z.number(), txFrames: z.number() })),
    }),
    3,
  ),
  judge: ({ interfaceCounters }, input) =>
    judgeFound(input, interfaceCounters, (name, { rxFrames, txFrames }) => {
      const [threshold, received, sent] = [input.counters_threshold, rxFrames ?? 0, txFrames ?? 0]
      if (received > threshold || sent > threshold) {
        return [
          `Interface: ${name} - Counters above threshold - Expected: <= ${threshold} Actual RX PFC: ${received} Actual TX PFC: ${sent}`,
        ]
      }
      return rxFrames === undefined || txFrames === undefined ? undefined : []
    }),
})

/** The debug counters of the Trident chip stay below a threshold. */
export const VerifyInterfacesTridentCounters = defineVerify({
  categories: ['hardware'],
  summary: 'Verifies the drop and error counters of the Trident chip for every interface.',
  docs: 'Passes when no drop or error counter of an interface is above the threshold. For the platforms with a Trident chip: 7050X, 7300X, 7358X, 7010TX, 750XP, 720 and 710.',
  example: { ignored_counters: ['nonCongestionDiscard', 'rxFpDrop', 'rxVlanDrop'], packet_drop_threshold: 0 },
  input: () => ({
    packet_drop_threshold: count().default(0).describe('How many packets a counter may count.'),
    ignored_counters: z.array(z.string()).nullish().describe('The counters to leave out.'),
  }),
  asks: show('show platform trident counters', () => {
    const counters = byName(z.number())
    return z.object({ ethernet: byName({ count: z.object({ drop: counters, error: counters }) }) })
  }),
  judge: ({ ethernet }, { packet_drop_threshold: threshold, ignored_counters }) =>
    judgeInterfaces({}, ethernet, (name, { count: { drop, error } }) => {
      const kinds = [
        ['Drop', drop],
        ['Error', error],
      ] as const
      return kinds.flatMap(([kind, counters]) =>
        [...counters].flatMap(([counter, value]) =>
          ignored_counters?.includes(counter)
            ? []
            : aboveThreshold(`Interface: ${name} - ${kind} counter ${counter}`, threshold, value),
        ),
      )
    }),
})

/** No queue dropped more packets than a threshold, on the way in (VOQ) or out. */
export const VerifyInterfacesVoqAndEgressQueueDrops = defineVerify({
  summary: 'Verifies the drop counters of ingress virtual output queues (VOQ) and of egress queues.',
  docs: 'Passes when no queue of the interfaces and traffic classes looked at dropped more packets than the threshold. For the platforms with virtual output queues: 7280R, 7500R, 7700R and 7800R.',
  example: { interfaces: ['Et1', 'Et2'], traffic_classes: ['TC0', 'TC3'] },
  input: () => ({
    interfaces: z.array(interfaceName()).nullish().describe('The interfaces to look at; absent: all.'),
    traffic_classes: trafficClassNames(),
    packet_drop_threshold: count().default(0).describe('How many packets a queue may drop.'),
  }),
  asks: show('show interfaces counters queue drops', () => {
    const drops = told({ countersSum: told({ droppedPackets: z.number() }) })
    return z.object({
      interfaces: byName(
        told({ trafficClasses: byName(told({ ingressVoqCounters: drops, egressQueueCounters: drops })) }),
      ),
    })
  }),
  judge: ({ interfaces }, input) =>
    judgeFound(input, interfaces, (name, { trafficClasses }) => {
      const wanted = classesLookedAt(input.traffic_classes, trafficClasses)
      return [
        ...wanted.missing.map((one) => `Interface: ${name} Traffic Class: ${one} - Not found`),
        ...wanted.found.flatMap(([trafficClass, queue]) => {
          const egress = queue.egressQueueCounters.countersSum.droppedPackets
          const voq = queue.ingressVoqCounters.countersSum.droppedPackets
          const threshold = input.packet_drop_threshold
          return voq <= threshold && egress <= threshold
            ? []
            : [
                `Interface: ${name} Traffic Class: ${trafficClass} - Queue drops above threshold - Expected: <= ${threshold} Actual VOQ: ${voq} Actual Egress: ${egress}`,
              ]
        }),
      ]
    }),
})

/** Storm control dropped nothing. */
export const VerifyStormControlDrops = defineVerify({
  summary: 'Verifies that storm control dropped no packet.',
  docs: 'Passes when the drop counters of the interfaces looked at are zero for every type of traffic. An interface that is named must have storm control.',
  example: { interfaces: ['Ethernet1', 'Ethernet2'], ignored_interfaces: ['Vxlan1', 'Loopback0'] },
  input: interfaceSelection,
  asks: show('show storm-control', () =>
    partly({
      interfaces: byName(told({ trafficTypes: byName(partly({ drop: z.number() })) })),
    }),
  ),
  judge: (answer, input) =>
    interfaceFaults(input, interfacesIn(input, answer, 'interfaces'), (name, { trafficTypes }) =>
      [...trafficTypes].flatMap(([type, { drop = 0 }]) =>
        drop === 0 ? [] : [`Interface: ${name} - Non-zero storm-control drop counter(s) - ${type}: ${drop}`],
      ),
    ),
})
