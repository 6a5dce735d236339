import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { hasEntries } from '../../input/has-entries.ts'
import { vni } from '../../input/numbers.ts'
import { word } from '../../input/words.ts'
import { VXLAN1, VXLAN1_NOT_CONFIGURED } from './vxlan1-interface.ts'

const vniBindings = once(() =>
  z.object({
    vniBindings: byName(z.object({ vlan: z.number().optional() })).optional(),
    vniBindingsToVrf: byName(z.object({ vrfName: z.string().optional(), vlan: z.number().optional() })).optional(),
  }),
)

type Bindings = z.output<ReturnType<typeof vniBindings>>

/** VNIs are bound to the given VLANs and VRFs. */
export const verifyVxlanVniBinding = defineVerify({
  name: 'VerifyVxlanVniBinding',
  summary: 'Verifies which VLANs and VRFs the VNIs of Vxlan1 are bound to.',
  docs:
    'Passes when each VNI is bound to its VLAN, which is a number, or its VRF, which is a name. The VLAN of a VNI that is ' +
    'bound to a VRF is the dynamic one that carries it. Fails for each VNI without binding, and each with another. Skipped ' +
    'where Vxlan1 is not configured.',
  example: { bindings: { '10010': 10, '10020': 20, '500': 'PROD' } },
  input: () =>
    z.strictObject({
      bindings: z
        .record(vni(), z.union([z.int().min(0).max(4094), word()], { error: 'expected a VLAN or the name of a VRF' }))
        .refine(hasEntries, { error: 'expected a VNI at least' })
        .describe('The VLAN or the VRF of each VNI.'),
    }),
  commands: () => [{ cmd: 'show vxlan vni', revision: 1 }],
  answers: () => [z.object({ vxlanIntfs: byName(vniBindings()).optional() })],
  judge: ({ bindings }, [{ vxlanIntfs }]) => {
    const actual = vxlanIntfs?.get(VXLAN1)
    if (actual === undefined) return VXLAN1_NOT_CONFIGURED
    // JavaScript sorts keys that are numbers: messages come in the order of the switch, VLANs before VRFs.
    const isOfVrf = ([id, bound]: readonly [string, string | number]) =>
      typeof bound === 'string' || actual.vniBindingsToVrf?.has(id) === true
    const wanted = Object.entries(bindings)
    return passUnless(
      [...wanted.filter((one) => !isOfVrf(one)), ...wanted.filter(isOfVrf)].flatMap(([id, bound]) =>
        bindingFaults(`Interface: ${VXLAN1} VNI: ${id}`, id, bound, actual),
      ),
    )
  },
})

function bindingFaults(name: string, id: string, bound: string | number, actual: Bindings): readonly string[] {
  const toVlan = needed(actual, 'vniBindings').get(id)
  const toVrf =
    toVlan === undefined || typeof bound === 'string' ? needed(actual, 'vniBindingsToVrf').get(id) : undefined
  if (typeof bound === 'string') {
    return toVrf?.vrfName
      ? mismatch(`${name} - Wrong VRF binding`, bound, toVrf.vrfName)
      : [`${name} - Binding not found`]
  }
  const vlan = (toVlan ?? toVrf)?.vlan
  return vlan ? mismatch(`${name} - Wrong VLAN binding`, bound, vlan) : [`${name} - Binding not found`]
}
