import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { compareQuantities } from '../finding/compare.ts'
import { defineArea, inOrder, modelIn } from './define-area.ts'

const COMMAND = { cmd: 'show arp vrf all', revision: 1 }

const table = () => z.object({ ipV4Neighbors: z.array(z.unknown()) })

// `show arp vrf all`, by VRF; a revision of one VRF has the table itself (pyntc).
const model = once(() => z.union([z.object({ vrfs: z.record(z.string(), table()) }), table()]))

const state = once(() => z.record(z.string(), z.int()))

export const arpArea = defineArea({
  name: 'arp',
  docs: 'How many ARP entries every VRF has.',
  commands: [COMMAND],
  state,
  tolerances: { entries: { percent: 20, by: 2 } },
  tell: ([reply]) => {
    const answer = modelIn(reply, COMMAND, model)
    if (!answer.ok) return answer
    const tables = 'vrfs' in answer.state ? answer.state.vrfs : { default: answer.state }
    const entries = Object.entries(tables).map(([vrf, { ipV4Neighbors }]) => [vrf, ipV4Neighbors.length] as const)
    return { ok: true, state: inOrder(entries) }
  },
  describe: (before, after) =>
    compareQuantities(before, after, (vrf) => ({
      thing: { subject: vrf, vrf, label: `ARP entries in ${vrf}` },
      attribute: 'entries',
    })),
})
