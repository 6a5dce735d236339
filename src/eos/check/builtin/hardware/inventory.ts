import { z } from 'zod'
import { mismatch, type OutputOf, recordOf, show, told } from '../../answer/show.ts'
import { defineVerify } from '../../define/define-check.ts'
import { flag, integer, someOf } from '../../input/words.ts'

/** Cards that were taken out of service are not in the chassis. */
export const VerifyAbsenceOfLinecards = defineVerify({
  summary: 'Verifies that the given line cards are not in the inventory of the switch.',
  docs: 'Passes when no card has one of the given serial numbers. For hardware that was decommissioned.',
  example: { serial_numbers: ['VJM24220VJ1', 'VJM24230VJ2'] },
  input: () => ({
    serial_numbers: someOf(z.string(), 'Serial numbers of cards that must not be in the switch.'),
  }),
  asks: show('show inventory', () => ({ cardSlots: recordOf(told({ serialNum: z.string() })) }), 2),
  judge: ({ cardSlots }, { serial_numbers }) => {
    const found = new Set(Object.values(cardSlots).map(({ serialNum }) => serialNum))
    const left = [...new Set(serial_numbers)].filter((one) => found.has(one)).sort()
    return left.length === 0 ? [] : [`Decommissioned linecards found in inventory: ${left.join(', ')}`]
  },
})

const NOT_INSERTED = 'Not Inserted'

const requirement = (what: string) =>
  z
    .union([integer(), z.literal('all')], { error: 'expected a number, or all' })
    .nullish()
    .describe(`How many ${what} must be there, or all: no slot may be empty. Not verified where it is not given.`)

const requirements = () =>
  z
    .strictObject({
      power_supplies: requirement('power supplies'),
      fan_trays: requirement('fan trays'),
      fabric_cards: requirement('fabric cards'),
      line_cards: requirement('line cards'),
      supervisors: requirement('supervisors'),
    })
    .refine((given) => Object.values(given).some((one) => one != null), {
      error: 'expected a requirement, such as power_supplies: 2',
    })

const inventoryAnswer = () =>
  z.object({
    powerSupplySlots: recordOf({ name: z.string().default('') }).default({}),
    fanTraySlots: recordOf({ name: z.string().default('') }).default({}),
    cardSlots: recordOf({ modelName: z.string().default('') }).default({}),
  })

type Requirements = OutputOf<typeof requirements>
type Inventory = OutputOf<typeof inventoryAnswer>

// What is in a slot: the model, `Not Inserted`, or nothing where EOS does not know it.
interface InventorySlot {
  readonly slot: string
  readonly model: string
}

// The kinds of component, in the order of messages (recorded).
const KINDS: readonly {
  readonly input: keyof Requirements
  readonly title: string
  readonly slots: (inventory: Inventory) => readonly InventorySlot[]
}[] = [
  { input: 'power_supplies', title: 'Power Supplies', slots: ({ powerSupplySlots }) => numbered(powerSupplySlots) },
  { input: 'fan_trays', title: 'Fan Trays', slots: ({ fanTraySlots }) => numbered(fanTraySlots) },
  { input: 'fabric_cards', title: 'Fabric Cards', slots: (inventory) => cards(inventory, 'Fabric') },
  { input: 'supervisors', title: 'Supervisors', slots: (inventory) => cards(inventory, 'Supervisor') },
  { input: 'line_cards', title: 'Line Cards', slots: (inventory) => cards(inventory, 'Linecard') },
]

/** The switch has the hardware that it should have. */
export const VerifyInventory = defineVerify({
  summary:
    'Verifies the hardware inventory of the switch: power supplies, fan trays, fabric cards, line cards, supervisors.',
  docs: 'Passes when there is as much of each given kind as required. Without requirements no slot of any kind may be empty.',
  example: { requirements: { power_supplies: 2, fabric_cards: 'all' } },
  input: () => ({
    requirements: requirements().nullish().describe('What must be there; every slot of every kind where not given.'),
  }),
  asks: show('show inventory', inventoryAnswer, 2),
  judge: (inventory, { requirements: required }) => {
    if (required == null) {
      const reasons = KINDS.flatMap(({ title, slots }) => emptySlots(title, slots(inventory)))
      const isEmpty = KINDS.every(({ slots }) => slots(inventory).length === 0)
      return isEmpty ? { status: 'error', reason: 'the answer has no component' } : reasons
    }
    return KINDS.flatMap(({ input, title, slots }) => unmet(title, required[input], slots(inventory)))
  },
})

function unmet(title: string, required: Requirements[keyof Requirements], slots: readonly InventorySlot[]) {
  if (required == null) return []
  if (required === 'all') return emptySlots(title, slots)
  const inserted = slots.filter(({ model }) => model !== '' && !model.includes(NOT_INSERTED)).length
  return inserted >= required ? [] : [`${title} - Count mismatch - Expected: >= ${required} Actual: ${inserted}`]
}

function emptySlots(title: string, slots: readonly InventorySlot[]) {
  return [
    ...slots.filter(({ model }) => model.includes(NOT_INSERTED)).map(({ slot }) => `${title} - ${slot} not inserted`),
    ...slots.filter(({ model }) => model === '').map(({ slot }) => `${title} - ${slot} unidentified component`),
  ]
}

function numbered(slots: Readonly<Record<string, { readonly name: string }>>): readonly InventorySlot[] {
  return Object.entries(slots).map(([number, { name }]) => ({ slot: `Slot${number}`, model: name }))
}

function cards({ cardSlots }: Inventory, kind: string): readonly InventorySlot[] {
  return Object.entries(cardSlots)
    .filter(([slot]) => slot.startsWith(kind))
    .map(([slot, { modelName }]) => ({ slot, model: modelName }))
}

const modules = () => recordOf(told({ status: z.string(), modelName: z.string() }))

const power = () => recordOf(told({ risers: recordOf(told({ powerGood: z.boolean() })) }))

const STATUSES = [
  'failed',
  'disabledUntilSystemUpgrade',
  'ok',
  'poweredOff',
  'active',
  'disabled',
  'upgradingFpga',
  'poweringOn',
  'unknown',
  'standby',
] as const

type Modules = OutputOf<typeof modules>
type Power = OutputOf<typeof power>

const MODES = {
  single: { title: 'Single-Supervisor Mode', slots: ['1'] },
  dual: { title: 'Dual-Supervisor Mode', slots: ['1', '2'] },
} as const

/** The modules of a chassis are in their expected states, and their power is stable. */
export const VerifyModuleStatus = defineVerify({
  summary: 'Verifies the status and the power of all modules of a modular chassis.',
  docs: 'Passes when one supervisor is active (and with two, the other standby), every other module is in an accepted status, and all risers report good power.',
  example: { module_statuses: ['ok', 'poweredOff'], supervisor_mode: 'single' },
  input: () => ({
    module_statuses: z
      .array(z.enum(STATUSES))
      .default(['ok'])
      .describe('Accepted statuses of modules that are no supervisors.'),
    supervisor_mode: z.enum(['single', 'dual']).default('dual').describe('How many supervisors the chassis has.'),
  }),
  asks: [show('show module', () => ({ modules: modules() })), show('show module power', () => ({ modules: power() }))],
  judge: ([{ modules: told }, { modules: powered }], { module_statuses, supervisor_mode }) => {
    const { title, slots } = MODES[supervisor_mode]
    const [missing] = slots.filter((slot) => told[slot] === undefined)
    // Nothing more is said of a chassis whose supervisors are not there.
    if (missing !== undefined) {
      return [`${title} - ${supervisor_mode === 'single' ? 'Active' : 'Standby'} supervisor is missing`]
    }
    const others = Object.entries(told).filter(([name]) => !slots.some((slot) => slot === name))
    return [
      ...(supervisor_mode === 'single' ? singleFaults(told) : dualFaults(told)),
      ...others.flatMap(([name, module]) =>
        module_statuses.some((accepted) => accepted === module.status)
          ? []
          : [
              `Module: ${name} Model: ${module.modelName} - Invalid status - Expected: ${module_statuses.join(', ')} Actual: ${module.status}`,
            ],
      ),
      ...powerFaults(powered),
    ].map((fault) => `${title} - ${fault}`)
  },
})

function singleFaults({ 1: supervisor }: Modules) {
  return supervisor === undefined ? [] : mismatch('Incorrect status', 'active', supervisor.status)
}

function dualFaults({ 1: first, 2: second }: Modules) {
  if (first === undefined || second === undefined) return []
  const statuses = [...new Set([first.status, second.status])].sort().join('/')
  return statuses === 'active/standby' ? [] : [`Incorrect statuses - Expected: active/standby Actual: ${statuses}`]
}

function powerFaults(powered: Power) {
  return Object.entries(powered).flatMap(([name, { risers }]) =>
    Object.entries(risers).flatMap(([riser, { powerGood }]) =>
      powerGood ? [] : [`Module: ${name} Riser ${riser} - Power is not stable`],
    ),
  )
}

/** Every transceiver is of an approved manufacturer. */
export const VerifyTransceiversManufacturers = defineVerify({
  summary: 'Verifies that all transceivers are of approved manufacturers.',
  docs: 'Passes when the manufacturer of each transceiver is one of the given ones. Ports without a transceiver fail unless `allow_not_present` is true.',
  example: { manufacturers: ['Arista Networks', 'Arastra, Inc.'], allow_not_present: true },
  input: () => ({
    manufacturers: z.array(z.string()).describe('Approved manufacturers.'),
    allow_not_present: flag('Whether ports may have no transceiver.'),
  }),
  asks: show('show inventory', () => ({ xcvrSlots: recordOf(told({ mfgName: z.string() })) }), 2),
  judge: ({ xcvrSlots }, { manufacturers, allow_not_present }) =>
    Object.entries(xcvrSlots).flatMap(([port, { mfgName }]) => {
      if (allow_not_present && mfgName === 'Not Present') return []
      if (mfgName !== '' && manufacturers.includes(mfgName)) return []
      return [
        mfgName === ''
          ? `Port: ${port} - Manufacturer name is not available - This may indicate an unsupported or faulty transceiver`
          : `Port: ${port} - Transceiver is from unapproved manufacturers - Expected: ${manufacturers.join(', ')} Actual: ${mfgName}`,
      ]
    }),
})
