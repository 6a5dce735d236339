import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { printedDecimals } from '../../answer/printed-number.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { count } from '../../input/numbers.ts'
import { slotsWithSensors, type TemperatureSensor, temperatureSensor } from './temperature-sensor.ts'

const answer = once(() =>
  told({
    systemStatus: z.string().default(''),
    tempSensors: z.array(temperatureSensor()),
    powerSupplySlots: slotsWithSensors(),
    cardSlots: slotsWithSensors(),
  }),
)

/** The switch is not too hot and, if asked for, no sensor of it is faulty or close to overheating. */
export const verifyTemperature = defineVerify({
  name: 'VerifyTemperature',
  summary: 'Verifies that the temperature of the switch is within acceptable limits.',
  docs: 'Passes when the system says temperatureOk and, with `check_temp_sensors`, every sensor is ok and stays the margin below its overheat threshold.',
  example: { check_temp_sensors: true, failure_margin: 5 },
  input: () =>
    z.strictObject({
      check_temp_sensors: z.boolean().default(false).describe('Whether to verify each sensor too.'),
      failure_margin: count().default(5).describe('How far below its overheat threshold a sensor must stay, in °C.'),
    }),
  commands: () => [{ cmd: 'show system environment temperature', revision: 1 }],
  answers: () => [answer()],
  judge: ({ check_temp_sensors, failure_margin }, [answer]) => {
    const system = mismatch('Device temperature exceeds acceptable limits', 'temperatureOk', answer.systemStatus)
    if (!check_temp_sensors) return passUnless(system)
    const { tempSensors, powerSupplySlots, cardSlots } = answer
    const sensors = [...tempSensors, ...[...powerSupplySlots, ...cardSlots].flatMap((slot) => slot.tempSensors)]
    if (sensors.length === 0 && system.length === 0) return { status: 'error', reason: 'the answer has no sensor' }
    return passUnless([...system, ...sensors.flatMap((sensor) => faultsOf(sensor, failure_margin))])
  },
})

function tellsTemperature(sensor: TemperatureSensor): boolean {
  return Object.keys(sensor).includes('currentTemperature') && sensor.currentTemperature > 0
}

function faultsOf(sensor: TemperatureSensor, margin: number): readonly string[] {
  const { description, hwStatus } = sensor
  // These chips give no temperature in some switches. ANTA passes over those that give one, too.
  if (description.includes('PhyAlaska') && !tellsTemperature(sensor)) return []
  const subjectOf = () => `Sensor: ${sensor.name} Description: ${description}`
  if (hwStatus !== 'ok') return mismatch(`${subjectOf()} - Invalid hardware status`, 'ok', hwStatus)
  const { overheatThreshold: overheat, currentTemperature: actual } = sensor
  const limit = overheat - margin
  if (actual <= limit) return []
  const subject = subjectOf()
  return [
    `${subject} - Temperature is getting high - Expected: <= ${degrees(limit)} ` +
      `(Overheat: ${degrees(overheat)} - Margin: ${margin}°C) Actual: ${degrees(actual)}`,
  ]
}

const degrees = (value: number): string => `${printedDecimals(value, 2)}°C`
