import { passUnless } from '../../../../model/verdict.ts'
import { type AvtPath, avtPathsAnswer } from '../../answer/show-adaptive-virtual-topology-path.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'

/** Every path of the adaptive virtual topology is active and valid. */
export const verifyAvtPathHealth = defineVerify({
  name: 'VerifyAVTPathHealth',
  summary: 'Verifies the status of all Adaptive Virtual Topology (AVT) paths of all VRFs.',
  docs: 'Passes when every path of every VRF is active and valid. Fails where there is no path.',
  commands: () => [{ cmd: 'show adaptive-virtual-topology path' }],
  answers: () => [avtPathsAnswer()],
  judge: (_input, [{ vrfs = new Map() }]) => {
    if (vrfs.size === 0) return passUnless(['Adaptive virtual topology paths are not configured'])
    const paths = [...vrfs].flatMap(([vrf, { avts }]) =>
      [...(avts ?? [])].flatMap(([profile, { avtPaths }]) =>
        [...(avtPaths ?? [])].map(([name, path]) => ({ vrf, profile, name, path })),
      ),
    )
    if (paths.length === 0) return { status: 'error', reason: 'the answer has no path' }
    return passUnless(
      paths.flatMap(({ vrf, profile, name, path }) => {
        const fault = faultOf(path)
        return fault === undefined ? [] : [`VRF: ${vrf} Profile: ${profile} AVT path: ${name} - ${fault}`]
      }),
    )
  },
})

function faultOf(path: AvtPath): string | undefined {
  const flags = needed(path, 'flags')
  const [valid, active] = [needed(flags, 'valid'), needed(flags, 'active')]
  if (!valid && !active) return 'Invalid and not active'
  if (!valid) return 'Invalid'
  return active ? undefined : 'Not active'
}
