import { z } from 'zod'
import { byName } from '../../answer/by-name.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { interfaceSelection, interfacesIn, judgeInterfaces } from '../../input/interface-selection.ts'

/** No interface received a damaged BPDU. */
export const verifyStpCounters = defineVerify({
  name: 'VerifySTPCounters',
  summary: 'Verifies that no spanning tree packet (BPDU) was in error.',
  docs: 'Passes when the tagged and other BPDU errors of the interfaces looked at are zero. An interface that is named must take part in spanning tree.',
  example: { interfaces: ['Ethernet10', 'Ethernet12'], ignored_interfaces: ['Vxlan1', 'Loopback0'] },
  input: () => z.strictObject(interfaceSelection()),
  commands: () => [{ cmd: 'show spanning-tree counters', revision: 1 }],
  answers: () => [
    z.object({
      interfaces: byName(told({ bpduTaggedError: z.number(), bpduOtherError: z.number() })).optional(),
    }),
  ],
  judge: (input, [answer]) =>
    judgeInterfaces(input, interfacesIn(input, answer, 'interfaces'), (name, { bpduTaggedError, bpduOtherError }) => [
      ...mismatch(`Interface: ${name} - STP BPDU packet tagged errors count mismatch`, 0, bpduTaggedError),
      ...mismatch(`Interface: ${name} - STP BPDU packet other errors count mismatch`, 0, bpduOtherError),
    ]),
})
