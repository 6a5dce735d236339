import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../define-verify.ts'
import { integer } from '../../input/numbers.ts'

/** EOS gathers the interfaces without spanning tree in a topology of this name. */
const WITHOUT_STP = 'NoStp'

/** The spanning tree is calm: no interface changed its state as often as the threshold. */
export const verifyStpTopologyChanges = defineVerify({
  name: 'VerifyStpTopologyChanges',
  summary: 'Verifies that the spanning tree state of interfaces changed less often than a threshold.',
  docs: 'Passes when every interface of every topology had fewer changes than the threshold. Fails where no spanning tree runs.',
  example: { threshold: 10 },
  input: () => z.strictObject({ threshold: integer().describe('The number of changes that is one too many.') }),
  commands: () => [{ cmd: 'show spanning-tree topology status detail', revision: 1 }],
  answers: () => [
    z.object({
      topologies: byName(z.object({ interfaces: byName(z.object({ numChanges: z.number().optional() })).optional() })),
    }),
  ],
  judge: ({ threshold }, [{ topologies }]) => {
    const running = [...topologies].filter(([name]) => name !== WITHOUT_STP)
    if (running.length === 0) return passUnless(['STP is not configured'])
    return passUnless(
      running.flatMap(([topology, { interfaces }]) => {
        if (interfaces === undefined) return [`Topology: ${topology} - Interfaces not found`]
        return [...interfaces].flatMap(([name, { numChanges }]) =>
          numChanges !== undefined && numChanges < threshold
            ? []
            : [
                `Topology: ${topology} Interface: ${name} - Number of changes not within the threshold - Expected: ${threshold} Actual: ${numChanges ?? 'Not found'}`,
              ],
        )
      }),
    )
  },
})
