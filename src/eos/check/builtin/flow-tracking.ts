import { z } from 'zod'
import { byName, isNothing, mismatch, type OutputOf, printed, show, told } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { integer, someOf, word } from '../input/words.ts'

const flowTracker = () =>
  z.strictObject({
    name: word().describe('The name of the flow tracker.'),
    record_export: z
      .strictObject({
        on_inactive_timeout: integer().describe('After how many idle milliseconds the records of a flow are exported.'),
        on_interval: integer().describe('Every how many milliseconds the records of an active flow are exported.'),
      })
      .nullish()
      .describe('When records are exported.'),
    exporters: z
      .array(
        z.strictObject({
          name: word().describe('The name of the exporter.'),
          local_interface: word().describe('The interface that the exporter sends from.'),
          template_interval: integer().describe('Every how many milliseconds the exporter sends its template again.'),
        }),
      )
      .nullish()
      .describe('The exporters of the tracker.'),
  })

// What `show flow tracking hardware` tells; timers are milliseconds.
const answer = () =>
  told({
    running: z.boolean().optional(),
    trackers: byName(
      told({
        active: z.boolean().optional(),
        inactiveTimeout: z.number().optional(),
        activeInterval: z.number().optional(),
        exporters: byName(told({ localIntf: z.string(), templateInterval: z.number() })),
      }),
    ),
  })

type Expected = OutputOf<typeof flowTracker>
type Told = NonNullable<ReturnType<NonNullable<OutputOf<typeof answer>['trackers']>['get']>>

/** Hardware flow tracking runs, and the given trackers are active with their timers and exporters. */
export const VerifyHardwareFlowTrackerStatus = defineVerify({
  summary:
    'Verifies that hardware flow tracking runs and that the given trackers are active, with their timers and exporters.',
  docs: 'Passes when flow tracking runs, each given tracker is active, and the timers and exporters that are given are as told.',
  example: {
    trackers: [
      {
        name: 'FLOW-TRACKER',
        record_export: { on_inactive_timeout: 70_000, on_interval: 300_000 },
        exporters: [{ name: 'CV-TELEMETRY', local_interface: 'Loopback0', template_interval: 3_600_000 }],
      },
    ],
  },
  input: () => ({ trackers: someOf(flowTracker(), 'Flow trackers to verify.') }),
  asks: show('show flow tracking hardware', answer),
  judge: (answer, { trackers }) => {
    if (!answer.running) return ['Hardware flow tracking is not running']
    return trackers.flatMap((tracker) => faultsOf(tracker, answer.trackers.get(tracker.name)))
  },
})

function faultsOf(expected: Expected, told: Told | undefined) {
  const subject = `Flow Tracker: ${expected.name}`
  if (isNothing(told)) return [`${subject} - Not found`]
  if (told.active !== true) return [`${subject} - Disabled`]
  return [...timerFaults(subject, expected, told), ...exporterFaults(subject, expected, told)]
}

function timerFaults(subject: string, { record_export: timers }: Expected, told: Told) {
  if (timers == null) return []
  const { inactiveTimeout, activeInterval } = told
  if (inactiveTimeout === timers.on_inactive_timeout && activeInterval === timers.on_interval) return []
  const expected = `Inactive Timeout: ${timers.on_inactive_timeout} Active Interval: ${timers.on_interval}`
  const actual = `Inactive Timeout: ${printed(inactiveTimeout)} OnActive Interval: ${printed(activeInterval)}`
  return [`${subject} ${expected} - Incorrect timers - ${actual}`]
}

function exporterFaults(subject: string, { exporters }: Expected, told: Told) {
  return (exporters ?? []).flatMap(({ name, local_interface, template_interval }) => {
    const exporter = told.exporters.get(name)
    const which = `${subject} Exporter: ${name}`
    if (exporter === undefined) return [`${which} - Not configured`]
    return [
      ...mismatch(`${which} - Incorrect local interface`, local_interface, exporter.localIntf),
      ...mismatch(`${which} - Incorrect template interval`, template_interval, exporter.templateInterval),
    ]
  })
}
