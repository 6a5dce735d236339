import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'

const unit = () =>
  told({
    state: z.string(),
    adminState: z.string(),
    onBootMaintenance: z.boolean(),
    intfsViolatingTrafficThreshold: z.boolean(),
  })

type Unit = z.output<ReturnType<typeof unit>>

/** States of a unit (EOS manual, "Maintenance Mode"), in the words of the messages. */
const STATES = { underMaintenance: 'under', maintenanceModeEnter: 'entering' } as const

/** The switch is not in maintenance, nor on its way there. */
export const verifyMaintenance = defineVerify({
  name: 'VerifyMaintenance',
  summary: 'Verifies that the switch is not under maintenance and not entering it.',
  docs: 'Passes when no unit is under maintenance or entering it, also where maintenance mode is not configured.',
  commands: () => [{ cmd: 'show maintenance', revision: 1 }],
  answers: () => [z.object({ units: z.record(z.string(), unit()) })],
  judge: (_input, [{ units }]) => {
    const all = Object.entries(units)
    const causes = new Set(all.flatMap(([, one]) => causesOf(one)))
    return passUnless([
      ...Object.entries(STATES).flatMap(([state, word]) => {
        const names = all.filter(([, one]) => one.state === state).map(([name]) => name)
        return names.length === 0 ? [] : [`Units ${word} maintenance: '${names.join(', ')}'`]
      }),
      ...(causes.size === 0 ? [] : [`Possible causes: '${[...causes].sort().join(', ')}'`]),
    ])
  },
})

function causesOf({ adminState, onBootMaintenance, intfsViolatingTrafficThreshold }: Unit): readonly string[] {
  return [
    ...(adminState === 'underMaintenance' ? ['Quiesce is configured'] : []),
    ...(onBootMaintenance ? ['On-boot maintenance is configured'] : []),
    ...(intfsViolatingTrafficThreshold ? ['Interface traffic threshold violation'] : []),
  ]
}
