import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { integer, vlanId } from '../../input/numbers.ts'

/** The root bridge of each spanning tree instance has the priority that is given. */
export const verifyStpRootPriority = defineVerify({
  name: 'VerifySTPRootPriority',
  summary: 'Verifies the priority of the root bridge of VLANs or MST instances.',
  docs: 'Passes when the root of every instance (of those given, or of all) has that priority. Fails where there is no instance.',
  example: { priority: 32_768, instances: [10, 20] },
  input: () =>
    z.strictObject({
      priority: integer().describe('The priority of the root.'),
      instances: z.array(vlanId()).default([]).describe('VLANs or MST instances; none: all.'),
    }),
  commands: () => [{ cmd: 'show spanning-tree root detail', revision: 1 }],
  answers: () => [
    z.object({
      instances: byName(z.looseObject({ rootBridge: z.object({ priority: z.number().optional() }).optional() })),
    }),
  ],
  judge: ({ priority, instances: numbers }, [{ instances }]) => {
    const [first] = instances.keys()
    if (first === undefined) return passUnless(['No STP instances configured'])
    const prefix = /^(?:MST|VL)/.exec(first)?.[0]
    if (prefix === undefined) {
      return passUnless([`STP Instance: ${first} - Unsupported STP instance type`])
    }
    const names = numbers.length === 0 ? [...instances.keys()] : numbers.map((number) => `${prefix}${number}`)
    return passUnless(
      names.flatMap((name) => {
        const instance = instances.get(name)
        return instance === undefined || Object.keys(instance).length === 0
          ? [`Instance: ${name} - Not configured`]
          : mismatch(`STP Instance: ${name} - Incorrect root priority`, priority, instance.rootBridge?.priority, 'None')
      }),
    )
  },
})
