import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { compareQuantities } from '../finding/compare.ts'
import { defineArea, inOrder, modelIn } from './define-area.ts'

const COMMAND = { cmd: 'show mac address-table', revision: 1 }

// `show mac address-table`, as far as napalm reads it.
const model = once(() => z.object({ unicastTable: z.object({ tableEntries: z.array(z.object({ vlanId: z.int() })) }) }))

const state = once(() => z.record(z.string(), z.int()))

export const macArea = defineArea({
  name: 'mac',
  docs: 'How many MAC addresses are known in every VLAN.',
  commands: [COMMAND],
  state,
  tolerances: { addresses: { percent: 20, by: 2 } },
  tell: ([reply]) => {
    const answer = modelIn(reply, COMMAND, model)
    if (!answer.ok) return answer
    const counts = new Map<string, number>()
    for (const { vlanId } of answer.state.unicastTable.tableEntries) {
      counts.set(String(vlanId), (counts.get(String(vlanId)) ?? 0) + 1)
    }
    return { ok: true, state: inOrder(counts) }
  },
  describe: (before, after) =>
    compareQuantities(before, after, (vlan) => ({
      thing: { subject: vlan, label: `MAC addresses in VLAN ${vlan}` },
      attribute: 'addresses',
    })),
})
