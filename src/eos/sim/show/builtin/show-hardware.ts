import type { JsonObject } from '../../../../model/json.ts'
import type { ConfigTree } from '../../../config/text/tree.ts'
import { hasCages, transceiverType } from '../../converge/platform.ts'
import { printedLines } from '../../platform/facts.ts'
import { objectOf, type ShowCommand, type ShowContext } from '../format/define.ts'

// Fans; napalm (cEOS 4.30), and constants for hardware. Constants of the hardware; a virtual switch has none (napalm, cEOS).
const showCooling: ShowCommand = {
  words: 'show system environment cooling',
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
    return printedLines([
      'System cooling status is: Ok',
      `Ambient temperature: ${AMBIENT}C`,
      'Airflow: front-to-back',
      'Fan              Status          Configured Speed     Actual Speed',
      '---------------- --------------- ---------------- ----------------',
      ...rows,
    ])
  },
}

// Power supplies; anta, and the refusal of a virtual switch.
const showPower: ShowCommand = {
  words: 'show system environment power',
  refuse: (context) => (isPhysical(context) ? undefined : NO_SUPPLIES),
  json: ({ state: { ailments } }) => ({
    powerSupplies: objectOf(SUPPLIES, (slot) => [
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
  }),
  text: ({ state: { ailments } }) => {
    const statusOf = (slot: string) => (ailments.failedSupplies.includes(slot) ? 'Power Loss' : 'Ok')
    return printedLines([
      'Power                        Input  Output  Output',
      'Supply Model       Capacity Current Current  Power Status              Uptime',
      '------ ----------- -------- ------- ------- ------ ------ -------------------',
      ...SUPPLIES.map(
        (slot) => `${slot.padEnd(6)} ${SUPPLY_MODEL}     500W   0.50A   9.50A 115.0W ${statusOf(slot).padEnd(22)} --`,
      ),
    ])
  },
}

// Sensors; napalm (cEOS 4.30), and constants for hardware.
const showTemperature: ShowCommand = {
  words: 'show system environment temperature',
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
}

/** The commands of this subject. */
export const HARDWARE_COMMANDS: readonly ShowCommand[] = [
  showCooling,
  showPower,
  showTemperature,
  // The older name of show system environment cooling; ntc show_environment_cooling.
  {
    ...showCooling,
    words: 'show environment cooling',
  },
  // The older name of show system environment power; ntc show_environment_power.
  {
    ...showPower,
    words: 'show environment power',
  },
  // The older name of show system environment temperature; ntc show_environment_temperature.
  {
    ...showTemperature,
    words: 'show environment temperature',
  },
  // How full two tables of the hardware are; ANTA recordings (revision 1). Virtual switches have none. The tables that are used more than N per
  // cent.
  {
    words: 'show hardware capacity utilization percent exceed <number>',
    refuse: refuseVirtual,
    json: (context, { number = '0' }) => ({
      tables: tables(context).filter(({ usedPercent }) => Number(usedPercent) > Number(number)),
    }),
  },
  // From which share on a switch warns of a table; ANTA recordings (revision 1).
  {
    words: 'show hardware capacity alert threshold',
    refuse: refuseVirtual,
    json: (context) => ({
      thresholds: objectOf(tables(context), ({ table, feature }) => [
        [table, feature].filter((word) => word !== '').join('-'),
        { configThreshold: 90, configClearThreshold: 90, defaultThreshold: 90 },
      ]),
    }),
  },
  // Supplies, fans and transceivers; anta (revision 2), ntc show_inventory (text).
  {
    words: 'show inventory',
    json: (context) => ({
      systemInformation: {
        name: context.facts.model,
        description: context.facts.model,
        serialNum: context.facts.serial,
        hardwareRev: hasCages(context.facts.model) ? '11.00' : '',
        mfgDate: '',
        hwEpoch: '',
      },
      powerSupplySlots: slots(context, ['1', '2'], (slot) => ({
        name: 'PWR-500AC-F',
        serialNum: `${context.facts.serial}P${slot}`,
      })),
      fanTraySlots: slots(context, ['1', '2', '3', '4'], () => ({ name: 'FAN-7000-F', serialNum: 'N/A', numFans: 1 })),
      cardSlots: {},
      xcvrSlots: objectOf(cabled(context), (name) => [name.replace('Ethernet', ''), transceiver(name, context)]),
      portCount: ports(context).length,
      switchedPortCount: ports(context).length,
      managementPortCount: context.facts.interfaces.filter((name) => name.startsWith('Management')).length,
      emmcFlashDevices: {},
      storageDevices: {},
    }),
    text: (context) =>
      printedLines([
        'System information',
        `    Model                    Description`,
        '    ------------------------ ----------------------------------------------------',
        `    ${context.facts.model.padEnd(24)} ${context.facts.model}`,
        '',
        '    HW Version  Serial Number  Mfg Date   Epoch',
        '    ----------- -------------- ---------- -----',
        `                ${context.facts.serial}`,
        '',
        `System has ${hasCages(context.facts.model) ? 2 : 0} power supply slots`,
        `System has ${hasCages(context.facts.model) ? 4 : 0} fan modules`,
        `System has ${context.facts.interfaces.length} ports`,
        '    Type               Count',
        '    ------------------ ----',
        `    Management         ${context.facts.interfaces.length - ports(context).length}`,
        `    Switched           ${ports(context).length}`,
      ]),
  },
]

const NO_SUPPLIES = 'There seem to be no power supplies connected.'

function isPhysical({ facts }: ShowContext) {
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

function refuseVirtual({ facts }: ShowContext): string | undefined {
  return hasCages(facts.model) ? undefined : 'Unavailable command (not supported on this hardware platform)'
}

// How much fits; which tables a chip has, and how they are shared, is the board's (docs/unproven.md).
const MAC_ENTRIES = 163_840
const ACL_ENTRIES = 1024

function tables({ state, running }: ShowContext): readonly JsonObject[] {
  return [tableJson('MAC', '', state.macs.length, MAC_ENTRIES), tableJson('TCAM', 'Acl', rulesIn(running), ACL_ENTRIES)]
}

function tableJson(table: string, feature: string, wanted: number, maxLimit: number): JsonObject {
  const used = Math.min(wanted, maxLimit)
  return {
    table,
    feature,
    chip: '',
    used,
    usedPercent: Math.floor((used / maxLimit) * 100),
    free: maxLimit - used,
    committed: 0,
    maxLimit,
    highWatermark: used,
    sharedFeatures: [],
  }
}

function rulesIn(running: ConfigTree) {
  const lists = running.children.filter(({ line }) => /^ip(v6)? access-list /.test(line))
  return lists.flatMap(({ children }) => children.filter(({ line }) => /^\d+ (permit|deny) /.test(line))).length
}

function ports({ facts }: ShowContext) {
  return facts.interfaces.filter((name) => name.startsWith('Ethernet'))
}

function cabled(context: ShowContext) {
  if (!hasCages(context.facts.model)) return []
  return ports(context).filter((name) => context.state.interfaces.get(name)?.lineProtocol !== 'notPresent')
}

function slots({ facts }: ShowContext, numbers: readonly string[], json: (slot: string) => JsonObject): JsonObject {
  return hasCages(facts.model) ? objectOf(numbers, (slot) => [slot, json(slot)]) : {}
}

function transceiver(name: string, { facts }: ShowContext): JsonObject {
  return {
    mfgName: 'Arista Networks',
    modelName: transceiverType(facts.model, name),
    serialNum: `${facts.serial}X`,
    hardwareRev: '1',
  }
}
