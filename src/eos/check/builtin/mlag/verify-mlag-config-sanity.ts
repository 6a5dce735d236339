import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { MLAG_DISABLED } from './mlag-disabled.ts'

/** The configurations of the two MLAG peers agree. */
export const verifyMlagConfigSanity = defineVerify({
  name: 'VerifyMlagConfigSanity',
  summary: 'Verifies that `show mlag config-sanity` finds no inconsistency.',
  docs: 'Passes when the peers agree on global and interface configuration. Skipped where MLAG is disabled; an error where the switch does not tell `mlagActive`.',
  commands: () => [{ cmd: 'show mlag config-sanity', revision: 1 }],
  answers: () => {
    const differences = z.record(z.string(), z.unknown()).optional()
    return [
      z.object({
        mlagActive: z.boolean(),
        globalConfiguration: differences,
        interfaceConfiguration: differences,
      }),
    ]
  },
  judge: (_input, [answer]) => {
    const { mlagActive, globalConfiguration, interfaceConfiguration } = answer
    if (!mlagActive) return MLAG_DISABLED
    const scopes = [
      ['global', globalConfiguration],
      ['interface', interfaceConfiguration],
    ] as const
    const faults = scopes
      .filter(([, differences]) => Object.keys(differences ?? {}).length > 0)
      .map(([scope]) => `MLAG config-sanity found in ${scope} configuration`)
    if (faults.length > 0) return passUnless(faults)
    // ANTA takes a half that is not told for one without a difference.
    needed(answer, 'globalConfiguration')
    needed(answer, 'interfaceConfiguration')
    return passUnless([])
  },
})
