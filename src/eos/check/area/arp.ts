import { z } from 'zod'
import { recordOf, show } from '../answer/show.ts'
import { compareQuantities } from '../finding/compare.ts'
import { answerOf, defineArea, eachOf } from './define-area.ts'

const table = () => z.object({ ipV4Neighbors: z.array(z.unknown()) })

// `show arp vrf all`, by VRF; a revision of one VRF has the table itself (pyntc).
const COMMAND = show('show arp vrf all', () => z.union([z.object({ vrfs: recordOf(table()) }), table()]))

const state = () => recordOf(z.int())

export const arpArea = defineArea({
  name: 'arp',
  docs: 'How many ARP entries every VRF has.',
  asks: [COMMAND],
  state,
  tolerances: { entries: { percent: 20, by: 2 } },
  tell: ([reply]) => {
    const answer = answerOf(reply, COMMAND)
    const tables = 'vrfs' in answer ? answer.vrfs : { default: answer }
    return eachOf(tables, ({ ipV4Neighbors }) => ipV4Neighbors.length)
  },
  describe: (before, after) =>
    compareQuantities(before, after, (vrf) => ({
      thing: { subject: vrf, vrf, label: `ARP entries in ${vrf}` },
      attribute: 'entries',
    })),
})
