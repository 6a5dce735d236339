import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../../define-verify.ts'

const unit = () =>
  z.object({
    state: z.string(),
    adminState: z.string().optional(),
    onBootMaintenance: z.boolean().optional(),
    intfsViolatingTrafficThreshold: z.boolean().optional(),
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
    const affected = all.filter(([, { state }]) => state in STATES).map(([, one]) => one)
    const causes = new Set(affected.flatMap(causesOf))
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
    ...(onBootMaintenance === true ? ['On-boot maintenance is configured'] : []),
    ...(intfsViolatingTrafficThreshold === true ? ['Interface traffic threshold violation'] : []),
  ]
}
