import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { SHOW_COOLING } from '../../answer/show-system-environment-cooling.ts'
import { defineVerify } from '../../define-verify.ts'
import { count } from '../../input/numbers.ts'
import { once } from '../../once.ts'

const slot = once(() =>
  z.object({
    label: z.string().default('unknown'),
    fans: z
      .array(
        z.object({
          label: z.string().default('unknown'),
          status: z.string().default('Not found'),
          configuredSpeed: z.number().optional(),
        }),
      )
      .default([]),
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
  answers: () => [z.object({ powerSupplySlots: z.array(slot()).default([]), fanTraySlots: z.array(slot()) })],
  judge: (limits, [{ powerSupplySlots, fanTraySlots }]) => {
    if ([...powerSupplySlots, ...fanTraySlots].every(({ fans }) => fans.length === 0)) {
      return passUnless(['No fans found'])
    }
    return passUnless([
      ...powerSupplySlots.flatMap((one) => faultsOf('Power Slot', one, limits)),
      ...fanTraySlots.flatMap((one) => faultsOf('Fan Tray', one, limits)),
    ])
  },
})

function faultsOf(kind: string, { label: slotLabel, fans }: Slot, limits: Input): readonly string[] {
  const { states, configured_fan_speed_limit: limit } = limits
  return fans.flatMap(({ label, status, configuredSpeed }) => {
    const subject = `${kind}: ${slotLabel} Fan: ${label}`
    if (!states.some((state) => state === status)) {
      return [`${subject} - Invalid state - Expected: ${states.join(', ')} Actual: ${status}`]
    }
    if (limit == null || (configuredSpeed !== undefined && configuredSpeed <= limit)) return []
    return [`${subject} - High fan speed - Expected: <= ${limit} Actual: ${configuredSpeed ?? 'Not found'}`]
  })
}
