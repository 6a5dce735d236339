import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const sensor = (name: string, currentTemperature: number, changed: object = {}) => ({
  name,
  description: 'Board sensor',
  hwStatus: 'ok',
  overheatThreshold: 80,
  currentTemperature,
  ...changed,
})

const noSlots = { powerSupplySlots: [], cardSlots: [] }

const fan = (label: string, status: string, configuredSpeed = 40) => ({ label, status, configuredSpeed })

const supplies = (...all: readonly (readonly [string, number])[]) => [
  {
    powerSupplies: Object.fromEntries(all.map(([state, inputVoltage], index) => [index + 1, { state, inputVoltage }])),
  },
]

/** What the checks of temperature, cooling and power must say. */
export const environmentRows: readonly Row[] = [
  ...rowsOf(
    'VerifyTemperature',
    { command: 'show system environment temperature', inputs: { check_temp_sensors: true } },
    [
      passes('each sensor at its limit', [
        {
          systemStatus: 'temperatureOk',
          tempSensors: [sensor('T1', 75)],
          powerSupplySlots: [{ tempSensors: [sensor('P1', 74.9)] }, { tempSensors: [] }],
          cardSlots: [{ tempSensors: [sensor('C1', 20)] }],
        },
      ]),
      passes(
        'sensors do not count unless asked for',
        [{ systemStatus: 'temperatureOk', tempSensors: [sensor('T1', 99, { hwStatus: 'failed' })] }],
        {},
      ),
      fails(
        'the system, and sensors everywhere',
        [
          {
            systemStatus: 'temperatureCritical',
            tempSensors: [sensor('T1', 75.125), sensor('T2', 90, { hwStatus: 'failed' }), sensor('T3', 75)],
            powerSupplySlots: [{ tempSensors: [sensor('P1', 75.375)] }],
            cardSlots: [{ tempSensors: [sensor('C1', 79, { overheatThreshold: 62.5 })] }],
          },
        ],
        [
          'Device temperature exceeds acceptable limits - Expected: temperatureOk Actual: temperatureCritical',
          'Sensor: T1 Description: Board sensor - Temperature is getting high - Expected: <= 75.00°C (Overheat: 80.00°C - Margin: 5°C) Actual: 75.12°C',
          'Sensor: T2 Description: Board sensor - Invalid hardware status - Expected: ok Actual: failed',
          'Sensor: P1 Description: Board sensor - Temperature is getting high - Expected: <= 75.00°C (Overheat: 80.00°C - Margin: 5°C) Actual: 75.38°C',
          'Sensor: C1 Description: Board sensor - Temperature is getting high - Expected: <= 57.50°C (Overheat: 62.50°C - Margin: 5°C) Actual: 79.00°C',
        ],
      ),
      fails(
        'another margin',
        [{ systemStatus: 'temperatureOk', tempSensors: [sensor('T1', 71), sensor('T2', 70)], ...noSlots }],
        [
          'Sensor: T1 Description: Board sensor - Temperature is getting high - Expected: <= 70.00°C (Overheat: 80.00°C - Margin: 10°C) Actual: 71.00°C',
        ],
        { check_temp_sensors: true, failure_margin: 10 },
      ),
      passes('a PhyAlaska chip that gives no temperature', [
        {
          systemStatus: 'temperatureOk',
          tempSensors: [
            sensor('T1', 20),
            { name: 'T2', description: 'PhyAlaska', hwStatus: 'unknownHwStatus' },
            sensor('T3', 0, { description: 'PhyAlaska', hwStatus: 'unknownHwStatus' }),
          ],
          ...noSlots,
        },
      ]),
      fails(
        'a PhyAlaska chip that gives one',
        [
          {
            systemStatus: 'temperatureOk',
            tempSensors: [sensor('T1', 79, { description: 'PhyAlaska 7' })],
            ...noSlots,
          },
        ],
        [
          'Sensor: T1 Description: PhyAlaska 7 - Temperature is getting high - Expected: <= 75.00°C (Overheat: 80.00°C - Margin: 5°C) Actual: 79.00°C',
        ],
      ),
      errs(
        'a sensor without a temperature',
        [
          {
            systemStatus: 'temperatureOk',
            tempSensors: [{ name: 'T1', description: 'Inlet', hwStatus: 'ok' }],
            ...noSlots,
          },
        ],
        '`show system environment temperature` does not tell tempSensors.0.overheatThreshold',
      ),
      errs(
        'no sensor at all',
        [{ systemStatus: 'temperatureOk', tempSensors: [], ...noSlots }],
        '`show system environment temperature`: the answer has no sensor',
      ),
      errs('empty', [{}], '`show system environment temperature` does not tell tempSensors'),
    ],
  ),
  ...rowsOf('VerifyTransceiversTemperature', { command: 'show system environment temperature transceiver' }, [
    passes('ports of the switch and of its cards', [
      {
        tempSensors: [{ name: 'Dom1', hwStatus: 'ok', alertCount: 0 }],
        cardSlots: [{ tempSensors: [{ name: 'Dom3/1', hwStatus: 'ok', alertCount: 0 }] }],
      },
    ]),
    fails(
      'state and alerts',
      [
        {
          tempSensors: [{ name: 'Dom1', hwStatus: 'unknownHwStatus', alertCount: 3 }],
          cardSlots: [{ tempSensors: [{ name: 'Dom3/1', hwStatus: 'failed', alertCount: 1 }] }],
        },
      ],
      [
        'Sensor: Dom1 - Invalid hardware state - Expected: ok Actual: unknownHwStatus',
        'Sensor: Dom1 - Incorrect alert counter - Expected: 0 Actual: 3',
        'Sensor: Dom3/1 - Invalid hardware state - Expected: ok Actual: failed',
        'Sensor: Dom3/1 - Incorrect alert counter - Expected: 0 Actual: 1',
      ],
    ),
    {
      ...passes('empty', [{ tempSensors: [] }]),
      emptyIsGood: 'a switch whose ports are empty has no transceiver that could be hot',
    },
  ]),
  ...rowsOf('VerifyEnvironmentSystemCooling', { command: 'show system environment cooling' }, [
    passes('cooled', [{ systemStatus: 'coolingOk' }]),
    fails(
      'not cooled',
      [{ systemStatus: 'coolingKo' }],
      ['Device system cooling status invalid - Expected: coolingOk Actual: coolingKo'],
    ),
    fails('empty', [{}], ['Device system cooling status invalid - Expected: coolingOk Actual: ']),
  ]),
  ...rowsOf(
    'VerifyEnvironmentCooling',
    {
      command: 'show system environment cooling',
      inputs: { states: ['ok', 'unsupported'], configured_fan_speed_limit: 60 },
    },
    [
      passes('accepted states, speeds up to the limit', [
        {
          powerSupplySlots: [{ label: 'PowerSupply1', fans: [fan('PowerSupply1/1', 'unsupported')] }],
          fanTraySlots: [{ label: '1', fans: [fan('1/1', 'ok', 60)] }],
        },
      ]),
      passes('any speed without a limit', [{ fanTraySlots: [{ label: '1', fans: [fan('1/1', 'ok', 100)] }] }], {
        states: ['ok'],
      }),
      fails(
        'states and speeds of supplies and trays',
        [
          {
            powerSupplySlots: [{ label: 'PowerSupply1', fans: [fan('PowerSupply1/1', 'failed', 90)] }],
            fanTraySlots: [
              { label: '1', fans: [fan('1/1', 'powerLoss'), fan('1/2', 'ok', 61)] },
              { label: '2', fans: [fan('2/1', 'ok', 99)] },
            ],
          },
        ],
        [
          'Power Slot: PowerSupply1 Fan: PowerSupply1/1 - Invalid state - Expected: ok, unsupported Actual: failed',
          'Fan Tray: 1 Fan: 1/1 - Invalid state - Expected: ok, unsupported Actual: powerLoss',
          'Fan Tray: 1 Fan: 1/2 - High fan speed - Expected: <= 60 Actual: 61',
          'Fan Tray: 2 Fan: 2/1 - High fan speed - Expected: <= 60 Actual: 99',
        ],
      ),
      errs(
        'a fan that tells no speed',
        [{ fanTraySlots: [{ label: '2', fans: [{ label: '2/1', status: 'ok' }] }] }],
        '`show system environment cooling` does not tell fanTraySlots.0.fans.0.configuredSpeed',
      ),
      errs(
        'empty',
        [{ powerSupplySlots: [], fanTraySlots: [] }],
        '`show system environment cooling`: the answer has no fan',
      ),
    ],
  ),
  ...rowsOf('VerifyEnvironmentPower', { command: 'show system environment power', inputs: { states: ['ok'] } }, [
    passes('all in state', supplies(['ok', 0], ['ok', 230])),
    passes('as many as needed', supplies(['ok', 230], ['failed', 230], ['ok', 200]), {
      states: ['ok'],
      min_input_voltage: 200,
      min_count: 2,
    }),
    fails(
      'states and voltages',
      supplies(['powerLoss', 0], ['ok', 199.5], ['ok', 200]),
      [
        'Power Slot: 1 - Invalid power supplies state - Expected: ok Actual: powerLoss',
        'Power Slot: 1 - Input voltage mismatch - Expected: >= 200 Actual: 0.0',
        'Power Slot: 2 - Input voltage mismatch - Expected: >= 200 Actual: 199.5',
      ],
      { states: ['ok'], min_input_voltage: 200 },
    ),
    fails(
      'too few with enough voltage',
      supplies(['ok', 100], ['ok', 230]),
      [
        'Expected >=2 power supplies with state ok/unknown and input voltage >=200V, but found 1',
        'Power Slot: 1 - Input voltage mismatch - Expected: >= 200 Actual: 100.0',
      ],
      { states: ['ok', 'unknown'], min_input_voltage: 200, min_count: 2 },
    ),
    errs(
      'a power supply that tells nothing',
      [{ powerSupplies: { 1: {} } }],
      '`show system environment power` does not tell powerSupplies.1.state',
      { states: ['ok'], min_input_voltage: 1 },
    ),
    errs('empty', [{ powerSupplies: {} }], '`show system environment power`: the answer has no power supply'),
  ]),
]
