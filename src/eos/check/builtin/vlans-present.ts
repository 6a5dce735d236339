import { z } from 'zod'
import { passUnless } from '../../../model/error.ts'
import { LAST_VLAN, parseVlans } from '../../../model/vlan-list.ts'
import { type VlanState, vlanArea } from '../area/vlan.ts'
import { defineCheck } from '../define/define-check.ts'

const EXPECTED = 'expected VLAN numbers from 1 to 4094, such as 10 or 10,20-29'

const VlanNumber = z.int().min(1).max(LAST_VLAN)
const VlanText = z.string().refine((text) => numbersIn(text).length > 0, { error: EXPECTED })
const VlanItem = z.union([VlanNumber, VlanText], { error: EXPECTED })

const numbersIn = (text: string) => parseVlans(text, { spaces: true }) ?? []

/** VLANs as people write them: a number, a list as EOS writes it (`10,20-29`), or a list of both; read as sorted numbers. */
export const VlanList = z
  .union([VlanNumber, VlanText, z.array(VlanItem).min(1)], { error: EXPECTED })
  .transform((written) => {
    const items = Array.isArray(written) ? written : [written]
    const numbers = items.flatMap((item) => (typeof item === 'number' ? [item] : numbersIn(item)))
    return [...new Set(numbers)].sort((a, b) => a - b)
  })

/** VLANs exist, are active, and are carried where they should be. */
export const vlansPresent = defineCheck({
  name: 'vlans-present',
  summary: 'Every given VLAN exists, is active, and is carried by the given interfaces.',
  docs: 'Reads `show vlan`. EOS lists an interface with a VLAN only while the interface is up.',
  input: z.strictObject({
    vlans: VlanList.describe('The VLANs: a number, a list such as 10,20-29, or a YAML list of both.').meta({
      examples: ['10,20-29'],
    }),
    interfaces: z
      .array(z.string().min(1))
      .default([])
      .describe('Full names of interfaces that must carry every one of them, for example Port-Channel1 or Vxlan1.')
      .meta({ examples: [['Port-Channel1']] }),
  }),
  commands: () => vlanArea.commands,

  judge({ vlans, interfaces }, replies) {
    const now = vlanArea.now(replies)
    if (!now.ok) return { status: 'error', reason: now.error }
    const reasons = vlans.flatMap((vlan) => vlanFaults(vlan, now.state, interfaces))
    return passUnless(reasons, [`${vlans.length} active`])
  },
})

function vlanFaults(id: number, now: VlanState, interfaces: readonly string[]) {
  const vlan = now[String(id)]
  if (vlan === undefined) return [`VLAN ${id} - expected: active, actual: not there`]
  if (vlan.status !== 'active') return [`VLAN ${id} - expected: active, actual: ${vlan.status}`]
  const missing = interfaces.filter((name) => !vlan.interfaces.includes(name))
  const carried = vlan.interfaces.length === 0 ? 'no interface' : vlan.interfaces.join(', ')
  return missing.map((name) => `VLAN ${id} - expected: on ${name}, actual: on ${carried}`)
}
