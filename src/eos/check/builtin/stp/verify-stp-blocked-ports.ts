import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** Spanning tree blocks no port. */
export const verifyStpBlockedPorts = defineVerify({
  name: 'VerifySTPBlockedPorts',
  summary: 'Verifies that spanning tree blocks no port.',
  docs: 'Passes when no instance has a blocked port.',
  commands: () => [{ cmd: 'show spanning-tree blockedports', revision: 1 }],
  answers: () => [z.object({ spanningTreeInstances: byName(told({ spanningTreeBlockedPorts: z.array(z.string()) })) })],
  judge: (_input, [{ spanningTreeInstances }]) =>
    passUnless(
      [...spanningTreeInstances].map(([instance, { spanningTreeBlockedPorts: blocked }]) => {
        return `STP Instance: ${instance} - Blocked ports - ${blocked.join(', ')}`
      }),
    ),
})
