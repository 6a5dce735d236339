import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { isMcs, MOUNTED } from './mount-state.ts'

/** Everything that the Media Control Service mounts on this client of CVX is mounted. */
export const verifyMcsClientMounts = defineVerify({
  name: 'VerifyMcsClientMounts',
  summary: 'Verifies that all mounts of the MCS client are complete.',
  docs: 'Passes when each mount of a type of MCS is in mountStateMountComplete. Fails where there is none.',
  commands: () => [{ cmd: 'show management cvx mounts', revision: 1 }],
  answers: () => [
    z.object({
      mountStates: z.array(told({ type: z.string(), state: z.string() })),
    }),
  ],
  judge: (_input, [{ mountStates }]) => {
    const ofMcs = mountStates.filter(isMcs)
    if (ofMcs.length === 0) return passUnless(['MCS Client mount states are not present'])
    return passUnless(ofMcs.flatMap(({ state }) => mismatch('MCS Client mount states are not valid', MOUNTED, state)))
  },
})
