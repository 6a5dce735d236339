import { errs, fails, passes, type Row, rowsOf } from './rows-of.ts'

const module = (status: string, modelName = 'LC') => ({ status, modelName })
const risers = (powerGood: boolean) => ({ modules: { Linecard3: { risers: { 1: { powerGood } } } } })

const redundancy = (configuredProtocol: string, operationalProtocol: string, changed: object = {}) => [
  { configuredProtocol, operationalProtocol, peerState: 'standby', switchoverReady: true, ...changed },
]

/** What the checks of supervisors, modules and chassis must say. */
export const chassisRows: readonly Row[] = [
  ...rowsOf(
    'VerifySupervisorRedundancy',
    { command: 'show redundancy status', empty: 'does not tell peerState', inputs: { redundancy_proto: 'rpr' } },
    [
      passes('sso by default', redundancy('sso', 'sso'), {}),
      fails(
        'configured otherwise',
        redundancy('sso', 'simplex'),
        'Configured redundancy protocol mismatch - Expected rpr Actual: sso',
      ),
      fails(
        'not operational',
        redundancy('rpr', 'simplex'),
        'Operational redundancy protocol mismatch - Expected rpr Actual: simplex',
      ),
      fails(
        'not ready',
        redundancy('rpr', 'rpr', { switchoverReady: false }),
        'Redundancy protocol switchover status mismatch - Expected: True Actual: False',
      ),
      {
        name: 'no other supervisor',
        outputs: redundancy('sso', 'simplex', { peerState: 'notInserted', switchoverReady: false }),
        result: 'skipped',
        messages: ['Peer supervisor card not inserted'],
      },
    ],
  ),
  ...rowsOf('VerifyModuleStatus', { command: 'show module' }, [
    passes('two supervisors, either of them active', [
      { modules: { 1: module('standby', 'SUP'), 2: module('active', 'SUP'), 3: module('ok') } },
      risers(true),
    ]),
    passes(
      'one supervisor, accepted statuses',
      [{ modules: { 1: module('active'), 2: module('poweredOff') } }, risers(true)],
      {
        supervisor_mode: 'single',
        module_statuses: ['ok', 'poweredOff'],
      },
    ),
    fails(
      'both active, a card failed, no good power',
      [{ modules: { 1: module('active'), 2: module('active'), 3: module('failed') } }, risers(false)],
      `
        Dual-Supervisor Mode - Incorrect statuses - Expected: active/standby Actual: active
        Dual-Supervisor Mode - Module: 3 Model: LC - Invalid status - Expected: ok Actual: failed
        Dual-Supervisor Mode - Module: Linecard3 Riser 1 - Power is not stable
      `,
    ),
    fails(
      'no active one among two is expected of a single one',
      [{ modules: { 1: module('standby', 'SUP'), 2: module('active', 'SUP') } }, { modules: {} }],
      `
        Single-Supervisor Mode - Incorrect status - Expected: active Actual: standby
        Single-Supervisor Mode - Module: 2 Model: SUP - Invalid status - Expected: ok Actual: active
      `,
      { supervisor_mode: 'single' },
    ),
    fails('empty', [{ modules: {} }, { modules: {} }], 'Dual-Supervisor Mode - Standby supervisor is missing'),
    errs('power is not answered', { modules: { 1: module('active') } }, '`show module power` was not answered'),
  ]),
  ...rowsOf(
    'VerifyChassisHealth',
    {
      command: 'show platform sand health',
      empty: 'answered in an unknown shape at linecardsNotInitialized',
      inputs: { max_fabric_interrupts: 2 },
    },
    [
      passes('initialised, interrupts up to the limit', {
        linecardsNotInitialized: {},
        fabricCardsNotInitialized: {},
        fabricInterruptOccurrences: { Fabric1: { count: 2 } },
      }),
      fails(
        'line card, fabric card, and interrupts',
        {
          linecardsNotInitialized: { Linecard3: 'hwStateUninitialized' },
          fabricCardsNotInitialized: { Fabric2: 'hwStateUninitialized' },
          fabricInterruptOccurrences: { Fabric1: { count: 3 }, Fabric3: { count: 0 } },
        },
        `
        Linecard: Linecard3 - Not initialized
        Fabric card: Fabric2 - Not initialized
        Fabric: Fabric1 - Fabric interrupts above threshold - Expected: <= 2 Actual: 3
      `,
      ),
    ],
  ),
]

const drops = (counterName: string, counts: object, counterType = 'Adverse') => ({
  dropEvents: { Fap0: { dropEvent: [{ counterName, counterType, dropCount: 1, ...counts }] } },
})
const mapping = {
  aradMappings: [
    { fapName: 'Fap0', portMappings: { 1: { interface: 'Ethernet1' }, 2: { interface: 'Ethernet2' } } },
    { fapName: 'Fap1', portMappings: { 1: { interface: 'Ethernet3' } } },
  ],
}
const fcsErrorsOn = (name: string) => ({
  interfaceErrorCounters: { Ethernet1: { fcsErrors: 0 }, [name]: { fcsErrors: 7 } },
})
const clean = { interfaceErrorCounters: {} }

const table = (name: string, feature: string, usedPercent: number, chip = '') => ({
  table: name,
  feature,
  chip,
  usedPercent,
})
const thresholds = { thresholds: { 'Routing-Host': {}, LFIB: {} } }

/** What the checks of drops, PCIe errors and hardware tables must say. */
export const counterRows: readonly Row[] = [
  ...rowsOf('VerifyAdverseDrops', { command: 'show hardware counter drop rates' }, [
    passes(
      'each period at its threshold, under either name of the input',
      [drops('X', { dropInLastMinute: 1, dropInLastOneWeek: 9 }), mapping, clean],
      {
        thresholds: { minute: 1, dropInLastOneWeek: 9 },
      },
    ),
    passes('drops that are not adverse', [drops('X', { dropInLastMinute: 1 }, 'Congestion'), mapping, clean]),
    passes(
      'reassembly errors that FCS errors of the same chip explain',
      [drops('ReassemblyErrors', { dropInLastMinute: 1 }), mapping, fcsErrorsOn('Ethernet2')],
      { always_fail_on_reassembly_errors: false },
    ),
    fails(
      'every period',
      [
        drops('X', {
          dropInLastMinute: 1,
          dropInLastTenMinute: 2,
          dropInLastOneHour: 3,
          dropInLastOneDay: 4,
          dropInLastOneWeek: 5,
        }),
        mapping,
        clean,
      ],
      `
        FAP: Fap0 Counter: X - Last minute rate above threshold - Expected: <= 0 Actual: 1
        FAP: Fap0 Counter: X - Last 10 minutes rate above threshold - Expected: <= 0 Actual: 2
        FAP: Fap0 Counter: X - Last hour rate above threshold - Expected: <= 0 Actual: 3
        FAP: Fap0 Counter: X - Last day rate above threshold - Expected: <= 0 Actual: 4
        FAP: Fap0 Counter: X - Last week rate above threshold - Expected: <= 0 Actual: 5
      `,
    ),
    fails(
      'reassembly errors with FCS errors on another chip',
      [drops('ReassemblyErrors', { dropInLastMinute: 1 }), mapping, fcsErrorsOn('Ethernet3')],
      'FAP: Fap0 Counter: ReassemblyErrors - Last minute rate above threshold - Expected: <= 0 Actual: 1',
      { always_fail_on_reassembly_errors: false },
    ),
    errs('errors are not answered', [drops('X', {}), mapping], '`show interfaces counters errors` was not answered'),
    {
      ...passes('empty', [{ dropEvents: {} }, { aradMappings: [] }, clean]),
      emptyIsGood: 'EOS lists counters that have counted something, and none has',
    },
  ]),
  ...rowsOf(
    'VerifyPCIeErrors',
    { command: 'show pci', inputs: { thresholds: { correctable_errors: 10, fatalErrors: 1 } } },
    [
      passes('each counter at its threshold, under either name of the input', {
        pciIds: { '01:00.0': { name: 'A', correctableErrors: 10, nonFatalErrors: 0, fatalErrors: 1 } },
      }),
      fails(
        'each counter',
        {
          pciIds: {
            '01:00.0': { name: 'A', correctableErrors: 11, nonFatalErrors: 1, fatalErrors: 2 },
            '02:00.0': { name: 'B', correctableErrors: 0, nonFatalErrors: 0, fatalErrors: 0 },
          },
        },
        `
          PCI Name: A PCI ID: 01:00.0 - Correctable errors above threshold - Expected: <= 10 Actual: 11
          PCI Name: A PCI ID: 01:00.0 - Non-fatal errors above threshold - Expected: <= 0 Actual: 1
          PCI Name: A PCI ID: 01:00.0 - Fatal errors above threshold - Expected: <= 1 Actual: 2
        `,
      ),
      errs('empty', { pciIds: {} }, '`show pci`: the answer has no PCIe device'),
    ],
  ),
  ...rowsOf('VerifyHardwareCapacityUtilization', { command: 'show hardware capacity alert threshold' }, [
    passes('tables without an alert do not count', [
      thresholds,
      { tables: [table('Routing', '', 99), table('EcnX', 'Q', 100)] },
    ]),
    fails(
      'tables with an alert, with chip and feature',
      [thresholds, { tables: [table('Routing', 'Host', 90, 'Fap0'), table('LFIB', '', 95)] }],
      `
        Table: Routing Chip: Fap0 Feature: Host - Capacity above threshold - Expected: < 90% Actual: 90%
        Table: LFIB - Capacity above threshold - Expected: < 90% Actual: 95%
      `,
    ),
    fails(
      'every table in strict mode',
      [thresholds, { tables: [table('EcnX', 'Q', 100)] }],
      'Table: EcnX Feature: Q - Capacity above threshold - Expected: < 99.5% Actual: 100%',
      { capacity_utilization_threshold: 99.5, strict_mode: true },
    ),
    {
      ...passes('empty', [{ thresholds: {} }, { tables: [] }]),
      emptyIsGood: 'the command lists the tables that are above the threshold, and none is',
    },
    errs(
      'tables are not answered',
      thresholds,
      '`show hardware capacity utilization percent exceed 90` was not answered',
    ),
  ]),
]

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
    {
      command: 'show system environment temperature',
      empty: 'does not tell tempSensors',
      inputs: { check_temp_sensors: true },
    },
    [
      passes(
        'sensors do not count unless asked for',
        { systemStatus: 'temperatureOk', tempSensors: [sensor('T1', 99, { hwStatus: 'failed' })] },
        {},
      ),
      fails(
        'the system, and sensors everywhere',
        {
          systemStatus: 'temperatureCritical',
          tempSensors: [sensor('T1', 75.125), sensor('T2', 90, { hwStatus: 'failed' }), sensor('T3', 75)],
          powerSupplySlots: [{ tempSensors: [sensor('P1', 75.375)] }],
          cardSlots: [{ tempSensors: [sensor('C1', 79, { overheatThreshold: 62.5 })] }],
        },
        `
          Device temperature exceeds acceptable limits - Expected: temperatureOk Actual: temperatureCritical
          Sensor: T1 Description: Board sensor - Temperature is getting high - Expected: <= 75.00°C (Overheat: 80.00°C - Margin: 5°C) Actual: 75.12°C
          Sensor: T2 Description: Board sensor - Invalid hardware status - Expected: ok Actual: failed
          Sensor: P1 Description: Board sensor - Temperature is getting high - Expected: <= 75.00°C (Overheat: 80.00°C - Margin: 5°C) Actual: 75.38°C
          Sensor: C1 Description: Board sensor - Temperature is getting high - Expected: <= 57.50°C (Overheat: 62.50°C - Margin: 5°C) Actual: 79.00°C
        `,
      ),
      fails(
        'another margin',
        { systemStatus: 'temperatureOk', tempSensors: [sensor('T1', 71), sensor('T2', 70)], ...noSlots },
        'Sensor: T1 Description: Board sensor - Temperature is getting high - Expected: <= 70.00°C (Overheat: 80.00°C - Margin: 10°C) Actual: 71.00°C',
        { check_temp_sensors: true, failure_margin: 10 },
      ),
      passes('a PhyAlaska chip that gives no temperature', {
        systemStatus: 'temperatureOk',
        tempSensors: [
          sensor('T1', 20),
          { name: 'T2', description: 'PhyAlaska', hwStatus: 'unknownHwStatus' },
          sensor('T3', 0, { description: 'PhyAlaska', hwStatus: 'unknownHwStatus' }),
        ],
        ...noSlots,
      }),
      fails(
        'a PhyAlaska chip that gives one',
        {
          systemStatus: 'temperatureOk',
          tempSensors: [sensor('T1', 79, { description: 'PhyAlaska 7' })],
          ...noSlots,
        },
        'Sensor: T1 Description: PhyAlaska 7 - Temperature is getting high - Expected: <= 75.00°C (Overheat: 80.00°C - Margin: 5°C) Actual: 79.00°C',
      ),
      errs(
        'no sensor at all',
        { systemStatus: 'temperatureOk', tempSensors: [], ...noSlots },
        '`show system environment temperature`: the answer has no sensor',
      ),
    ],
  ),
  ...rowsOf('VerifyTransceiversTemperature', { command: 'show system environment temperature transceiver' }, [
    passes('ports of the switch and of its cards', {
      tempSensors: [{ name: 'Dom1', hwStatus: 'ok', alertCount: 0 }],
      cardSlots: [{ tempSensors: [{ name: 'Dom3/1', hwStatus: 'ok', alertCount: 0 }] }],
    }),
    fails(
      'state and alerts',
      {
        tempSensors: [{ name: 'Dom1', hwStatus: 'unknownHwStatus', alertCount: 3 }],
        cardSlots: [{ tempSensors: [{ name: 'Dom3/1', hwStatus: 'failed', alertCount: 1 }] }],
      },
      `
        Sensor: Dom1 - Invalid hardware state - Expected: ok Actual: unknownHwStatus
        Sensor: Dom1 - Incorrect alert counter - Expected: 0 Actual: 3
        Sensor: Dom3/1 - Invalid hardware state - Expected: ok Actual: failed
        Sensor: Dom3/1 - Incorrect alert counter - Expected: 0 Actual: 1
      `,
    ),
    {
      ...passes('empty', { tempSensors: [] }),
      emptyIsGood: 'a switch whose ports are empty has no transceiver that could be hot',
    },
  ]),
  ...rowsOf('VerifyEnvironmentSystemCooling', { command: 'show system environment cooling' }, [
    passes('cooled', { systemStatus: 'coolingOk' }),
    fails(
      'not cooled',
      { systemStatus: 'coolingKo' },
      'Device system cooling status invalid - Expected: coolingOk Actual: coolingKo',
    ),
    fails('empty', {}, ['Device system cooling status invalid - Expected: coolingOk Actual: ']),
  ]),
  ...rowsOf(
    'VerifyEnvironmentCooling',
    {
      command: 'show system environment cooling',
      inputs: { states: ['ok', 'unsupported'], configured_fan_speed_limit: 60 },
    },
    [
      passes('accepted states, speeds up to the limit', {
        powerSupplySlots: [{ label: 'PowerSupply1', fans: [fan('PowerSupply1/1', 'unsupported')] }],
        fanTraySlots: [{ label: '1', fans: [fan('1/1', 'ok', 60)] }],
      }),
      fails(
        'states and speeds of supplies and trays',
        {
          powerSupplySlots: [{ label: 'PowerSupply1', fans: [fan('PowerSupply1/1', 'failed', 90)] }],
          fanTraySlots: [
            { label: '1', fans: [fan('1/1', 'powerLoss'), fan('1/2', 'ok', 61)] },
            { label: '2', fans: [fan('2/1', 'ok', 99)] },
          ],
        },
        `
          Power Slot: PowerSupply1 Fan: PowerSupply1/1 - Invalid state - Expected: ok, unsupported Actual: failed
          Fan Tray: 1 Fan: 1/1 - Invalid state - Expected: ok, unsupported Actual: powerLoss
          Fan Tray: 1 Fan: 1/2 - High fan speed - Expected: <= 60 Actual: 61
          Fan Tray: 2 Fan: 2/1 - High fan speed - Expected: <= 60 Actual: 99
        `,
      ),
      errs(
        'empty',
        { powerSupplySlots: [], fanTraySlots: [] },
        '`show system environment cooling`: the answer has no fan',
      ),
    ],
  ),
  ...rowsOf('VerifyEnvironmentPower', { command: 'show system environment power', inputs: { states: ['ok'] } }, [
    passes('as many as needed', supplies(['ok', 230], ['failed', 230], ['ok', 200]), {
      states: ['ok'],
      min_input_voltage: 200,
      min_count: 2,
    }),
    fails(
      'states and voltages',
      supplies(['powerLoss', 0], ['ok', 199.5], ['ok', 200]),
      `
        Power Slot: 1 - Invalid power supplies state - Expected: ok Actual: powerLoss
        Power Slot: 1 - Input voltage mismatch - Expected: >= 200 Actual: 0.0
        Power Slot: 2 - Input voltage mismatch - Expected: >= 200 Actual: 199.5
      `,
      { states: ['ok'], min_input_voltage: 200 },
    ),
    fails(
      'too few with enough voltage',
      supplies(['ok', 100], ['ok', 230]),
      `
        Expected >=2 power supplies with state ok/unknown and input voltage >=200V, but found 1
        Power Slot: 1 - Input voltage mismatch - Expected: >= 200 Actual: 100.0
      `,
      { states: ['ok', 'unknown'], min_input_voltage: 200, min_count: 2 },
    ),
    errs(
      'a power supply that tells nothing',
      { powerSupplies: { 1: {} } },
      '`show system environment power` does not tell powerSupplies.1.state',
      { states: ['ok'], min_input_voltage: 1 },
    ),
    errs('empty', { powerSupplies: {} }, '`show system environment power`: the answer has no power supply'),
  ]),
]

const EMPTY = 'Not Inserted'
const named = (...names: readonly string[]) => Object.fromEntries(names.map((name, index) => [index + 1, { name }]))
const cards = (slots: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(slots).map(([slot, modelName]) => [slot, { modelName }]))

const full = {
  powerSupplySlots: named('PWR-1', 'PWR-1'),
  fanTraySlots: named('FAN-1'),
  cardSlots: cards({ Fabric1: 'FM', Supervisor1: 'SUP', Linecard3: 'LC', Switchcard1: EMPTY }),
}

/** What the checks of `show inventory` must say. */
export const inventoryRows: readonly Row[] = [
  ...rowsOf(
    'VerifyTransceiversManufacturers',
    { command: 'show inventory', inputs: { manufacturers: ['Acme', 'Other'] } },
    [
      passes(
        'an empty port, if it may be',
        { xcvrSlots: { 1: { mfgName: 'Not Present' } } },
        {
          manufacturers: ['Acme'],
          allow_not_present: true,
        },
      ),
      fails(
        'another one, and an empty port',
        {
          xcvrSlots: {
            '1': { mfgName: 'Nobody' },
            '2': { mfgName: 'Not Present' },
            '4': { mfgName: 'Acme' },
          },
        },
        `
          Port: 1 - Transceiver is from unapproved manufacturers - Expected: Acme, Other Actual: Nobody
          Port: 2 - Transceiver is from unapproved manufacturers - Expected: Acme, Other Actual: Not Present
        `,
      ),
      {
        ...passes('empty', { xcvrSlots: {} }),
        emptyIsGood: 'a switch without ports for transceivers has none that is not approved',
      },
    ],
  ),
  ...rowsOf(
    'VerifyAbsenceOfLinecards',
    { command: 'show inventory', inputs: { serial_numbers: ['SN2', 'SN1', 'SN2'] } },
    [
      fails(
        'two of them',
        {
          cardSlots: {
            Linecard3: { serialNum: 'SN2' },
            Linecard4: { serialNum: 'SN3' },
            Fabric1: { serialNum: 'SN1' },
          },
        },
        'Decommissioned linecards found in inventory: SN1, SN2',
      ),
      { ...passes('empty', { cardSlots: {} }), emptyIsGood: 'the check asks that cards be absent' },
      errs('no inventory of cards', {}, '`show inventory` answered in an unknown shape at cardSlots'),
    ],
  ),
  ...rowsOf('VerifyInventory', { command: 'show inventory' }, [
    passes('a fixed switch has no cards', { powerSupplySlots: named('PWR-1'), fanTraySlots: named('FAN-1') }),
    passes(
      'as many as required, and others as they are',
      { ...full, fanTraySlots: named(EMPTY) },
      {
        requirements: { power_supplies: 2, fan_trays: null, supervisors: 'all' },
      },
    ),
    errs(
      'requirements that require nothing',
      full,
      'the check `VerifyInventory` does not accept its inputs at requirements: expected a requirement, such as power_supplies: 2',
      { requirements: { fan_trays: null } },
    ),
    fails(
      'a slot of each kind is empty or unknown',
      {
        powerSupplySlots: named('PWR-1', EMPTY),
        fanTraySlots: named(''),
        cardSlots: cards({ Linecard3: '', Supervisor2: EMPTY, Fabric1: EMPTY }),
      },
      `
        Power Supplies - Slot2 not inserted
        Fan Trays - Slot1 unidentified component
        Fabric Cards - Fabric1 not inserted
        Supervisors - Supervisor2 not inserted
        Line Cards - Linecard3 unidentified component
      `,
    ),
    fails(
      'too few, none of a kind, an empty slot',
      {
        ...full,
        powerSupplySlots: named('PWR-1', EMPTY, ''),
        cardSlots: cards({ Supervisor1: 'SUP', Linecard3: EMPTY }),
      },
      `
        Power Supplies - Count mismatch - Expected: >= 2 Actual: 1
        Supervisors - Count mismatch - Expected: >= 2 Actual: 1
        Line Cards - Linecard3 not inserted
      `,
      { requirements: { power_supplies: 2, fan_trays: 1, fabric_cards: 'all', line_cards: 'all', supervisors: 2 } },
    ),
    errs('empty', {}, '`show inventory`: the answer has no component'),
  ]),
]

/** What the checks of `hardware` must say. */
export const hardwareChecks: readonly Row[] = [...chassisRows, ...counterRows, ...environmentRows, ...inventoryRows]
