import { hasCages } from '../../converge/platform.ts'
import { defineShow, type ShowContext } from '../format/define.ts'

/** What a switch says whose hardware has no fans, supplies or sensors to ask: vEOS and cEOS (napalm, clab-backup-worker). */
const NO_SUPPLIES = 'There seem to be no power supplies connected.'

/** `show system environment cooling`: constants of the hardware; a virtual switch has none (napalm, cEOS). */
export const showCooling = defineShow({
  words: 'show system environment cooling',
  docs: 'Fans; napalm (cEOS 4.30), and constants for hardware.',
  json: (context) => {
    const physical = isPhysical(context)
    const fans = (label: string, slot: string) => ({
      status: 'ok',
      label: slot,
      speed: FAN_SPEED,
      fans: [{ label, status: 'ok', configuredSpeed: FAN_SPEED, actualSpeed: FAN_SPEED, speedStable: true }],
    })
    return {
      systemStatus: physical ? 'coolingOk' : 'unknownCoolingAlarmLevel',
      airflowDirection: physical ? 'frontToBackAirflow' : 'unknownAirflowDirection',
      ...(physical ? { ambientTemperature: AMBIENT } : {}),
      currentZones: 1,
      configuredZones: 0,
      defaultZones: false,
      numCoolingZones: [],
      shutdownOnInsufficientFans: true,
      overrideFanSpeed: 0,
      minFanSpeed: 0,
      coolingMode: 'automatic',
      fanTraySlots: physical ? TRAYS.map((slot) => fans(`${slot}/1`, slot)) : [],
      powerSupplySlots: physical ? SUPPLIES.map((slot) => fans(`PowerSupply${slot}/1`, `PowerSupply${slot}`)) : [],
    }
  },
  text: (context) => {
    if (!isPhysical(context)) return 'System cooling status is: Unknown\n'
    const rows = TRAYS.map(
      (slot) => `${`${slot}/1`.padEnd(17)}${'Ok'.padEnd(27)}${FAN_SPEED}%              ${FAN_SPEED}%`,
    )
    const lines = [
      'System cooling status is: Ok',
      `Ambient temperature: ${AMBIENT}C`,
      'Airflow: front-to-back',
      'Fan              Status          Configured Speed     Actual Speed',
      '---------------- --------------- ---------------- ----------------',
      ...rows,
    ]
    return lines.map((line) => `${line}\n`).join('')
  },
})

/** `show system environment power`. */
export const showPower = defineShow({
  words: 'show system environment power',
  docs: 'Power supplies; anta, and the refusal of a virtual switch.',
  refuse: (context) => (isPhysical(context) ? undefined : NO_SUPPLIES),
  json: ({ state: { ailments } }) => ({
    powerSupplies: Object.fromEntries(
      SUPPLIES.map((slot) => [
        slot,
        {
          state: ailments.failedSupplies.includes(slot) ? 'powerLoss' : 'ok',
          modelName: SUPPLY_MODEL,
          capacity: 500,
          managed: true,
          dominant: false,
          inputVoltage: 230,
          inputCurrent: 0.5,
          outputCurrent: 9.5,
          outputPower: 115,
          tempSensors: { [`TempSensorP${slot}/1`]: { status: 'ok', temperature: 35 } },
          fans: { [`FanP${slot}/1`]: { status: 'ok', speed: FAN_SPEED } },
        },
      ]),
    ),
  }),
  text: ({ state: { ailments } }) => {
    const statusOf = (slot: string) => (ailments.failedSupplies.includes(slot) ? 'Power Loss' : 'Ok')
    const lines = [
      'Power                        Input  Output  Output',
      'Supply Model       Capacity Current Current  Power Status              Uptime',
      '------ ----------- -------- ------- ------- ------ ------ -------------------',
      ...SUPPLIES.map(
        (slot) => `${slot.padEnd(6)} ${SUPPLY_MODEL}     500W   0.50A   9.50A 115.0W ${statusOf(slot).padEnd(22)} --`,
      ),
    ]
    return lines.map((line) => `${line}\n`).join('')
  },
})

/** `show system environment temperature`. */
export const showTemperature = defineShow({
  words: 'show system environment temperature',
  docs: 'Sensors; napalm (cEOS 4.30), and constants for hardware.',
  json: (context) => {
    const physical = isPhysical(context)
    return {
      systemStatus: physical ? 'temperatureOk' : 'unknownTemperatureAlarmLevel',
      shutdownOnOverheat: physical,
      powercycleOnOverheat: false,
      actionOnOverheat: physical ? 'actionShutdown' : 'actionUnknown',
      recoveryModeOnOverheat: 'recoveryModeNA',
      ambientThreshold: 45,
      tempSensors: physical ? [SENSOR] : [],
      cardSlots: [],
      powerSupplySlots: [],
    }
  },
  text: (context) => `System temperature status is: ${isPhysical(context) ? 'Ok' : 'Unknown'}\n`,
})

/** `show environment cooling` and its like: the older names. */
export const showEnvironmentCooling = defineShow({
  words: 'show environment cooling',
  docs: 'The older name of show system environment cooling; ntc show_environment_cooling.',
  ...forms(showCooling),
})

/** `show environment power`. */
export const showEnvironmentPower = defineShow({
  words: 'show environment power',
  docs: 'The older name of show system environment power; ntc show_environment_power.',
  refuse: (context) => (isPhysical(context) ? undefined : NO_SUPPLIES),
  ...forms(showPower),
})

/** `show environment temperature`. */
export const showEnvironmentTemperature = defineShow({
  words: 'show environment temperature',
  docs: 'The older name of show system environment temperature; ntc show_environment_temperature.',
  ...forms(showTemperature),
})

function forms({ json, text }: typeof showCooling): Pick<typeof showCooling, 'json' | 'text'> {
  return { ...(json === undefined ? {} : { json }), ...(text === undefined ? {} : { text }) }
}

function isPhysical({ facts }: ShowContext): boolean {
  return hasCages(facts.model)
}

const TRAYS = ['1', '2', '3', '4'] as const
const SUPPLIES = ['1', '2'] as const
const SUPPLY_MODEL = 'PWR-500AC-F'
const FAN_SPEED = 35
const AMBIENT = 24

const SENSOR = {
  name: 'TempSensor1',
  description: 'Cpu temp sensor',
  relPos: '1',
  hwStatus: 'ok',
  inAlertState: false,
  alertCount: 0,
  currentTemperature: 42.5,
  maxTemperature: 48,
  overheatThreshold: 95,
  criticalThreshold: 105,
} as const
