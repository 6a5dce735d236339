import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_COOLING } from '../../answer/show-system-environment-cooling.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { count } from '../../input/numbers.ts'

const slot = once(() =>
  told({
    label: z.string(),
    fans: z.array(told({ label: z.string(), status: z.string(), configuredSpeed: z.number() })).default([]),
  }),
)

const input = once(() =>
  z.strictObject({
    states: z
      .array(z.enum(['failed', 'ok', 'unknownHwStatus', 'powerLoss', 'unsupported']))
      .describe('Accepted states of a fan.'),
    configured_fan_speed_limit: count().nullish().describe('The highest configured speed of a fan, in per cent.'),
  }),
)

type Slot = z.output<ReturnType<typeof slot>>
type Input = z.output<ReturnType<typeof input>>

/** The fans of power supplies and fan trays are in an accepted state and, if asked for, not set too fast. */
export const verifyEnvironmentCooling = defineVerify({
  name: 'VerifyEnvironmentCooling',
  summary: 'Verifies the fans of power supplies and fan trays.',
  docs: 'Passes when every fan is in one of the given states and, with a limit, its configured speed is within it. Fails where there is no fan.',
  example: { states: ['ok'] },
  input,
  commands: () => [SHOW_COOLING],
  answers: () => [
    z.object({ powerSupplySlots: z.array(slot()).default([]), fanTraySlots: z.array(slot()).default([]) }),
  ],
  judge: (limits, [{ powerSupplySlots, fanTraySlots }]) => {
    if ([...powerSupplySlots, ...fanTraySlots].every(({ fans }) => fans.length === 0)) {
      return { status: 'error', reason: 'the answer has no fan' }
    }
    return passUnless([
      ...powerSupplySlots.flatMap((one) => faultsOf('Power Slot', one, limits)),
      ...fanTraySlots.flatMap((one) => faultsOf('Fan Tray', one, limits)),
    ])
  },
})

function faultsOf(kind: string, tray: Slot, { states, configured_fan_speed_limit: limit }: Input): readonly string[] {
  return tray.fans.flatMap((fan) => {
    const subject = `${kind}: ${tray.label} Fan: ${fan.label}`
    const { status } = fan
    if (!states.some((state) => state === status)) {
      return [`${subject} - Invalid state - Expected: ${states.join(', ')} Actual: ${status}`]
    }
    if (!limit || fan.configuredSpeed <= limit) return []
    return [`${subject} - High fan speed - Expected: <= ${limit} Actual: ${fan.configuredSpeed}`]
  })
}
