import { z } from 'zod'
import { type OutputOf, recordOf, show } from '../answer/show.ts'
import { became, becameEach, compareVrfs } from '../finding/compare.ts'
import { answerOf, byVrf, defineArea } from './define-area.ts'

// `show ip ospf neighbor`: of all VRFs (recorded from 4.23).
const COMMAND = show('show ip ospf neighbor', () => ({
  vrfs: recordOf({
    instList: recordOf({
      ospfNeighborEntries: z.array(
        z.object({
          routerId: z.string(),
          interfaceName: z.string(),
          adjacencyState: z.string(),
          details: z.object({ areaId: z.string().default('') }).optional(),
        }),
      ),
    }),
  }),
}))

const state = () =>
  recordOf(
    recordOf(z.strictObject({ neighbor: z.string(), instance: z.string(), area: z.string(), state: z.string() })),
  )

type OspfNeighbors = OutputOf<typeof state>[string]

export const ospfArea = defineArea({
  name: 'ospf',
  docs: 'Every OSPF neighbour of every VRF: the interface, the area, the state of the adjacency.',
  asks: [COMMAND],
  state,
  tell: ([reply]) => {
    const { vrfs } = answerOf(reply, COMMAND)
    return byVrf(vrfs, ({ instList }) =>
      Object.entries(instList).flatMap(([instance, { ospfNeighborEntries }]) =>
        ospfNeighborEntries.map(({ routerId, interfaceName, adjacencyState, details }) => {
          const area = details?.areaId ?? ''
          const one = { neighbor: routerId, instance, area, state: adjacencyState }
          return [`${routerId} on ${interfaceName}`, one] as const
        }),
      ),
    )
  },
  describe: (before, after) =>
    compareVrfs(before, after, (vrf) => ({
      thing: (name) => ({ subject: name.split(' ')[0] ?? name, vrf, label: `OSPF ${name} in ${vrf}` }),
      added: ({ state: now, area }) => ` added: ${now}, area ${area}`,
      removed: ({ state: before }) => ` removed: was ${before}`,
      changed: (neighbor, was, is) => [
        ...(isSettled(was) || isSettled(is) ? became(neighbor, 'state', [was.state, is.state]) : []),
        ...becameEach(neighbor, [was, is], { area: ', area', instance: ', instance' }),
      ],
    })),
})

// What an adjacency stays in; it passes through the other states for as long as it does not come up (RFC 2328 10.1).
function isSettled({ state }: OspfNeighbors[string]) {
  return state === 'full' || state === '2Ways'
}
