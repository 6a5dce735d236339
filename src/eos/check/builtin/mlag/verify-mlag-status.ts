import { passUnless } from '../../../../model/verdict.ts'
import { mlagAnswer, SHOW_MLAG } from '../../answer/show-mlag.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { MLAG_DISABLED } from './mlag-disabled.ts'

/** The MLAG pair is active and connected, its peer link and local interface up. */
export const verifyMlagStatus = defineVerify({
  name: 'VerifyMlagStatus',
  summary: 'Verifies that MLAG is active and connected, and that its peer link and local interface are up.',
  docs: 'Passes when the state is active, the negotiation connected, peer link and local interface up. Skipped where MLAG is disabled.',
  commands: () => [SHOW_MLAG],
  answers: () => [mlagAnswer()],
  judge: (_input, [answer]) => {
    if (answer.state === 'disabled') return MLAG_DISABLED
    return passUnless([
      ...mismatch('MLAG state is not active', 'active', answer.state),
      ...mismatch('MLAG negotiation status mismatch', 'connected', needed(answer, 'negStatus')),
      ...mismatch(
        'Operational state of the MLAG local interface is not correct',
        'up',
        needed(answer, 'localIntfStatus'),
      ),
      ...mismatch('Operational state of the MLAG peer link is not correct', 'up', needed(answer, 'peerLinkStatus')),
    ])
  },
})
