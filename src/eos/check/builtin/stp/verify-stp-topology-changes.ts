import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { integer } from '../../input/numbers.ts'

/** EOS gathers the interfaces without spanning tree in a topology of this name. */
const WITHOUT_STP = 'NoStp'

/** The spanning tree is calm: no interface changed its state more often than the threshold. */
export const verifyStpTopologyChanges = defineVerify({
  name: 'VerifyStpTopologyChanges',
  summary: 'Verifies that the spanning tree state of interfaces changed less often than a threshold.',
  docs: 'Passes when every interface of every topology had fewer changes than the threshold. Fails where no spanning tree runs.',
  example: { threshold: 10 },
  input: () => z.strictObject({ threshold: integer().describe('The number of changes that is accepted.') }),
  commands: () => [{ cmd: 'show spanning-tree topology status detail', revision: 1 }],
  answers: () => [
    z.object({
      topologies: byName(
        z.object({ interfaces: byName(z.object({ numChanges: z.number().optional() })).optional() }),
      ).prefault({}),
    }),
  ],
  judge: ({ threshold }, [{ topologies }]) => {
    const running = [...topologies].filter(([name]) => name !== WITHOUT_STP)
    if (running.length === 0) return passUnless(['STP is not configured'])
    const counted = running.flatMap(([topology, { interfaces = [] }]) =>
      [...interfaces].map(([name, { numChanges }]) => ({
        subject: `Topology: ${topology} Interface: ${name} - Number of changes`,
        numChanges,
      })),
    )
    if (counted.length === 0) return { status: 'error', reason: 'the answer has no interface' }
    return passUnless(
      counted.flatMap(({ subject, numChanges }) => {
        if (numChanges === undefined) return [`${subject} counter not found`]
        return numChanges <= threshold
          ? []
          : [`${subject} not within the threshold - Expected: ${threshold} Actual: ${numChanges}`]
      }),
    )
  },
})
