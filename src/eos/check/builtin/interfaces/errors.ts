import { z } from 'zod'
import { definedItems } from '../../../../model/json.ts'
import { SHOW_INTERFACES_DESCRIPTION } from '../../answer/interfaces.ts'
import {
  aboveThreshold,
  byName,
  MissingMember,
  needed,
  type OutputOf,
  partly,
  printedFloat,
  show,
  told,
} from '../../answer/show.ts'
import { defineVerify, type Judgement } from '../../define/define-check.ts'
import {
  areNamed,
  count,
  decimal,
  ethernetSelection,
  flag,
  type InterfaceSelection,
  interfaceSelection,
  interfacesIn,
  interfacesLookedAt,
  judgeFound,
  judgeInterfaces,
  percent,
  physicalSelection,
} from '../../input/words.ts'
import { describedInterface } from './links.ts'
import { nonZeroCounters } from './queues.ts'

/** No interface discards a packet. */
export const VerifyInterfaceDiscards = defineVerify({
  summary: 'Verifies that the discard counters of interfaces are zero.',
  docs: 'Passes when every discard counter of the interfaces looked at is zero.',
  example: { interfaces: ['Ethernet1', 'Port-Channel1'], ignored_interfaces: ['Vxlan1', 'Loopback0'] },
  input: interfaceSelection,
  asks: show('show interfaces counters discards', () => partly({ interfaces: byName(byName(z.number())) })),
  judge: (answer, input) => judgeZero(input, interfacesIn(input, answer, 'interfaces'), 'Non-zero discard counter(s):'),
})

/** No interface is errdisabled. */
export const VerifyInterfaceErrDisabled = defineVerify({
  summary: 'Verifies that no interface is errdisabled.',
  docs: 'Passes when none of the interfaces looked at is among those that the switch tells as errdisabled.',
  example: { interfaces: ['Ethernet1/1'], ignored_interfaces: ['Ethernet1/5', 'Ethernet1/6'] },
  input: interfaceSelection,
  asks: show('show interfaces status errdisabled', () => ({
    interfaceStatuses: byName(z.looseObject({ causes: z.array(z.string()).optional() })),
  })),
  judge: ({ interfaceStatuses }, input) => {
    const told = interfacesLookedAt(input, interfaceStatuses).flatMap((name) => {
      const status = interfaceStatuses.get(name)
      return status === undefined ? [] : [{ name, status }]
    })
    const silent = told.find(({ status }) => Object.keys(status).length === 0)
    const disabled = told.filter(({ status }) => Object.keys(status).length > 0)
    if (silent !== undefined && disabled.length === 0) throw new MissingMember(silent.status, 'status')
    return disabled.map(
      ({ name, status: { causes = [] } }) =>
        `Interface: ${name} - Error disabled${causes.length === 0 ? '' : ` - Causes: ${causes.join(', ')}`}`,
    )
  },
})

/** No interface counts an error. */
export const VerifyInterfaceErrors = defineVerify({
  summary: 'Verifies that the error counters of interfaces are zero.',
  docs: 'Passes when every error counter of the interfaces looked at is zero.',
  example: { interfaces: ['Ethernet1/1'], ignored_interfaces: ['Ethernet1/5', 'Ethernet1/6'] },
  input: interfaceSelection,
  asks: show('show interfaces counters errors', () => partly({ interfaceErrorCounters: byName(byName(z.number())) })),
  judge: (answer, input) =>
    judgeZero(input, interfacesIn(input, answer, 'interfaceErrorCounters'), 'Non-zero error counter(s) -'),
})

// Counters that must be zero. An interface without any cannot be judged.
function judgeZero(
  selected: InterfaceSelection,
  told: ReadonlyMap<string, ReadonlyMap<string, number>>,
  fault: string,
): Judgement {
  const verdict = judgeInterfaces(selected, told, (name, counters) => {
    const found = nonZeroCounters(counters)
    return found === '' ? [] : [`Interface: ${name} - ${fault} ${found}`]
  })
  const silent = interfacesLookedAt(selected, told).find((name) => told.get(name)?.size === 0)
  if (verdict.status !== 'pass' || silent === undefined) return verdict
  return { status: 'error', reason: `the answer has nothing to judge of ${silent}` }
}

const FULL = 'duplexFull'

/** No interface carries more than a part of what it could. */
export const VerifyInterfaceUtilization = defineVerify({
  summary: 'Verifies that the utilization of interfaces is below a threshold.',
  docs: 'Passes when the interfaces looked at are full duplex and carry, in each direction, at most that part of their bandwidth. One without bandwidth (not connected) is left out, and fails when it was named. The load interval is that of the switch, five minutes by default.',
  example: {
    threshold: 70,
    ignored_interfaces: ['Ethernet1', 'Port-Channel1'],
    interfaces: ['Ethernet10', 'Loopback0'],
  },
  input: () => ({
    threshold: percent().default(75).describe('The highest part of the bandwidth in percent.'),
    ...interfaceSelection(),
  }),
  asks: [
    show('show interfaces counters rates', () =>
      partly({ interfaces: byName(told({ inBpsRate: z.number(), outBpsRate: z.number() })) }),
    ),
    show('show interfaces status', () =>
      partly({
        interfaceStatuses: byName(told({ duplex: z.string(), bandwidth: z.number().nullable() })),
      }),
    ),
  ],
  judge: ([rates, { interfaceStatuses }], input) =>
    judgeInterfaces(input, interfacesIn(input, rates, 'interfaces'), (name, told) => {
      const status = interfaceStatuses?.get(name)
      if (status === undefined) return [`Interface: ${name} - Not found`]
      if (status.bandwidth === 0) {
        return areNamed(input)
          ? [`Interface: ${name} - Cannot get interface utilization due to null bandwidth value`]
          : []
      }
      if (status.duplex !== FULL) {
        return [
          `Interface: ${name} - Test not implemented for non-full-duplex interfaces - Expected: ${FULL} Actual: ${status.duplex}`,
        ]
      }
      const bandwidth = needed(status, 'bandwidth')
      const directions = [
        ['Ingress', told.inBpsRate],
        ['Egress', told.outBpsRate],
      ] as const
      return directions.flatMap(([direction, rate]) => {
        const usage = (rate / bandwidth) * 100
        return usage > input.threshold
          ? [
              `Interface: ${name} - ${direction} traffic rate (BPS) exceeds threshold - Expected: <= ${printedFloat(input.threshold)}% Actual: ${printedFloat(usage)}%`,
            ]
          : []
      })
    }),
})

const phy = () => {
  const counter = partly({ value: z.number() }).optional()
  return z.object({
    preFecBer: counter,
    fec: z.object({ correctedCodewords: counter, uncorrectedCodewords: counter }).optional(),
  })
}

/** Links make few bit errors before correction, and none after it. */
export const VerifyInterfacesBER = defineVerify({
  summary: 'Verifies the bit error rate (BER) of interfaces before correction, and that all codewords were corrected.',
  docs: 'Passes when the pre-FEC bit error rate of every PHY of the interfaces looked at is at most the threshold and none has uncorrected codewords. An interface without these details is left out, and fails when it was named.',
  example: { interfaces: ['Ethernet1/1', 'Ethernet2/1'], max_ber_threshold: 0.000_001 },
  input: () => ({
    ...ethernetSelection(),
    max_ber_threshold: decimal().default(1e-7).describe('The highest bit error rate before correction.'),
    fail_on_uncorrected_codewords: flag('Whether codewords that could not be corrected are a fault.', true),
  }),
  asks: [
    show(
      'show interfaces phy detail',
      () => ({ interfacePhyStatuses: byName(partly({ phyStatuses: z.array(phy()) })) }),
      2,
    ),
    SHOW_INTERFACES_DESCRIPTION,
  ],
  judge: ([{ interfacePhyStatuses }, { interfaceDescriptions }], input) =>
    judgeFound(input, interfacePhyStatuses, (name, { phyStatuses = [] }) => {
      const measured = phyStatuses.flatMap(({ preFecBer, fec }) => {
        const [ber, corrected, uncorrected] = [
          preFecBer?.value,
          fec?.correctedCodewords?.value,
          fec?.uncorrectedCodewords?.value,
        ]
        return ber === undefined || corrected === undefined || uncorrected === undefined
          ? []
          : [{ ber, corrected, uncorrected }]
      })
      if (measured.length === 0) return undefined
      const subject = describedInterface(name, interfaceDescriptions.get(name)?.description)
      return measured.flatMap(({ ber, corrected, uncorrected }) =>
        definedItems(
          input.fail_on_uncorrected_codewords &&
            uncorrected > 0 &&
            `${subject} - Uncorrected FEC codewords detected - Expected: 0 Actual: ${uncorrected}`,
          ...(ber <= input.max_ber_threshold
            ? []
            : [
                `${subject} FEC Corrected: ${corrected} FEC Uncorrected: ${uncorrected} - BER above threshold - Expected: <= ${scientific(input.max_ber_threshold)} Actual: ${scientific(ber)}`,
              ]),
        ),
      )
    }),
})

function scientific(value: number) {
  return value.toExponential(2).replace(/e([+-])(\d)$/, 'e$10$2')
}

const port = () =>
  told({
    description: z.string().optional(),
    interfaceStatus: z.string(),
    lineProtocolStatus: z.string(),
    lastStatusChangeTimestamp: z.number().optional(),
    interfaceCounters: told({
      linkStatusChanges: z.number(),
      inDiscards: z.number().optional(),
      outDiscards: z.number().optional(),
      totalInErrors: z.number().optional(),
      totalOutErrors: z.number().optional(),
      inputErrorsDetail: byName(z.number()).optional(),
      outputErrorsDetail: byName(z.number()).optional(),
    }).optional(),
  })

type Port = OutputOf<typeof port>
type Counters = NonNullable<Port['interfaceCounters']>

/** The counters of each port, one by one, and the changes of its link stay below thresholds. */
export const VerifyInterfacesCounterDetails = defineVerify({
  summary: 'Verifies discards, errors in detail, and link status changes of physical interfaces.',
  docs: 'Passes when no counter of the Ethernet and Management interfaces looked at is above its threshold. Pause frames are not counted.',
  example: {
    interfaces: ['Ethernet1/1', 'Ethernet2/1'],
    ignored_interfaces: ['Management0'],
    counters_threshold: 10,
    link_status_changes_threshold: 100,
  },
  input: () => ({
    ...physicalSelection(),
    counters_threshold: count().default(0).describe('How much a counter may count.'),
    link_status_changes_threshold: count().default(100).describe('How often the link may have changed its status.'),
  }),
  asks: show('show interfaces', () => ({ interfaces: byName(port()) })),
  judge: ({ interfaces }, input, { now }) =>
    judgeFound(input, areNamed(input) ? interfaces : portsOf(interfaces), (name, one) => {
      if (!isPort(name)) return undefined
      const counters = one.interfaceCounters
      if (counters === undefined) return undefined
      const subject = subjectOf(name, one, now)
      return [
        ...aboveThreshold(
          `${subject} - Link status changes`,
          input.link_status_changes_threshold,
          counters.linkStatusChanges,
        ),
        ...countedIn(counters).flatMap(([what, actual]) =>
          actual === undefined
            ? [`${subject} - ${what} not found`]
            : aboveThreshold(`${subject} - ${what}`, input.counters_threshold, actual),
        ),
      ]
    }),
})

const isPort = (name: string) => /^(?:Ethernet|Management)\d+(?:\/\d+){0,2}$/.test(name)

function portsOf(interfaces: ReadonlyMap<string, Port>): ReadonlyMap<string, Port> {
  return new Map([...interfaces].filter(([name]) => isPort(name)))
}

function countedIn(counters: Counters): readonly (readonly [what: string, actual: number | undefined])[] {
  const { inputErrorsDetail: received, outputErrorsDetail: sent } = counters
  return [
    ['Input discards', counters.inDiscards],
    ['Output discards', counters.outDiscards],
    ['Input errors', counters.totalInErrors],
    ['Output errors', counters.totalOutErrors],
    ['Runt frames', received?.get('runtFrames')],
    ['Giant frames', received?.get('giantFrames')],
    ['CRC errors', received?.get('fcsErrors')],
    ['Alignment errors', received?.get('alignmentErrors')],
    ['Symbol errors', received?.get('symbolErrors')],
    ['Collisions', sent?.get('collisions')],
    ['Late collisions', sent?.get('lateCollisions')],
    ['Deferred transmissions', sent?.get('deferredTransmissions')],
  ]
}

function subjectOf(name: string, one: Port, now: number | undefined) {
  const isUp = one.lineProtocolStatus === 'up' && one.interfaceStatus === 'connected'
  const changed = one.lastStatusChangeTimestamp
  return [
    describedInterface(name, one.description),
    ...(now === undefined || changed === undefined
      ? []
      : [`${isUp ? 'Uptime' : 'Downtime'}: ${ageText(now - changed)}`]),
  ].join(' ')
}

// How long something has lasted, as ANTA says it: `1 day`, `3 hours and 5 minutes`, `less than a minute`.
function ageText(seconds: number) {
  const ofDay = ((seconds % 86_400) + 86_400) % 86_400
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(ofDay / 3600), Math.floor(ofDay / 60) % 60]
  if (days > 0) return counted(days, 'day')
  const parts = definedItems(hours > 0 && counted(hours, 'hour'), minutes > 0 && counted(minutes, 'minute'))
  return parts.length === 0 ? 'less than a minute' : parts.join(' and ')
}

function counted(number: number, unit: string) {
  return `${number} ${unit}${number === 1 ? '' : 's'}`
}
