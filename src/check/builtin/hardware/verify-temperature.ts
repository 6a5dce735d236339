import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { defineVerify } from '../../define-verify.ts'
import { count } from '../../input/numbers.ts'
import { mismatch } from '../../mismatch.ts'
import { once } from '../../once.ts'
import { printedDecimals } from '../../printed-number.ts'
import { slotsWithSensors, type TemperatureSensor, temperatureSensor } from './temperature-sensor.ts'

const answer = once(() =>
  z.object({
    systemStatus: z.string(),
    tempSensors: z.array(temperatureSensor()).default([]),
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
  judge: ({ check_temp_sensors, failure_margin }, [{ systemStatus, tempSensors, powerSupplySlots, cardSlots }]) => {
    const system = mismatch('Device temperature exceeds acceptable limits', 'temperatureOk', systemStatus)
    if (!check_temp_sensors) return passUnless(system)
    const sensors = [...tempSensors, ...[...powerSupplySlots, ...cardSlots].flatMap((slot) => slot.tempSensors)]
    if (sensors.length === 0) return passUnless([...system, 'No temperature sensors found'])
    return passUnless([...system, ...sensors.flatMap((sensor) => faultsOf(sensor, failure_margin))])
  },
})

function faultsOf(sensor: TemperatureSensor, margin: number): readonly string[] {
  const { name, description, hwStatus, currentTemperature: actual, overheatThreshold: overheat } = sensor
  const subject = `Sensor: ${name} Description: ${description}`
  if (hwStatus !== 'ok') return mismatch(`${subject} - Invalid hardware status`, 'ok', hwStatus)
  if (actual === undefined || overheat === undefined) return [`${subject} - Temperature not found`]
  const limit = overheat - margin
  if (actual <= limit) return []
  return [
    `${subject} - Temperature is getting high - Expected: <= ${degrees(limit)} ` +
      `(Overheat: ${degrees(overheat)} - Margin: ${margin}°C) Actual: ${degrees(actual)}`,
  ]
}

const degrees = (value: number): string => `${printedDecimals(value, 2)}°C`
