import { z } from 'zod'
import { recordOf, show } from '../answer/show.ts'
import { compareQuantities } from '../finding/compare.ts'
import { answerOf, defineArea, inOrder, isUnsupported } from './define-area.ts'

const ASKED_ABOVE = 50

// `show hardware capacity utilization percent exceed N` (docs/eos.md 6.2): a table may be told whole, by feature and by chip.
const COMMAND = show(`show hardware capacity utilization percent exceed ${ASKED_ABOVE}`, () => ({
  tables: z.array(z.object({ table: z.string(), feature: z.string(), chip: z.string(), usedPercent: z.number() })),
}))

const state = () => recordOf(z.number())

export const hardwareCapacityArea = defineArea({
  name: 'hardware-capacity',
  docs: `How full the tables of the hardware are that are used more than ${ASKED_ABOVE} %.`,
  asks: [COMMAND],
  state,
  tolerances: { used: { by: 10 } },
  tell: ([reply]) => {
    if (isUnsupported(reply)) return {}
    const { tables } = answerOf(reply, COMMAND)
    return inOrder(
      tables.map(
        ({ table, feature, chip, usedPercent }) =>
          [[table, feature, chip].filter((word) => word !== '').join(' '), usedPercent] as const,
      ),
    )
  },
  describe: (before, after) => {
    const names = [...Object.keys(before), ...Object.keys(after)]
    const whole = (told: Readonly<Record<string, number>>) =>
      Object.fromEntries(names.map((name) => [name, Object.hasOwn(told, name) ? (told[name] ?? 0) : ASKED_ABOVE]))
    return compareQuantities(whole(before), whole(after), (table) => ({
      thing: { subject: table, label: `hardware table ${table}` },
      attribute: 'used',
      shown: (percent) => (percent <= ASKED_ABOVE ? `at most ${ASKED_ABOVE} %` : `${percent} %`),
    }))
  },
})
