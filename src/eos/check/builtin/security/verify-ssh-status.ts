import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_MANAGEMENT_SSH } from '../../answer/show-management-ssh.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** SSH is disabled in the default VRF. */
export const verifySshStatus = defineVerify({
  name: 'VerifySSHStatus',
  summary: 'Verifies that the SSH daemon is disabled in the default VRF.',
  docs: 'Passes when the SSH daemon is disabled in the default VRF, fails when it is not or its status is not told.',
  commands: () => [SHOW_MANAGEMENT_SSH],
  answers: () => [z.string()],
  judge: (_input, [printed]) => {
    // EOS before 4.32 writes `is disabled`, later `: disabled`. ANTA takes the first line, whatever VRF it is of.
    const lines = printed.split('\n').filter((one) => one.startsWith('SSHD status'))
    const line = lines.find((one) => one.startsWith('SSHD status for Default VRF')) ?? lines[0]
    if (line === undefined) return passUnless(['Could not find SSH status in returned output'])
    return passUnless(/(?:^|\s)disabled\s*$/.test(line) ? [] : [line])
  },
})
