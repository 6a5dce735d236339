import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { recordOf } from '../answer/by-name.ts'
import { show } from '../answer/show.ts'
import { compareQuantities } from '../finding/compare.ts'
import { answerOf, defineArea, inOrder } from './define-area.ts'

// `show mac address-table`, as far as napalm reads it.
const COMMAND = show('show mac address-table', () =>
  z.object({ unicastTable: z.object({ tableEntries: z.array(z.object({ vlanId: z.int() })) }) }),
)

const state = once(() => recordOf(z.int()))

export const macArea = defineArea({
  name: 'mac',
  docs: 'How many MAC addresses are known in every VLAN.',
  asks: [COMMAND],
  state,
  tolerances: { addresses: { percent: 20, by: 2 } },
  tell: ([reply]) => {
    const answer = answerOf(reply, COMMAND)
    const counts = new Map<string, number>()
    for (const { vlanId } of answer.unicastTable.tableEntries) {
      counts.set(String(vlanId), (counts.get(String(vlanId)) ?? 0) + 1)
    }
    return inOrder(counts)
  },
  describe: (before, after) =>
    compareQuantities(before, after, (vlan) => ({
      thing: { subject: vlan, label: `MAC addresses in VLAN ${vlan}` },
      attribute: 'addresses',
    })),
})
