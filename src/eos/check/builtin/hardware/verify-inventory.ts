import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_INVENTORY } from '../../answer/show-inventory.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { integer } from '../../input/numbers.ts'

const NOT_INSERTED = 'Not Inserted'

const requirement = (what: string) =>
  z
    .union([integer(), z.literal('all')], { error: 'expected a number, or all' })
    .nullish()
    .describe(`How many ${what} must be there, or all: no slot may be empty. Not verified where it is not given.`)

const requirements = once(() =>
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
    }),
)

const answer = once(() =>
  z.object({
    powerSupplySlots: z.record(z.string(), z.object({ name: z.string().default('') })).default({}),
    fanTraySlots: z.record(z.string(), z.object({ name: z.string().default('') })).default({}),
    cardSlots: z.record(z.string(), z.object({ modelName: z.string().default('') })).default({}),
  }),
)

type Requirements = z.output<ReturnType<typeof requirements>>
type Inventory = z.output<ReturnType<typeof answer>>

/** What is in a slot: the model, `Not Inserted`, or nothing where EOS does not know it. */
interface Slot {
  readonly slot: string
  readonly model: string
}

/** The kinds of component, in the order of messages (recorded). */
const KINDS: readonly {
  readonly input: keyof Requirements
  readonly title: string
  readonly slots: (inventory: Inventory) => readonly Slot[]
}[] = [
  { input: 'power_supplies', title: 'Power Supplies', slots: ({ powerSupplySlots }) => numbered(powerSupplySlots) },
  { input: 'fan_trays', title: 'Fan Trays', slots: ({ fanTraySlots }) => numbered(fanTraySlots) },
  { input: 'fabric_cards', title: 'Fabric Cards', slots: (inventory) => cards(inventory, 'Fabric') },
  { input: 'supervisors', title: 'Supervisors', slots: (inventory) => cards(inventory, 'Supervisor') },
  { input: 'line_cards', title: 'Line Cards', slots: (inventory) => cards(inventory, 'Linecard') },
]

/** The switch has the hardware that it should have. */
export const verifyInventory = defineVerify({
  name: 'VerifyInventory',
  summary:
    'Verifies the hardware inventory of the switch: power supplies, fan trays, fabric cards, line cards, supervisors.',
  docs: 'Passes when there is as much of each given kind as required. Without requirements no slot of any kind may be empty.',
  example: { requirements: { power_supplies: 2, fabric_cards: 'all' } },
  input: () =>
    z.strictObject({
      requirements: requirements().nullish().describe('What must be there; every slot of every kind where not given.'),
    }),
  commands: () => [SHOW_INVENTORY],
  answers: () => [answer()],
  judge: ({ requirements: required }, [inventory]) => {
    if (required == null) {
      const reasons = KINDS.flatMap(({ title, slots }) => emptySlots(title, slots(inventory)))
      const isEmpty = KINDS.every(({ slots }) => slots(inventory).length === 0)
      return isEmpty ? { status: 'error', reason: 'the answer has no component' } : passUnless(reasons)
    }
    return passUnless(KINDS.flatMap(({ input, title, slots }) => unmet(title, required[input], slots(inventory))))
  },
})

function unmet(title: string, required: Requirements[keyof Requirements], slots: readonly Slot[]): readonly string[] {
  if (required == null) return []
  if (required === 'all') return emptySlots(title, slots)
  const inserted = slots.filter(({ model }) => model !== '' && !model.includes(NOT_INSERTED)).length
  return inserted >= required ? [] : [`${title} - Count mismatch - Expected: >= ${required} Actual: ${inserted}`]
}

function emptySlots(title: string, slots: readonly Slot[]): readonly string[] {
  return [
    ...slots.filter(({ model }) => model.includes(NOT_INSERTED)).map(({ slot }) => `${title} - ${slot} not inserted`),
    ...slots.filter(({ model }) => model === '').map(({ slot }) => `${title} - ${slot} unidentified component`),
  ]
}

function numbered(slots: Readonly<Record<string, { readonly name: string }>>): readonly Slot[] {
  return Object.entries(slots).map(([number, { name }]) => ({ slot: `Slot${number}`, model: name }))
}

function cards({ cardSlots }: Inventory, kind: string): readonly Slot[] {
  return Object.entries(cardSlots)
    .filter(([slot]) => slot.startsWith(kind))
    .map(([slot, { modelName }]) => ({ slot, model: modelName }))
}
