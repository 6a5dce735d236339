import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

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
      passes('approved ones', [{ xcvrSlots: { 1: { mfgName: 'Acme' }, 2: { mfgName: 'Other' } } }]),
      passes('an empty port, if it may be', [{ xcvrSlots: { 1: { mfgName: 'Not Present' } } }], {
        manufacturers: ['Acme'],
        allow_not_present: true,
      }),
      fails(
        'another one, and an empty port',
        [
          {
            xcvrSlots: {
              '1': { mfgName: 'Nobody' },
              '2': { mfgName: 'Not Present' },
              '4': { mfgName: 'Acme' },
            },
          },
        ],
        [
          'Port: 1 - Transceiver is from unapproved manufacturers - Expected: Acme, Other Actual: Nobody',
          'Port: 2 - Transceiver is from unapproved manufacturers - Expected: Acme, Other Actual: Not Present',
        ],
      ),
      {
        ...passes('empty', [{ xcvrSlots: {} }]),
        emptyIsGood: 'a switch without ports for transceivers has none that is not approved',
      },
    ],
  ),
  ...rowsOf(
    'VerifyAbsenceOfLinecards',
    { command: 'show inventory', inputs: { serial_numbers: ['SN2', 'SN1', 'SN2'] } },
    [
      passes('others', [{ cardSlots: { Linecard3: { serialNum: 'SN3' }, Linecard4: { serialNum: 'XKT203501340' } } }]),
      fails(
        'two of them',
        [
          {
            cardSlots: {
              Linecard3: { serialNum: 'SN2' },
              Linecard4: { serialNum: 'SN3' },
              Fabric1: { serialNum: 'SN1' },
            },
          },
        ],
        ['Decommissioned linecards found in inventory: SN1, SN2'],
      ),
      { ...passes('empty', [{ cardSlots: {} }]), emptyIsGood: 'the check asks that cards be absent' },
      errs('no inventory of cards', [{}], '`show inventory` answered in an unknown shape at cardSlots'),
    ],
  ),
  ...rowsOf('VerifyInventory', { command: 'show inventory' }, [
    passes('every slot is filled; kinds that nobody asks for do not count', [full]),
    passes('a fixed switch has no cards', [{ powerSupplySlots: named('PWR-1'), fanTraySlots: named('FAN-1') }]),
    passes('as many as required, and others as they are', [{ ...full, fanTraySlots: named(EMPTY) }], {
      requirements: { power_supplies: 2, fan_trays: null, supervisors: 'all' },
    }),
    errs(
      'requirements that require nothing',
      [full],
      'the check `VerifyInventory` does not accept its inputs at requirements: expected a requirement, such as power_supplies: 2',
      { requirements: { fan_trays: null } },
    ),
    fails(
      'a slot of each kind is empty or unknown',
      [
        {
          powerSupplySlots: named('PWR-1', EMPTY),
          fanTraySlots: named(''),
          cardSlots: cards({ Linecard3: '', Supervisor2: EMPTY, Fabric1: EMPTY }),
        },
      ],
      [
        'Power Supplies - Slot2 not inserted',
        'Fan Trays - Slot1 unidentified component',
        'Fabric Cards - Fabric1 not inserted',
        'Supervisors - Supervisor2 not inserted',
        'Line Cards - Linecard3 unidentified component',
      ],
    ),
    fails(
      'too few, none of a kind, an empty slot',
      [
        {
          ...full,
          powerSupplySlots: named('PWR-1', EMPTY, ''),
          cardSlots: cards({ Supervisor1: 'SUP', Linecard3: EMPTY }),
        },
      ],
      [
        'Power Supplies - Count mismatch - Expected: >= 2 Actual: 1',
        'Supervisors - Count mismatch - Expected: >= 2 Actual: 1',
        'Line Cards - Linecard3 not inserted',
      ],
      { requirements: { power_supplies: 2, fan_trays: 1, fabric_cards: 'all', line_cards: 'all', supervisors: 2 } },
    ),
    errs('empty', [{}], '`show inventory`: the answer has no component'),
  ]),
]
