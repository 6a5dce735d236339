import { z } from 'zod'
import { passUnless } from '../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../define-verify.ts'
import { once } from '../../once.ts'
import { OSPF_NOT_CONFIGURED } from './ospf-neighbors.ts'

const ospfInstance = once(() =>
  z.object({
    maxLsaInformation: z.object({ maxLsa: z.number().optional(), maxLsaThreshold: z.number().optional() }).optional(),
    lsaInformation: z.object({ numLsa: z.number().optional() }).optional(),
  }),
)

/** No OSPF instance has as many link-state advertisements as it warns of. */
export const verifyOspfMaxLsa = defineVerify({
  name: 'VerifyOSPFMaxLSA',
  summary: 'Verifies that no OSPF instance has crossed its threshold of link-state advertisements.',
  docs:
    'Passes when each instance holds no more advertisements than its threshold, which is a percentage of its maximum. Fails ' +
    'for each that holds more. Passes an instance whose maximum is 0, which is none. Skipped where ' +
    'there is no instance.',
  commands: () => [{ cmd: 'show ip ospf', revision: 1 }],
  answers: () => [z.object({ vrfs: byName(z.object({ instList: byName(ospfInstance()).optional() })) })],
  judge: (_input, [{ vrfs }]) => {
    if (vrfs.size === 0) return { status: 'skip', reason: OSPF_NOT_CONFIGURED }
    const instances = [...vrfs.values()].flatMap(({ instList = [] }) => [...instList])
    if (instances.length === 0) return { status: 'skip', reason: 'No OSPF instance found' }
    return passUnless(instances.flatMap(([id, instance]) => lsaFaults(`Instance: ${id}`, instance)))
  },
})

function lsaFaults(
  name: string,
  { maxLsaInformation, lsaInformation }: z.output<ReturnType<typeof ospfInstance>>,
): readonly string[] {
  const { maxLsa, maxLsaThreshold } = maxLsaInformation ?? {}
  const { numLsa } = lsaInformation ?? {}
  if (maxLsa === 0) return []
  if (maxLsa === undefined || maxLsaThreshold === undefined || numLsa === undefined) {
    return [`${name} - Number of LSAs or their maximum not found`]
  }
  const threshold = Math.round((maxLsa * maxLsaThreshold) / 100)
  if (numLsa <= threshold) return []
  return [`${name} - Crossed the maximum LSA threshold - Expected: < ${threshold} Actual: ${numLsa}`]
}
