import { z } from 'zod'
import { natural } from '../../../model/natural-order.ts'
import { type OutputOf, recordOf, show } from '../answer/show.ts'
import { became, compareRecords, gainedAndLost } from '../finding/compare.ts'
import { answerOf, defineArea, inOrder } from './define-area.ts'

// The VXLAN interface among those of `show interfaces` (recorded from 4.23 and 4.36).
const INTERFACES = show('show interfaces', () => ({
  interfaces: recordOf({
    hardware: z.string().optional(),
    srcIpIntf: z.string().default(''),
    vlanToVniMap: recordOf({ vni: z.int(), source: z.string().default('') }).default({}),
    vrfToVniMap: recordOf(z.int()).default({}),
    vlanToVtepList: recordOf({
      remoteVtepAddr: z.array(z.string()).default([]),
      remoteVtepAddr6: z.array(z.string()).default([]),
    }).default({}),
  }),
}))

// `show vxlan vtep` (docs/eos.md 6.2).
const VTEPS = show('show vxlan vtep', () => ({ interfaces: recordOf({ vteps: z.array(z.string()) }) }))

const state = () =>
  z.strictObject({
    source: z.string(),
    vlans: recordOf(z.strictObject({ vni: z.int(), flood: z.array(z.string()) })),
    vrfs: recordOf(z.int()),
    vteps: z.array(z.string()),
  })

type VxlanAreaState = OutputOf<typeof state>

const VXLAN = { subject: 'vxlan', label: 'VXLAN' }

/** VLANs that EOS allocates for VRFs are left out: their numbers are its own affair. */
export const vxlanArea = defineArea({
  name: 'vxlan',
  docs: 'VXLAN: the source interface, the VNI and the flood list of every VLAN, the VNI of every VRF, the remote VTEPs.',
  asks: [INTERFACES, VTEPS],
  state,
  tell: ([reply, vtepReply]) => {
    const answer = answerOf(reply, INTERFACES)
    const [, vxlan] = Object.entries(answer.interfaces).find(([name]) => /^Vxlan\d+$/.test(name)) ?? []
    if (vxlan === undefined) return NONE
    const remote = answerOf(vtepReply, VTEPS)
    const { srcIpIntf, vlanToVniMap, vrfToVniMap, vlanToVtepList } = vxlan
    const vlans = Object.entries(vlanToVniMap)
      .filter(([, { source }]) => source !== 'evpn')
      .map(([vlan, { vni }]) => {
        const { remoteVtepAddr = [], remoteVtepAddr6 = [] } = vlanToVtepList[vlan] ?? {}
        return [vlan, { vni, flood: [...remoteVtepAddr, ...remoteVtepAddr6].sort(natural) }] as const
      })
    const vteps = Object.values(remote.interfaces).flatMap((one) => one.vteps)
    return {
      source: srcIpIntf,
      vlans: inOrder(vlans),
      vrfs: inOrder(Object.entries(vrfToVniMap)),
      vteps: vteps.sort(natural),
    }
  },
  describe: (before, after) => [
    ...became(VXLAN, 'source', [before.source, after.source], { suffix: ' source' }),
    ...compareRecords(before.vlans, after.vlans, {
      thing: (vlan) => ({ subject: vlan, label: `VXLAN VLAN ${vlan}` }),
      added: ({ vni, flood }) => ` added: VNI ${vni}, floods to ${flood.join(' ') || 'nobody'}`,
      removed: ({ vni }) => ` removed: was VNI ${vni}`,
      changed: (vlan, was, is) => [
        ...became(vlan, 'vni', [was.vni, is.vni], { suffix: ' VNI' }),
        ...gainedAndLost({ ...vlan, label: `${vlan.label} flood list` }, 'flood', [was.flood, is.flood]),
      ],
    }),
    ...compareRecords(before.vrfs, after.vrfs, {
      thing: (vrf) => ({ subject: vrf, label: `VXLAN VRF ${vrf}` }),
      added: (vni) => ` added: VNI ${vni}`,
      removed: (vni) => ` removed: was VNI ${vni}`,
      changed: (vrf, was, is) => became(vrf, 'vni', [was, is], { suffix: ' VNI' }),
    }),
    ...compareRecords(asNames(before.vteps), asNames(after.vteps), {
      thing: (vtep) => ({ subject: vtep, label: `VXLAN VTEP ${vtep}` }),
      added: () => ' added',
      removed: () => ' removed',
      changed: () => [],
    }),
  ],
})

const NONE: VxlanAreaState = { source: '', vlans: {}, vrfs: {}, vteps: [] }

function asNames(names: readonly string[]): Readonly<Record<string, true>> {
  return Object.fromEntries(names.map((name) => [name, true]))
}
