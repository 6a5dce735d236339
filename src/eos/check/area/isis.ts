import { z } from 'zod'
import { recordOf, show } from '../answer/show.ts'
import { becameEach, compareVrfs } from '../finding/compare.ts'
import { answerOf, byVrf, defineArea } from './define-area.ts'

// `show isis neighbors vrf all`: instances, systems, and their adjacencies (ANTA documentation; EOS before 4.21 has text only).
const COMMAND = show('show isis neighbors vrf all', () => ({
  vrfs: recordOf({
    isisInstances: recordOf({
      neighbors: recordOf({
        adjacencies: z.array(
          z.object({
            hostname: z.string().optional(),
            interfaceName: z.string(),
            state: z.string(),
            level: z.string().optional(),
          }),
        ),
      }).default({}),
    }),
  }),
}))

const state = () => recordOf(recordOf(z.strictObject({ instance: z.string(), state: z.string() })))

export const isisArea = defineArea({
  name: 'isis',
  docs: 'Every IS-IS adjacency of every VRF: the system, the interface, the level where the switch shows it, the state.',
  asks: [COMMAND],
  state,
  tell: ([reply]) => {
    const { vrfs } = answerOf(reply, COMMAND)
    return byVrf(vrfs, ({ isisInstances }) =>
      Object.entries(isisInstances).flatMap(([instance, { neighbors }]) =>
        Object.entries(neighbors).flatMap(([system, { adjacencies }]) =>
          adjacencies.map(({ hostname, interfaceName, state: now, level }) => {
            const name = `${hostname || system} on ${interfaceName}${level === undefined ? '' : ` ${level}`}`
            return [name, { instance, state: now }] as const
          }),
        ),
      ),
    )
  },
  describe: (before, after) =>
    compareVrfs(before, after, (vrf) => ({
      thing: (name) => ({ subject: name.split(' ')[0] ?? name, vrf, label: `IS-IS ${name} in ${vrf}` }),
      added: (is) => ` added: ${is.state}`,
      removed: (was) => ` removed: was ${was.state}`,
      changed: (adjacency, was, is) => becameEach(adjacency, [was, is], { state: '', instance: ', instance' }),
    })),
})
