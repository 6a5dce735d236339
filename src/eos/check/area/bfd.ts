import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { became, compareVrfs } from '../finding/compare.ts'
import { defineArea, inOrder, modelIn } from './define-area.ts'

const COMMAND = { cmd: 'show bfd peers', revision: 1 }

const neighbors = () =>
  z.record(z.string(), z.object({ peerStats: z.record(z.string(), z.object({ status: z.string() })) })).default({})

// `show bfd peers`: of all VRFs, by address and interface; over several hops the interface is empty (ANTA documentation).
const model = once(() =>
  z.object({ vrfs: z.record(z.string(), z.object({ ipv4Neighbors: neighbors(), ipv6Neighbors: neighbors() })) }),
)

const state = once(() => z.record(z.string(), z.record(z.string(), z.string())))

export const bfdArea = defineArea({
  name: 'bfd',
  docs: 'Every BFD session of every VRF and whether it is up.',
  commands: [COMMAND],
  state,
  tell: ([reply]) => {
    const answer = modelIn(reply, COMMAND, model)
    if (!answer.ok) return answer
    const entries = Object.entries(answer.state.vrfs).map(([vrf, { ipv4Neighbors, ipv6Neighbors }]) => {
      const sessions = Object.entries({ ...ipv4Neighbors, ...ipv6Neighbors }).flatMap(([peer, { peerStats }]) =>
        Object.entries(peerStats).map(
          ([out, { status }]) => [out === '' ? peer : `${peer} on ${out}`, status] as const,
        ),
      )
      return [vrf, inOrder(sessions)] as const
    })
    return { ok: true, state: inOrder(entries.filter(([, sessions]) => Object.keys(sessions).length > 0)) }
  },
  describe: (before, after) =>
    compareVrfs(before, after, (vrf) => ({
      thing: (name) => ({ subject: name.split(' ')[0] ?? name, vrf, label: `BFD ${name} in ${vrf}` }),
      added: (is) => ` added: ${is}`,
      removed: (was) => ` removed: was ${was}`,
      changed: (session, was, is) => became(session, 'status', [was, is]),
    })),
})
