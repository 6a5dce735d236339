import { z } from 'zod'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { interfaceSelection, interfacesIn, judgeInOrder } from '../../input/interface-selection.ts'
import { nonZeroCounters } from './non-zero-counters.ts'

/** No interface counts an error. */
export const verifyInterfaceErrors = defineVerify({
  name: 'VerifyInterfaceErrors',
  summary: 'Verifies that the error counters of interfaces are zero.',
  docs: 'Passes when every error counter of the interfaces looked at is zero.',
  example: { interfaces: ['Ethernet1/1'], ignored_interfaces: ['Ethernet1/5', 'Ethernet1/6'] },
  input: () => z.strictObject(interfaceSelection()),
  commands: () => [{ cmd: 'show interfaces counters errors', revision: 1 }],
  answers: () => [z.object({ interfaceErrorCounters: byName(byName(z.number())).optional() })],
  judge: (input, [answer]) =>
    judgeInOrder(input, interfacesIn(input, answer, 'interfaceErrorCounters'), (name, counters) => {
      if (counters.size === 0) return undefined
      const errors = nonZeroCounters(counters)
      return errors === '' ? [] : [`Interface: ${name} - Non-zero error counter(s) - ${errors}`]
    }),
})
