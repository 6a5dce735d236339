import { z } from 'zod'
import { recordOf, show } from '../answer/show.ts'
import { compareVrfs, wordSayings } from '../finding/compare.ts'
import { answerOf, byVrf, defineArea } from './define-area.ts'

const neighbors = () => recordOf({ peerStats: recordOf({ status: z.string() }) }).default({})

// `show bfd peers`: of all VRFs, by address and interface; over several hops the interface is empty (ANTA documentation).
const COMMAND = show('show bfd peers', () => ({
  vrfs: recordOf({ ipv4Neighbors: neighbors(), ipv6Neighbors: neighbors() }),
}))

const state = () => recordOf(recordOf(z.string()))

export const bfdArea = defineArea({
  name: 'bfd',
  docs: 'Every BFD session of every VRF and whether it is up.',
  asks: [COMMAND],
  state,
  tell: ([reply]) => {
    const { vrfs } = answerOf(reply, COMMAND)
    return byVrf(vrfs, ({ ipv4Neighbors, ipv6Neighbors }) =>
      Object.entries({ ...ipv4Neighbors, ...ipv6Neighbors }).flatMap(([peer, { peerStats }]) =>
        Object.entries(peerStats).map(
          ([out, { status }]) => [out === '' ? peer : `${peer} on ${out}`, status] as const,
        ),
      ),
    )
  },
  describe: (before, after) =>
    compareVrfs(before, after, (vrf) =>
      wordSayings((name) => ({ subject: name.split(' ')[0] ?? name, vrf, label: `BFD ${name} in ${vrf}` }), 'status'),
    ),
})
