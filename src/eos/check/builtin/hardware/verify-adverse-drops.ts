import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { aboveThreshold } from '../../finding/above-threshold.ts'
import { withAliases } from '../../input/aliases.ts'
import { integer } from '../../input/numbers.ts'

/** The periods that drops are counted over: the input, the counter of EOS, and what messages call it. */
const PERIODS = [
  { input: 'minute', counter: 'dropInLastMinute', title: 'Last minute' },
  { input: 'ten_minute', counter: 'dropInLastTenMinute', title: 'Last 10 minutes' },
  { input: 'hour', counter: 'dropInLastOneHour', title: 'Last hour' },
  { input: 'day', counter: 'dropInLastOneDay', title: 'Last day' },
  { input: 'week', counter: 'dropInLastOneWeek', title: 'Last week' },
] as const

const thresholds = once(() =>
  withAliases(
    Object.fromEntries(PERIODS.map(({ input, counter }) => [counter, input])),
    z.strictObject({
      minute: integer().default(0).describe('Threshold of the last minute.'),
      ten_minute: integer().default(0).describe('Threshold of the last ten minutes.'),
      hour: integer().default(0).describe('Threshold of the last hour.'),
      day: integer().default(0).describe('Threshold of the last day.'),
      week: integer().default(0).describe('Threshold of the last week.'),
    }),
  ),
)

/** A counter of a chip. Some platforms do not tell all periods; each drop is in the longer ones too. */
const dropEvent = once(() =>
  told({
    counterName: z.string(),
    counterType: z.string(),
    dropCount: z.number(),
    dropInLastMinute: z.number().optional(),
    dropInLastTenMinute: z.number().optional(),
    dropInLastOneHour: z.number().optional(),
    dropInLastOneDay: z.number().optional(),
    dropInLastOneWeek: z.number().optional(),
  }),
)

/** Which interfaces each forwarding chip (FAP) serves. */
const fapMapping = once(() =>
  z.object({
    aradMappings: z.array(
      told({
        fapName: z.string(),
        portMappings: z.record(z.string(), told({ interface: z.string() })),
      }),
    ),
  }),
)

const interfaceErrors = once(() =>
  z.object({ interfaceErrorCounters: z.record(z.string(), told({ fcsErrors: z.number() })) }),
)

type DropEvent = z.output<ReturnType<typeof dropEvent>>
type Thresholds = z.output<ReturnType<typeof thresholds>>
type Mappings = z.output<ReturnType<typeof fapMapping>>['aradMappings']
type Errors = z.output<ReturnType<typeof interfaceErrors>>['interfaceErrorCounters']

/** No chip of the switch has dropped more packets for an adverse reason than it may. */
export const verifyAdverseDrops = defineVerify({
  name: 'VerifyAdverseDrops',
  summary: 'Verifies that no adverse drops exceed their thresholds (7280R, 7500R, 7700R and 7800R series).',
  docs:
    'Passes when no adverse drop counter is above its threshold. With `always_fail_on_reassembly_errors: false`, ' +
    'ReassemblyErrors are a consequence of FCS errors on an interface of the same chip, and do not fail.',
  example: {
    thresholds: { minute: 3, ten_minute: 20, hour: 100, day: 500, week: 1000 },
    always_fail_on_reassembly_errors: false,
  },
  input: () =>
    z.strictObject({
      thresholds: thresholds()
        .default({ minute: 0, ten_minute: 0, hour: 0, day: 0, week: 0 })
        .describe('How many drops are accepted in each period.'),
      always_fail_on_reassembly_errors: z
        .boolean()
        .default(true)
        .describe('Whether ReassemblyErrors fail although an interface of the same chip has FCS errors.'),
    }),
  commands: () => [
    { cmd: 'show hardware counter drop rates', revision: 1 },
    { cmd: 'show platform fap mapping', revision: 5 },
    { cmd: 'show interfaces counters errors', revision: 1 },
  ],
  answers: () => [
    z.object({ dropEvents: z.record(z.string(), told({ dropEvent: z.array(dropEvent()) })) }),
    fapMapping(),
    interfaceErrors(),
  ],
  judge: (input, [{ dropEvents }, { aradMappings }, { interfaceErrorCounters }]) => {
    const withFcsErrors = chipsWithFcsErrors(aradMappings, interfaceErrorCounters)
    return passUnless(
      Object.entries(dropEvents).flatMap(([fap, { dropEvent: events }]) => {
        const isExplained = !input.always_fail_on_reassembly_errors && withFcsErrors.has(fap)
        return events
          .filter((event) => event.counterType === 'Adverse' && event.dropCount !== 0)
          .filter((event) => !(event.counterName === 'ReassemblyErrors' && isExplained))
          .flatMap((event) => faultsOf(fap, event, input.thresholds))
      }),
    )
  },
})

function faultsOf(fap: string, event: DropEvent, limits: Thresholds): readonly string[] {
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
