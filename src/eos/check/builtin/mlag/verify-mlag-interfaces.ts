import { passUnless } from '../../../../model/verdict.ts'
import { mlagAnswer, SHOW_MLAG } from '../../answer/show-mlag.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { MLAG_DISABLED } from './mlag-disabled.ts'

/** Every port of MLAG is active on both sides. */
export const verifyMlagInterfaces = defineVerify({
  name: 'VerifyMlagInterfaces',
  summary: 'Verifies that no MLAG port is inactive or active on one side only.',
  docs: 'Passes when no MLAG port is inactive or active-partial. Skipped where MLAG is disabled.',
  commands: () => [SHOW_MLAG],
  answers: () => [mlagAnswer()],
  judge: (_input, [answer]) => {
    if (answer.state === 'disabled') return MLAG_DISABLED
    const ports = needed(answer, 'mlagPorts')
    const [inactive, partial] = [needed(ports, 'Inactive'), needed(ports, 'Active-partial')]
    return passUnless(
      inactive === 0 && partial === 0
        ? []
        : [`MLAG status is not ok - Inactive Ports: ${inactive} Partial Active Ports: ${partial}`],
    )
  },
})
