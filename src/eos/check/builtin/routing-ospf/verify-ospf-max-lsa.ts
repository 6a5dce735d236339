import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { printedDecimals } from '../../answer/printed-number.ts'
import { told } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { OSPF_NOT_CONFIGURED } from './ospf-neighbors.ts'

const ospfInstance = once(() =>
  told({
    maxLsaInformation: told({ maxLsa: z.number(), maxLsaThreshold: z.number() }),
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
  answers: () => [z.object({ vrfs: byName(z.object({ instList: byName(ospfInstance()).optional() })).prefault({}) })],
  judge: (_input, [{ vrfs }]) => {
    if (vrfs.size === 0) return { status: 'skip', reason: OSPF_NOT_CONFIGURED }
    const instances = [...vrfs.values()].flatMap(({ instList = [] }) => [...instList])
    if (instances.length === 0) return { status: 'error', reason: 'the answer has no OSPF instance' }
    return passUnless(instances.flatMap(([id, instance]) => lsaFaults(`Instance: ${id}`, instance)))
  },
})

function lsaFaults(name: string, instance: z.output<ReturnType<typeof ospfInstance>>): readonly string[] {
  const { maxLsa, maxLsaThreshold } = instance.maxLsaInformation
  const numLsa = instance.lsaInformation?.numLsa
  if (numLsa === undefined) return [`${name} - Current number of LSAs not found`]
  const threshold = Number(printedDecimals(maxLsa * (maxLsaThreshold / 100), 0))
  if (numLsa <= threshold) return []
  return [`${name} - Crossed the maximum LSA threshold - Expected: < ${threshold} Actual: ${numLsa}`]
}
