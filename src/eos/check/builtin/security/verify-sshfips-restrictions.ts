import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { SHOW_MANAGEMENT_SSH } from '../../answer/show-management-ssh.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** SSH is restricted to the algorithms of FIPS 140-2. */
export const verifySshFipsRestrictions = defineVerify({
  name: 'VerifySSHFIPSRestrictions',
  summary: 'Verifies that FIPS restrictions are enabled for SSH.',
  docs: 'Passes when FIPS restrictions are enabled in management SSH, fails when they are not or their status is not told.',
  commands: () => [SHOW_MANAGEMENT_SSH],
  answers: () => [z.string()],
  judge: (_input, [printed]) => {
    const line = printed.split(/\r?\n/).find((one) => one.includes('FIPS status'))
    if (line === undefined) return passUnless(["FIPS status not found in 'show management ssh' output"])
    const isEnabled = line.toLowerCase().includes('enabled')
    return passUnless(isEnabled ? [] : [`FIPS restrictions not enabled in management SSH - ${line.trim()}`])
  },
})
