import { z } from 'zod'
import { definedItems } from '../../../../model/json.ts'
import { mismatch, type OutputOf, printedDecimals, printedFloat, recordOf, show, told } from '../../answer/show.ts'
import { defineVerify } from '../../define/define-check.ts'
import { count, flag } from '../../input/words.ts'

// One temperature sensor as EOS shows it; temperatures in °C.
const temperatureSensor = () =>
  told({
    name: z.string(),
    description: z.string(),
    hwStatus: z.string(),
    alertCount: z.number(),
    currentTemperature: z.number(),
    overheatThreshold: z.number(),
  })

const slotsWithSensors = () => z.array(told({ tempSensors: z.array(temperatureSensor()) }))

type TemperatureSensor = OutputOf<typeof temperatureSensor>

const slot = () =>
  told({
    label: z.string(),
    fans: z.array(told({ label: z.string(), status: z.string(), configuredSpeed: z.number() })).default([]),
  })

const coolingInput = () =>
  z.strictObject({
    states: z
      .array(z.enum(['failed', 'ok', 'unknownHwStatus', 'powerLoss', 'unsupported']))
      .describe('Accepted states of a fan.'),
    configured_fan_speed_limit: count().nullish().describe('The highest configured speed of a fan, in per cent.'),
  })

type CoolingSlot = OutputOf<typeof slot>
type CoolingInput = OutputOf<typeof coolingInput>

/** The fans of power supplies and fan trays are in an accepted state and, if asked for, not set too fast. */
export const VerifyEnvironmentCooling = defineVerify({
  summary: 'Verifies the fans of power supplies and fan trays.',
  docs: 'Passes when every fan is in one of the given states and, with a limit, its configured speed is within it. Fails where there is no fan.',
  example: { states: ['ok'] },
  input: coolingInput,
  asks: show('show system environment cooling', () => ({
    powerSupplySlots: z.array(slot()).default([]),
    fanTraySlots: z.array(slot()).default([]),
  })),
  judge: ({ powerSupplySlots, fanTraySlots }, limits) => {
    if ([...powerSupplySlots, ...fanTraySlots].every(({ fans }) => fans.length === 0)) {
      return { status: 'error', reason: 'the answer has no fan' }
    }
    return [
      ...powerSupplySlots.flatMap((one) => trayFaults('Power Slot', one, limits)),
      ...fanTraySlots.flatMap((one) => trayFaults('Fan Tray', one, limits)),
    ]
  },
})

function trayFaults(kind: string, tray: CoolingSlot, { states, configured_fan_speed_limit: limit }: CoolingInput) {
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

const supply = () => told({ state: z.string(), inputVoltage: z.number() })

const powerInput = () =>
  z.strictObject({
    states: z.array(z.enum(['ok', 'unknown', 'powerLoss', 'failed'])).describe('Accepted states of a power supply.'),
    min_input_voltage: count().nullish().describe('The least input voltage, in volts.'),
    min_count: count().nullish().describe('How many power supplies must be good; all where it is not given.'),
  })

type Supply = OutputOf<typeof supply>
type PowerInput = OutputOf<typeof powerInput>

/** All power supplies, or as many as needed, are in an accepted state and get enough voltage. */
export const VerifyEnvironmentPower = defineVerify({
  summary: 'Verifies the state and the input voltage of the power supplies.',
  docs: 'Passes when all power supplies, or at least `min_count`, are in an accepted state and get at least `min_input_voltage`. Fails where there is none.',
  example: { states: ['ok'], min_input_voltage: 50, min_count: 1 },
  input: powerInput,
  asks: show('show system environment power', () => ({ powerSupplies: recordOf(supply()).default({}) })),
  judge: ({ powerSupplies }, needs) => {
    const { min_count } = needs
    const installed = Object.keys(powerSupplies).length
    if (min_count != null && min_count > installed) {
      return [`Expected >=${min_count} power supplies but found only ${installed} installed`]
    }
    if (installed === 0) return { status: 'error', reason: 'the answer has no power supply' }
    const supplies = Object.entries(powerSupplies).map(([slot, one]) => supplyFaults(slot, one, needs))
    const good = supplies.filter((faults) => faults.length === 0).length
    if (min_count == null) return supplies.flat()
    return good >= min_count ? [] : [tooFew(needs, min_count, good), ...supplies.flat()]
  },
})

function supplyFaults(slot: string, supply: Supply, { states, min_input_voltage }: PowerInput) {
  const { state } = supply
  const hasVoltage = !min_input_voltage || supply.inputVoltage >= min_input_voltage
  return definedItems(
    !states.some((one) => one === state) &&
      `Power Slot: ${slot} - Invalid power supplies state - Expected: ${states.join(', ')} Actual: ${state}`,
    !hasVoltage &&
      `Power Slot: ${slot} - Input voltage mismatch - Expected: >= ${min_input_voltage} Actual: ${printedFloat(supply.inputVoltage)}`,
  )
}

function tooFew({ states, min_input_voltage }: PowerInput, needed: number, good: number) {
  const voltage = min_input_voltage == null ? '' : ` and input voltage >=${min_input_voltage}V`
  return `Expected >=${needed} power supplies with state ${states.join('/')}${voltage}, but found ${good}`
}

/** The switch says that it is cooled enough. */
export const VerifyEnvironmentSystemCooling = defineVerify({
  summary: 'Verifies the cooling status of the switch.',
  docs: 'Passes when the cooling status is coolingOk.',
  asks: show('show system environment cooling', () => ({ systemStatus: z.string().default('') })),
  judge: ({ systemStatus }) => mismatch('Device system cooling status invalid', 'coolingOk', systemStatus),
})

const temperatureAnswer = () =>
  told({
    systemStatus: z.string().default(''),
    tempSensors: z.array(temperatureSensor()),
    powerSupplySlots: slotsWithSensors(),
    cardSlots: slotsWithSensors(),
  })

/** The switch is not too hot and, if asked for, no sensor of it is faulty or close to overheating. */
export const VerifyTemperature = defineVerify({
  summary: 'Verifies that the temperature of the switch is within acceptable limits.',
  docs: 'Passes when the system says temperatureOk and, with `check_temp_sensors`, every sensor is ok and stays the margin below its overheat threshold.',
  example: { check_temp_sensors: true, failure_margin: 5 },
  input: () => ({
    check_temp_sensors: flag('Whether to verify each sensor too.'),
    failure_margin: count().default(5).describe('How far below its overheat threshold a sensor must stay, in °C.'),
  }),
  asks: show('show system environment temperature', temperatureAnswer),
  judge: (temperatureAnswer, { check_temp_sensors, failure_margin }) => {
    const system = mismatch(
      'Device temperature exceeds acceptable limits',
      'temperatureOk',
      temperatureAnswer.systemStatus,
    )
    if (!check_temp_sensors) return system
    const { tempSensors, powerSupplySlots, cardSlots } = temperatureAnswer
    const sensors = [...tempSensors, ...[...powerSupplySlots, ...cardSlots].flatMap((slot) => slot.tempSensors)]
    if (sensors.length === 0 && system.length === 0) return { status: 'error', reason: 'the answer has no sensor' }
    return [...system, ...sensors.flatMap((sensor) => sensorFaults(sensor, failure_margin))]
  },
})

function tellsTemperature(sensor: TemperatureSensor) {
  return Object.keys(sensor).includes('currentTemperature') && sensor.currentTemperature > 0
}

function sensorFaults(sensor: TemperatureSensor, margin: number) {
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

const degrees = (value: number) => `${printedDecimals(value, 2)}°C`

/** No transceiver is faulty or has been too hot. */
export const VerifyTransceiversTemperature = defineVerify({
  summary: 'Verifies that all transceivers operate at an acceptable temperature.',
  docs: 'Passes when the hardware of each sensor is ok and it has raised no alert.',
  asks: show('show system environment temperature transceiver', () => ({
    tempSensors: z.array(temperatureSensor()),
    cardSlots: slotsWithSensors().default([]),
  })),
  judge: ({ tempSensors, cardSlots }) =>
    [...tempSensors, ...cardSlots.flatMap((slot) => slot.tempSensors)].flatMap(transceiverFaults),
})

function transceiverFaults({ name, hwStatus, alertCount }: TemperatureSensor) {
  return [
    ...mismatch(`Sensor: ${name} - Invalid hardware state`, 'ok', hwStatus),
    ...mismatch(`Sensor: ${name} - Incorrect alert counter`, 0, alertCount),
  ]
}
