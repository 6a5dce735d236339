import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { defineVerifyEach } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { stpVlans } from './stp-vlans.ts'

/** Each VLAN runs the spanning tree protocol that is given. */
export const verifyStpMode = defineVerifyEach({
  name: 'VerifySTPMode',
  summary: 'Verifies the spanning tree mode of VLANs.',
  docs: 'Passes when each VLAN has a spanning tree instance of that mode.',
  example: { mode: 'rapidPvst', vlans: [10, 20] },
  input: () =>
    z.strictObject({
      mode: z.enum(['mstp', 'rstp', 'rapidPvst']).default('mstp').describe('The mode that is expected.'),
      vlans: stpVlans(),
    }),
  commands: ({ vlans }) => vlans.map((vlan) => ({ cmd: `show spanning-tree vlan ${vlan}`, revision: 1 })),
  answer: () =>
    z.object({
      spanningTreeVlanInstances: byName(
        z.object({ spanningTreeVlanInstance: z.object({ protocol: z.string().optional() }).optional() }),
      ).optional(),
    }),
  judge: ({ mode, vlans }, answers) =>
    passUnless(
      vlans.flatMap((vlan, index) => {
        const instance = answers[index]?.spanningTreeVlanInstances?.get(String(vlan))
        const actual = instance?.spanningTreeVlanInstance?.protocol
        if (!actual) return [`VLAN ${vlan} STP mode: ${mode} - Not configured`]
        return mismatch(`VLAN ${vlan} - Incorrect STP mode`, mode, actual)
      }),
    ),
})
