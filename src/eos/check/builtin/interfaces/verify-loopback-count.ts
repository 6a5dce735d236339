import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { ipInterfaceBriefAnswer, SHOW_IP_INTERFACE_BRIEF } from '../../answer/show-ip-interface-brief.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { count } from '../../input/numbers.ts'
import { ipInterfaceFaults } from './ip-interface-faults.ts'

/** There are as many loopbacks as there should be, all of them up. */
export const verifyLoopbackCount = defineVerify({
  name: 'VerifyLoopbackCount',
  summary: 'Verifies the number of loopback interfaces, and that all are up.',
  docs: 'Passes when the switch has that many loopback interfaces and none is down.',
  example: { number: 3 },
  input: () => z.strictObject({ number: count().describe('The number of loopback interfaces.') }),
  commands: () => [SHOW_IP_INTERFACE_BRIEF],
  answers: () => [ipInterfaceBriefAnswer()],
  judge: ({ number: expected }, [{ interfaces }]) => {
    const loopbacks = [...interfaces].filter(([name]) => name.startsWith('Loopback'))
    return passUnless([
      ...loopbacks.flatMap(([name, told]) => ipInterfaceFaults(`Interface: ${name}`, told)),
      ...(loopbacks.length === expected
        ? []
        : [`Loopback interface(s) count mismatch: Expected ${expected} Actual: ${loopbacks.length}`]),
    ])
  },
})
