import { z } from 'zod'
import { natural } from '../../../model/natural-order.ts'
import { type OutputOf, recordOf, show } from '../answer/show.ts'
import { became, compareRecords } from '../finding/compare.ts'
import { answerOf, defineArea, inOrder } from './define-area.ts'

// `show lldp neighbors` (docs/eos.md 6.2).
const COMMAND = show('show lldp neighbors', () => ({
  lldpNeighbors: z.array(z.object({ port: z.string(), neighborDevice: z.string(), neighborPort: z.string() })),
}))

const state = () => recordOf(z.array(z.strictObject({ device: z.string(), port: z.string() })))

export type LldpState = OutputOf<typeof state>

export const lldpArea = defineArea({
  name: 'lldp',
  docs: 'Every neighbour that LLDP hears: on which port, which device, which of its ports.',
  asks: [COMMAND],
  state,
  tell: ([reply]) => {
    const answer = answerOf(reply, COMMAND)
    const ports = new Map<string, LldpState[string]>()
    for (const { port, neighborDevice, neighborPort } of answer.lldpNeighbors) {
      ports.set(port, [...(ports.get(port) ?? []), { device: neighborDevice, port: neighborPort }])
    }
    const entries = [...ports].map(
      ([port, heard]) =>
        [port, heard.toSorted((a, b) => natural(a.device, b.device) || natural(a.port, b.port))] as const,
    )
    return inOrder(entries)
  },
  describe: (before, after) => {
    const heard = (neighbors: LldpState[string]) => neighbors.map(({ device, port }) => `${device} ${port}`).join(', ')
    return compareRecords(before, after, {
      thing: (port) => ({ subject: port, label: `LLDP ${port}` }),
      added: (is) => `: none -> ${heard(is)}`,
      removed: (was) => `: ${heard(was)} -> lost`,
      changed: (port, was, is) => became(port, 'neighbors', [heard(was), heard(is)]),
    })
  },
})
