import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { became, compareVrfs } from '../finding/compare.ts'
import { defineArea, inOrder, modelIn } from './define-area.ts'

const COMMAND = { cmd: 'show ip ospf neighbor', revision: 1 }

// `show ip ospf neighbor`: of all VRFs (recorded from 4.23).
const model = once(() =>
  z.object({
    vrfs: z.record(
      z.string(),
      z.object({
        instList: z.record(
          z.string(),
          z.object({
            ospfNeighborEntries: z.array(
              z.object({
                routerId: z.string(),
                interfaceName: z.string(),
                adjacencyState: z.string(),
                details: z.object({ areaId: z.string().default('') }).optional(),
              }),
            ),
          }),
        ),
      }),
    ),
  }),
)

const state = once(() =>
  z.record(
    z.string(),
    z.record(
      z.string(),
      z.strictObject({ neighbor: z.string(), instance: z.string(), area: z.string(), state: z.string() }),
    ),
  ),
)

type OspfNeighbors = z.output<ReturnType<typeof state>>[string]

export const ospfArea = defineArea({
  name: 'ospf',
  docs: 'Every OSPF neighbour of every VRF: the interface, the area, the state of the adjacency.',
  commands: [COMMAND],
  state,
  tell: ([reply]) => {
    const answer = modelIn(reply, COMMAND, model)
    if (!answer.ok) return answer
    const entries = Object.entries(answer.state.vrfs).map(([vrf, { instList }]) => {
      const neighbors = Object.entries(instList).flatMap(([instance, { ospfNeighborEntries }]) =>
        ospfNeighborEntries.map(({ routerId, interfaceName, adjacencyState, details }) => {
          const area = details?.areaId ?? ''
          const one: OspfNeighbors[string] = { neighbor: routerId, instance, area, state: adjacencyState }
          return [`${routerId} on ${interfaceName}`, one] as const
        }),
      )
      return [vrf, inOrder(neighbors)] as const
    })
    return { ok: true, state: inOrder(entries.filter(([, neighbors]) => Object.keys(neighbors).length > 0)) }
  },
  describe: (before, after) =>
    compareVrfs(before, after, (vrf) => ({
      thing: (name) => ({ subject: name.split(' ')[0] ?? name, vrf, label: `OSPF ${name} in ${vrf}` }),
      added: ({ state: now, area }) => ` added: ${now}, area ${area}`,
      removed: ({ state: before }) => ` removed: was ${before}`,
      changed: (neighbor, was, is) => [
        ...(isSettled(was) || isSettled(is) ? became(neighbor, 'state', [was.state, is.state]) : []),
        ...became(neighbor, 'area', [was.area, is.area], { suffix: ', area' }),
        ...became(neighbor, 'instance', [was.instance, is.instance], { suffix: ', instance' }),
      ],
    })),
})

// What an adjacency stays in; it passes through the other states for as long as it does not come up (RFC 2328 10.1).
function isSettled({ state }: OspfNeighbors[string]): boolean {
  return state === 'full' || state === '2Ways'
}
