import { passUnless } from '../../../model/verdict.ts'
import { type AvtPath, avtPathsAnswer } from '../../answer/show-adaptive-virtual-topology-path.ts'
import { defineVerify } from '../../define-verify.ts'

/** Every path of the adaptive virtual topology is active and valid. */
export const verifyAvtPathHealth = defineVerify({
  name: 'VerifyAVTPathHealth',
  summary: 'Verifies the status of all Adaptive Virtual Topology (AVT) paths of all VRFs.',
  docs: 'Passes when every path of every VRF is active and valid. Fails where there is no path.',
  commands: () => [{ cmd: 'show adaptive-virtual-topology path' }],
  answers: () => [avtPathsAnswer()],
  judge: (_input, [{ vrfs }]) => {
    const paths = [...vrfs].flatMap(([vrf, { avts }]) =>
      [...(avts ?? [])].flatMap(([profile, { avtPaths }]) =>
        [...(avtPaths ?? [])].map(([name, path]) => ({ vrf, profile, name, path })),
      ),
    )
    if (paths.length === 0) return passUnless(['Adaptive virtual topology paths are not configured'])
    return passUnless(
      paths.flatMap(({ vrf, profile, name, path }) => {
        const fault = faultOf(path)
        return fault === undefined ? [] : [`VRF: ${vrf} Profile: ${profile} AVT path: ${name} - ${fault}`]
      }),
    )
  },
})

function faultOf({ flags: { valid, active } }: AvtPath): string | undefined {
  if (!valid && !active) return 'Invalid and not active'
  if (!valid) return 'Invalid'
  return active ? undefined : 'Not active'
}
