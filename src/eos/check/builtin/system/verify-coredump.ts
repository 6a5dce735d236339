import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** The folder of small dumps that some agents write, which is no core dump (ANTA documentation, VerifyCoredump). */
const MINIDUMPS = 'minidump'

/** No agent has left a core dump. */
export const verifyCoredump = defineVerify({
  name: 'VerifyCoredump',
  summary: 'Verifies that there are no core dump files.',
  docs: 'Passes when /var/core holds no core dump. Minidumps are none.',
  commands: () => [{ cmd: 'show system coredump', revision: 1 }],
  answers: () => [z.object({ coreFiles: z.array(z.string()) })],
  judge: (_input, [{ coreFiles }]) => {
    const folder = coreFiles.indexOf(MINIDUMPS)
    const dumps = coreFiles.filter((_, index) => index !== folder)
    return passUnless(dumps.length === 0 ? [] : [`Core dump(s) have been found: ${dumps.join(', ')}`])
  },
})
