import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { SHOW_MANAGEMENT_SSH } from '../../answer/show-management-ssh.ts'
import { defineVerify } from '../../define-verify.ts'

/** EOS before 4.32 writes `is disabled`, later `: disabled` (ANTA cases). */
const STATUS = /^SSHD status for Default VRF(?: is|:) (.*?)\s*$/m

/** SSH is disabled in the default VRF. */
export const verifySshStatus = defineVerify({
  name: 'VerifySSHStatus',
  summary: 'Verifies that the SSH daemon is disabled in the default VRF.',
  docs: 'Passes when the SSH daemon is disabled in the default VRF, fails when it is not or its status is not told.',
  commands: () => [SHOW_MANAGEMENT_SSH],
  answers: () => [z.string()],
  judge: (_input, [printed]) => {
    const [line, status] = STATUS.exec(printed) ?? []
    if (line === undefined) return passUnless(['Could not find SSH status in returned output'])
    return passUnless(status === 'disabled' ? [] : [line.trimEnd()])
  },
})
