import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { printedFloat } from '../../answer/printed-number.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { count } from '../../input/numbers.ts'

const supply = once(() => told({ state: z.string(), inputVoltage: z.number() }))

const input = once(() =>
  z.strictObject({
    states: z.array(z.enum(['ok', 'unknown', 'powerLoss', 'failed'])).describe('Accepted states of a power supply.'),
    min_input_voltage: count().nullish().describe('The least input voltage, in volts.'),
    min_count: count().nullish().describe('How many power supplies must be good; all where it is not given.'),
  }),
)

type Supply = z.output<ReturnType<typeof supply>>
type Input = z.output<ReturnType<typeof input>>

/** All power supplies, or as many as needed, are in an accepted state and get enough voltage. */
export const verifyEnvironmentPower = defineVerify({
  name: 'VerifyEnvironmentPower',
  summary: 'Verifies the state and the input voltage of the power supplies.',
  docs: 'Passes when all power supplies, or at least `min_count`, are in an accepted state and get at least `min_input_voltage`. Fails where there is none.',
  example: { states: ['ok'], min_input_voltage: 50, min_count: 1 },
  input,
  commands: () => [{ cmd: 'show system environment power', revision: 1 }],
  answers: () => [z.object({ powerSupplies: z.record(z.string(), supply()).default({}) })],
  judge: (needs, [{ powerSupplies }]) => {
    const { min_count } = needs
    const installed = Object.keys(powerSupplies).length
    if (min_count != null && min_count > installed) {
      return passUnless([`Expected >=${min_count} power supplies but found only ${installed} installed`])
    }
    if (installed === 0) return { status: 'error', reason: 'the answer has no power supply' }
    const supplies = Object.entries(powerSupplies).map(([slot, one]) => faultsOf(slot, one, needs))
    const good = supplies.filter((faults) => faults.length === 0).length
    if (min_count == null) return passUnless(supplies.flat())
    return passUnless(good >= min_count ? [] : [tooFew(needs, min_count, good), ...supplies.flat()])
  },
})

function faultsOf(slot: string, supply: Supply, { states, min_input_voltage }: Input) {
  const { state } = supply
  const hasVoltage = !min_input_voltage || supply.inputVoltage >= min_input_voltage
  return [
    ...(states.some((one) => one === state)
      ? []
      : [`Power Slot: ${slot} - Invalid power supplies state - Expected: ${states.join(', ')} Actual: ${state}`]),
    ...(hasVoltage
      ? []
      : [
          `Power Slot: ${slot} - Input voltage mismatch - Expected: >= ${min_input_voltage} Actual: ${printedFloat(supply.inputVoltage)}`,
        ]),
  ]
}

function tooFew({ states, min_input_voltage }: Input, needed: number, good: number): string {
  const voltage = min_input_voltage == null ? '' : ` and input voltage >=${min_input_voltage}V`
  return `Expected >=${needed} power supplies with state ${states.join('/')}${voltage}, but found ${good}`
}
