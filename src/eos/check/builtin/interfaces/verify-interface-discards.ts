import { z } from 'zod'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { interfaceSelection, interfacesIn, judgeInOrder } from '../../input/interface-selection.ts'
import { nonZeroCounters } from './non-zero-counters.ts'

/** No interface discards a packet. */
export const verifyInterfaceDiscards = defineVerify({
  name: 'VerifyInterfaceDiscards',
  summary: 'Verifies that the discard counters of interfaces are zero.',
  docs: 'Passes when every discard counter of the interfaces looked at is zero.',
  example: { interfaces: ['Ethernet1', 'Port-Channel1'], ignored_interfaces: ['Vxlan1', 'Loopback0'] },
  input: () => z.strictObject(interfaceSelection()),
  commands: () => [{ cmd: 'show interfaces counters discards', revision: 1 }],
  answers: () => [z.object({ interfaces: byName(byName(z.number())).optional() })],
  judge: (input, [answer]) =>
    judgeInOrder(input, interfacesIn(input, answer, 'interfaces'), (name, counters) => {
      if (counters.size === 0) return undefined
      const discards = nonZeroCounters(counters)
      return discards === '' ? [] : [`Interface: ${name} - Non-zero discard counter(s): ${discards}`]
    }),
})
