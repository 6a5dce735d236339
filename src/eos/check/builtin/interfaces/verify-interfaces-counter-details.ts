import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { byName } from '../../answer/by-name.ts'
import { SHOW_INTERFACES } from '../../answer/show-interfaces.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { aboveThreshold } from '../../finding/above-threshold.ts'
import { areNamed, judgeFound, physicalSelection } from '../../input/interface-selection.ts'
import { count } from '../../input/numbers.ts'
import { ageText } from './age-text.ts'
import { describedInterface } from './described-interface.ts'

const port = once(() =>
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
  }),
)

type Port = z.output<ReturnType<typeof port>>
type Counters = NonNullable<Port['interfaceCounters']>

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
  answers: () => [z.object({ interfaces: byName(port()) })],
  judge: (input, [{ interfaces }], { now }) =>
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

/** Whether an interface is a port of the switch: Ethernet or Management, and no subinterface. */
const isPort = (name: string): boolean => /^(?:Ethernet|Management)\d+(?:\/\d+){0,2}$/.test(name)

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

function subjectOf(name: string, one: Port, now: number | undefined): string {
  const isUp = one.lineProtocolStatus === 'up' && one.interfaceStatus === 'connected'
  const changed = one.lastStatusChangeTimestamp
  return [
    describedInterface(name, one.description),
    ...(now === undefined || changed === undefined
      ? []
      : [`${isUp ? 'Uptime' : 'Downtime'}: ${ageText(now - changed)}`]),
  ].join(' ')
}
