import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { became, compareVrfs } from '../finding/compare.ts'
import { defineArea, inOrder, modelIn } from './define-area.ts'

const COMMAND = { cmd: 'show isis neighbors vrf all', revision: 1 }

// `show isis neighbors vrf all`: instances, systems, and their adjacencies (ANTA documentation; EOS before 4.21 has text only).
const model = once(() =>
  z.object({
    vrfs: z.record(
      z.string(),
      z.object({
        isisInstances: z.record(
          z.string(),
          z.object({
            neighbors: z
              .record(
                z.string(),
                z.object({
                  adjacencies: z.array(
                    z.object({
                      hostname: z.string().optional(),
                      interfaceName: z.string(),
                      state: z.string(),
                      level: z.string().optional(),
                    }),
                  ),
                }),
              )
              .default({}),
          }),
        ),
      }),
    ),
  }),
)

const state = once(() =>
  z.record(z.string(), z.record(z.string(), z.strictObject({ instance: z.string(), state: z.string() }))),
)

export const isisArea = defineArea({
  name: 'isis',
  docs: 'Every IS-IS adjacency of every VRF: the system, the interface, the level where the switch shows it, the state.',
  commands: [COMMAND],
  state,
  tell: ([reply]) => {
    const answer = modelIn(reply, COMMAND, model)
    if (!answer.ok) return answer
    const entries = Object.entries(answer.state.vrfs).map(([vrf, { isisInstances }]) => {
      const all = Object.entries(isisInstances).flatMap(([instance, { neighbors }]) =>
        Object.entries(neighbors).flatMap(([system, { adjacencies }]) =>
          adjacencies.map(({ hostname, interfaceName, state: now, level }) => {
            const name = `${hostname || system} on ${interfaceName}${level === undefined ? '' : ` ${level}`}`
            return [name, { instance, state: now }] as const
          }),
        ),
      )
      return [vrf, inOrder(all)] as const
    })
    return { ok: true, state: inOrder(entries.filter(([, all]) => Object.keys(all).length > 0)) }
  },
  describe: (before, after) =>
    compareVrfs(before, after, (vrf) => ({
      thing: (name) => ({ subject: name.split(' ')[0] ?? name, vrf, label: `IS-IS ${name} in ${vrf}` }),
      added: (is) => ` added: ${is.state}`,
      removed: (was) => ` removed: was ${was.state}`,
      changed: (adjacency, was, is) => [
        ...became(adjacency, 'state', [was.state, is.state]),
        ...became(adjacency, 'instance', [was.instance, is.instance], { suffix: ', instance' }),
      ],
    })),
})
