import { z } from 'zod'
import { aboveThreshold } from '../../above-threshold.ts'
import { byName } from '../../answer/by-name.ts'
import { SHOW_INTERFACES } from '../../answer/show-interfaces.ts'
import { defineVerify } from '../../define-verify.ts'
import { count } from '../../input/numbers.ts'
import { physicalSelection } from '../../interface-selection.ts'
import { once } from '../../once.ts'
import { ageText } from './age-text.ts'
import { describedInterface } from './described-interface.ts'
import { judgePhysical } from './physical-interface.ts'

const told = once(() => {
  const counter = z.number().optional()
  return z.object({
    description: z.string().optional(),
    interfaceStatus: z.string().optional(),
    lastStatusChangeTimestamp: counter,
    interfaceCounters: z
      .object({
        inDiscards: counter,
        outDiscards: counter,
        linkStatusChanges: counter,
        totalInErrors: counter,
        totalOutErrors: counter,
        inputErrorsDetail: byName(z.number()).optional(),
        outputErrorsDetail: byName(z.number()).optional(),
        counterRefreshTime: counter,
      })
      .optional(),
  })
})

type Interface = z.output<ReturnType<typeof told>>
type Counters = NonNullable<Interface['interfaceCounters']>

/** Counters of received frames that were in error. Pause frames are flow control, and none. */
const INPUT_ERRORS = {
  runtFrames: 'Runt frames',
  giantFrames: 'Giant frames',
  fcsErrors: 'FCS errors',
  alignmentErrors: 'Alignment errors',
  symbolErrors: 'Symbol errors',
}

/** Counters of frames that could not be sent at once. */
const OUTPUT_ERRORS = {
  collisions: 'Collisions',
  lateCollisions: 'Late collisions',
  deferredTransmissions: 'Deferred transmissions',
}

/** The counters of each port, one by one, and the changes of its link stay below thresholds. */
export const verifyInterfacesCounterDetails = defineVerify({
  name: 'VerifyInterfacesCounterDetails',
  summary: 'Verifies discards, errors in detail, and link status changes of physical interfaces.',
  docs: 'Passes when no counter of the Ethernet and Management interfaces looked at is above its threshold. Pause frames are not counted.',
  example: {
    interfaces: ['Ethernet1/1', 'Ethernet2/1'],
    ignored_interfaces: ['Management0'],
    counters_threshold: 10,
    link_status_changes_threshold: 100,
  },
  input: () =>
    z.strictObject({
      ...physicalSelection(),
      counters_threshold: count().default(0).describe('How much a counter may count.'),
      link_status_changes_threshold: count().default(100).describe('How often the link may have changed its status.'),
    }),
  commands: () => [SHOW_INTERFACES],
  answers: () => [z.object({ interfaces: byName(told()) })],
  judge: (input, [{ interfaces }], { now }) =>
    judgePhysical(input, interfaces, (name, one) => {
      const counters = one.interfaceCounters
      if (counters === undefined) return [`Interface: ${name} - Counters not found`]
      const thresholds = { counters: input.counters_threshold, changes: input.link_status_changes_threshold }
      return countedIn(counters, thresholds).flatMap(([what, actual, threshold]) =>
        aboveThreshold(`${subject(name, one, now)} - ${what}`, threshold, actual),
      )
    }),
})

type Counted = readonly [what: string, actual: number | undefined, threshold: number]

function countedIn(
  counters: Counters,
  { counters: most, changes }: { readonly counters: number; readonly changes: number },
): readonly Counted[] {
  return [
    ['Input discards', counters.inDiscards, most],
    ['Output discards', counters.outDiscards, most],
    ['Input errors', counters.totalInErrors, most],
    ...named(INPUT_ERRORS, counters.inputErrorsDetail, most),
    ['Output errors', counters.totalOutErrors, most],
    ...named(OUTPUT_ERRORS, counters.outputErrorsDetail, most),
    ['Link status changes', counters.linkStatusChanges, changes],
  ]
}

/** What is known of the details, in their own words; Management interfaces of virtual switches tell none. */
function named(
  words: Readonly<Record<string, string>>,
  details: ReadonlyMap<string, number> | undefined,
  most: number,
): readonly Counted[] {
  return Object.entries(words).flatMap(([key, what]) => {
    const actual = details?.get(key)
    return actual === undefined ? [] : [[what, actual, most] as const]
  })
}

/** The switch's own time of reading its counters comes before ours: its clock set the timestamp. */
function subject(name: string, { description, ...one }: Interface, now: number | undefined): string {
  const read = one.interfaceCounters?.counterRefreshTime ?? now
  const changed = one.lastStatusChangeTimestamp
  const state = one.interfaceStatus === 'connected' ? 'Uptime' : 'Downtime'
  return [
    describedInterface(name, description),
    ...(read === undefined || changed === undefined ? [] : [`${state}: ${ageText(read - changed)}`]),
  ].join(' ')
}
