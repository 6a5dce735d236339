import { z } from 'zod'
import { recordOf, show } from '../answer/show.ts'
import { compareQuantities, countsOf } from '../finding/compare.ts'
import { answerOf, defineArea, inOrder } from './define-area.ts'

// `show mac address-table`, as far as napalm reads it.
const COMMAND = show('show mac address-table', () => ({
  unicastTable: z.object({ tableEntries: z.array(z.object({ vlanId: z.int() })) }),
}))

const state = () => recordOf(z.int())

export const macArea = defineArea({
  name: 'mac',
  docs: 'How many MAC addresses are known in every VLAN.',
  asks: [COMMAND],
  state,
  tolerances: { addresses: { percent: 20, by: 2 } },
  tell: ([reply]) => {
    const { tableEntries } = answerOf(reply, COMMAND).unicastTable
    return inOrder(countsOf(tableEntries.map(({ vlanId }) => String(vlanId))))
  },
  describe: (before, after) =>
    compareQuantities(before, after, (vlan) => ({
      thing: { subject: vlan, label: `MAC addresses in VLAN ${vlan}` },
      attribute: 'addresses',
    })),
})
