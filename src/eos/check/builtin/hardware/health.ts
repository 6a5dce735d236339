import { z } from 'zod'
import { definedItems } from '../../../../model/json.ts'
import { once } from '../../../../model/once.ts'
import { aboveThreshold, type OutputOf, printedFloat, recordOf, show, told } from '../../answer/show.ts'
import { defineVerify } from '../../define/define-check.ts'
import { flag, integer, percent, withAliases } from '../../input/words.ts'

// The periods that drops are counted over: the input, the counter of EOS, and what messages call it.
const PERIODS = [
  { input: 'minute', counter: 'dropInLastMinute', title: 'Last minute' },
  { input: 'ten_minute', counter: 'dropInLastTenMinute', title: 'Last 10 minutes' },
  { input: 'hour', counter: 'dropInLastOneHour', title: 'Last hour' },
  { input: 'day', counter: 'dropInLastOneDay', title: 'Last day' },
  { input: 'week', counter: 'dropInLastOneWeek', title: 'Last week' },
] as const

const dropThresholds = () =>
  withAliases(
    Object.fromEntries(PERIODS.map(({ input, counter }) => [counter, input])),
    z.strictObject({
      minute: integer().default(0).describe('Threshold of the last minute.'),
      ten_minute: integer().default(0).describe('Threshold of the last ten minutes.'),
      hour: integer().default(0).describe('Threshold of the last hour.'),
      day: integer().default(0).describe('Threshold of the last day.'),
      week: integer().default(0).describe('Threshold of the last week.'),
    }),
  )

const dropEvent = () =>
  told({
    counterName: z.string(),
    counterType: z.string(),
    dropCount: z.number(),
    dropInLastMinute: z.number().optional(),
    dropInLastTenMinute: z.number().optional(),
    dropInLastOneHour: z.number().optional(),
    dropInLastOneDay: z.number().optional(),
    dropInLastOneWeek: z.number().optional(),
  })

const fapMapping = () =>
  z.object({
    aradMappings: z.array(
      told({
        fapName: z.string(),
        portMappings: recordOf(told({ interface: z.string() })),
      }),
    ),
  })

const interfaceErrors = () => z.object({ interfaceErrorCounters: recordOf(told({ fcsErrors: z.number() })) })

type DropEvent = OutputOf<typeof dropEvent>
type Thresholds = OutputOf<typeof dropThresholds>
type Mappings = OutputOf<typeof fapMapping>['aradMappings']
type Errors = OutputOf<typeof interfaceErrors>['interfaceErrorCounters']

/** No chip of the switch has dropped more packets for an adverse reason than it may. */
export const VerifyAdverseDrops = defineVerify({
  summary: 'Verifies that no adverse drops exceed their thresholds (7280R, 7500R, 7700R and 7800R series).',
  docs:
    'Passes when no adverse drop counter is above its threshold. With `always_fail_on_reassembly_errors: false`, ' +
    'ReassemblyErrors are a consequence of FCS errors on an interface of the same chip, and do not fail.',
  example: {
    thresholds: { minute: 3, ten_minute: 20, hour: 100, day: 500, week: 1000 },
    always_fail_on_reassembly_errors: false,
  },
  input: () => ({
    thresholds: dropThresholds()
      .default({ minute: 0, ten_minute: 0, hour: 0, day: 0, week: 0 })
      .describe('How many drops are accepted in each period.'),
    always_fail_on_reassembly_errors: flag(
      'Whether ReassemblyErrors fail although an interface of the same chip has FCS errors.',
      true,
    ),
  }),
  asks: [
    show('show hardware counter drop rates', () => ({
      dropEvents: recordOf(told({ dropEvent: z.array(dropEvent()) })),
    })),
    show('show platform fap mapping', fapMapping, 5),
    show('show interfaces counters errors', interfaceErrors),
  ],
  judge: ([{ dropEvents }, { aradMappings }, { interfaceErrorCounters }], input) => {
    const withFcsErrors = chipsWithFcsErrors(aradMappings, interfaceErrorCounters)
    return Object.entries(dropEvents).flatMap(([fap, { dropEvent: events }]) => {
      const isExplained = !input.always_fail_on_reassembly_errors && withFcsErrors.has(fap)
      return events
        .filter((event) => event.counterType === 'Adverse' && event.dropCount !== 0)
        .filter((event) => !(event.counterName === 'ReassemblyErrors' && isExplained))
        .flatMap((event) => dropFaults(fap, event, input.thresholds))
    })
  },
})

function dropFaults(fap: string, event: DropEvent, limits: Thresholds) {
  return PERIODS.flatMap(({ input, counter, title }) =>
    aboveThreshold(`FAP: ${fap} Counter: ${event.counterName} - ${title} rate`, limits[input], event[counter] ?? 0),
  )
}

function chipsWithFcsErrors(mappings: Mappings, errors: Errors): ReadonlySet<string> {
  const faulty = new Set(Object.entries(errors).flatMap(([name, { fcsErrors }]) => (fcsErrors > 0 ? [name] : [])))
  const chips = mappings.filter(({ portMappings }) =>
    // All are read: a port whose interface is not told may be one of those.
    Object.values(portMappings)
      .map((port) => port.interface)
      .some((name) => name.startsWith('Ethernet') && faulty.has(name)),
  )
  return new Set(chips.map(({ fapName }) => fapName))
}

/** The cards of the chassis are initialised, and its fabric raises no more interrupts than it may. */
export const VerifyChassisHealth = defineVerify({
  summary: 'Verifies the health of the components of a chassis (7280R, 7500R, 7700R and 7800R series).',
  docs: 'Passes when all line and fabric cards are initialized and no fabric card has more interrupts than given.',
  example: { max_fabric_interrupts: 0 },
  input: () => ({
    max_fabric_interrupts: integer().default(0).describe('How many interrupts of a fabric card are accepted.'),
  }),
  asks: show('show platform sand health', () => ({
    linecardsNotInitialized: recordOf(z.unknown()),
    fabricCardsNotInitialized: recordOf(z.unknown()),
    fabricInterruptOccurrences: recordOf(told({ count: z.number() })),
  })),
  judge: (
    { linecardsNotInitialized, fabricCardsNotInitialized, fabricInterruptOccurrences },
    { max_fabric_interrupts: limit },
  ) => [
    ...Object.keys(linecardsNotInitialized).map((card) => `Linecard: ${card} - Not initialized`),
    ...Object.keys(fabricCardsNotInitialized).map((card) => `Fabric card: ${card} - Not initialized`),
    ...Object.entries(fabricInterruptOccurrences).flatMap(([card, { count }]) =>
      aboveThreshold(`Fabric: ${card} - Fabric interrupts`, limit, count),
    ),
  ],
})

const table = () =>
  told({
    table: z.string(),
    feature: z.string(),
    chip: z.string(),
    usedPercent: z.number(),
  })

type Table = OutputOf<typeof table>

// ANTA prints it as its documentation writes it, and a given one as a float.
const USUAL = 90

const tables = once(() => z.object({ tables: z.array(table()) }))

const SHOW_CAPACITY_ALERTS = show('show hardware capacity alert threshold', () =>
  told({ thresholds: recordOf(z.unknown()) }),
)

/** No table of the hardware is nearly full. */
export const VerifyHardwareCapacityUtilization = defineVerify({
  summary: 'Verifies the utilization of the hardware tables.',
  docs: 'Passes when no table is used to the threshold or above. Only tables with an alert threshold are judged, unless `strict_mode` is true; some features fill their table by design.',
  example: { capacity_utilization_threshold: 90, strict_mode: true },
  input: () => ({
    capacity_utilization_threshold: percent()
      .optional()
      .describe(`How much of a table may be used, in per cent. Default ${USUAL}.`),
    strict_mode: flag('Whether to judge tables without an alert threshold too.'),
  }),
  asks: ({ capacity_utilization_threshold: limit = USUAL }) => [
    SHOW_CAPACITY_ALERTS,
    show(`show hardware capacity utilization percent exceed ${Math.floor(limit)}`, tables),
  ],
  judge: ([alerts, { tables }], { capacity_utilization_threshold: given, strict_mode }) => {
    if (tables.length === 0) return []
    const printed = given === undefined ? String(USUAL) : printedFloat(given)
    return (
      tables
        // The switch gives only tables that are above the limit.
        .filter((one) => strict_mode || Object.hasOwn(alerts.thresholds, alertName(one)))
        .map(
          (one) => `${subjectOf(one)} - Capacity above threshold - Expected: < ${printed}% Actual: ${one.usedPercent}%`,
        )
    )
  },
})

function alertName({ table: name, feature }: Table) {
  return feature === '' ? name : `${name}-${feature}`
}

function subjectOf({ table: name, chip, feature }: Table) {
  return definedItems(`Table: ${name}`, chip !== '' && `Chip: ${chip}`, feature !== '' && `Feature: ${feature}`).join(
    ' ',
  )
}

// The counters of a PCIe device: the input, the counter of EOS, and what messages call it.
const COUNTERS = [
  { input: 'correctable_errors', counter: 'correctableErrors', title: 'Correctable errors' },
  { input: 'non_fatal_errors', counter: 'nonFatalErrors', title: 'Non-fatal errors' },
  { input: 'fatal_errors', counter: 'fatalErrors', title: 'Fatal errors' },
] as const

const pcieThresholds = () =>
  withAliases(
    Object.fromEntries(COUNTERS.map(({ input, counter }) => [counter, input])),
    z.strictObject({
      correctable_errors: integer().default(0).describe('Threshold of correctable errors.'),
      non_fatal_errors: integer().default(0).describe('Threshold of non-fatal errors.'),
      fatal_errors: integer().default(0).describe('Threshold of fatal errors.'),
    }),
  )

/** No PCIe device of the switch counts more errors than it may. */
export const VerifyPCIeErrors = defineVerify({
  summary: 'Verifies the error counters of the PCIe devices.',
  docs: 'Passes when no device counts more correctable, non-fatal or fatal errors than its threshold. Fails where there is no device.',
  example: { thresholds: { correctable_errors: 10_000, non_fatal_errors: 30, fatal_errors: 30 } },
  input: () => ({
    thresholds: pcieThresholds()
      .default({ correctable_errors: 0, non_fatal_errors: 0, fatal_errors: 0 })
      .describe('How many errors of each kind are accepted.'),
  }),
  asks: show('show pci', () => ({
    pciIds: recordOf(
      told({
        name: z.string(),
        correctableErrors: z.number(),
        nonFatalErrors: z.number(),
        fatalErrors: z.number(),
      }),
    ),
  })),
  judge: ({ pciIds }, { thresholds: limits }) => {
    const devices = Object.entries(pciIds)
    if (devices.length === 0) return { status: 'error', reason: 'the answer has no PCIe device' }
    return devices.flatMap(([id, device]) =>
      COUNTERS.flatMap(({ input, counter, title }) =>
        device[counter] <= limits[input]
          ? []
          : aboveThreshold(`PCI Name: ${device.name} PCI ID: ${id} - ${title}`, limits[input], device[counter]),
      ),
    )
  },
})

/** The other supervisor can take over, by the expected protocol. */
export const VerifySupervisorRedundancy = defineVerify({
  summary: 'Verifies the redundancy protocol of the supervisors.',
  docs: 'Passes when the given protocol is configured and operational, and a switchover is ready. Skipped where the peer supervisor is not inserted.',
  example: { redundancy_proto: 'sso' },
  input: () => ({
    redundancy_proto: z.enum(['sso', 'rpr', 'simplex']).default('sso').describe('Expected redundancy protocol.'),
  }),
  asks: show('show redundancy status', () =>
    told({
      configuredProtocol: z.string(),
      operationalProtocol: z.string(),
      peerState: z.string(),
      switchoverReady: z.boolean(),
    }),
  ),
  judge: (answer, { redundancy_proto: expected }) => {
    if (answer.peerState === 'notInserted') return { status: 'skip', reason: 'Peer supervisor card not inserted' }
    // The wording without a colon is the recorded one.
    if (answer.configuredProtocol !== expected) {
      return [`Configured redundancy protocol mismatch - Expected ${expected} Actual: ${answer.configuredProtocol}`]
    }
    if (answer.operationalProtocol !== expected) {
      return [`Operational redundancy protocol mismatch - Expected ${expected} Actual: ${answer.operationalProtocol}`]
    }
    return answer.switchoverReady
      ? []
      : ['Redundancy protocol switchover status mismatch - Expected: True Actual: False']
  },
})
