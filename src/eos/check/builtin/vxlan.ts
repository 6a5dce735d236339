import { z } from 'zod'
import { definedItems } from '../../../model/json.ts'
import { SHOW_INTERFACES_DESCRIPTION } from '../answer/interfaces.ts'
import { type Answer, byName, isNothing, mismatch, needed, type OutputOf, partly, show, told } from '../answer/show.ts'
import { defineVerify, type Judgement } from '../define/define-check.ts'
import { hasEntries, integer, ipv4, ipv6, vni, vxlanSourceInterface, word } from '../input/words.ts'

const CATEGORIES = ['localVtep', 'mlag', 'pd'] as const

/** The switch finds nothing wrong with its VXLAN configuration. */
export const VerifyVxlanConfigSanity = defineVerify({
  summary: 'Verifies that the switch finds no inconsistency in its VXLAN configuration.',
  docs:
    'Passes when all checks of every category of `show vxlan config-sanity` pass. Fails for each category in which one ' +
    'does not. Skipped where VXLAN is not configured.',
  asks: show('show vxlan config-sanity', () => ({
    categories: byName(partly({ allCheckPass: z.boolean() })).prefault({}),
  })),
  judge: ({ categories }) => {
    if (categories.size === 0) return { status: 'skip', reason: 'VXLAN is not configured' }
    return CATEGORIES.flatMap((category) =>
      categories.get(category)?.allCheckPass === true
        ? []
        : [`Vxlan Category: ${category} - Config sanity check is not passing`],
    )
  },
})

const vniBindings = () =>
  partly({
    vniBindings: byName(partly({ vlan: z.number() })),
    vniBindingsToVrf: byName(partly({ vrfName: z.string(), vlan: z.number() })),
  })

type Bindings = OutputOf<typeof vniBindings>

/** VNIs are bound to the given VLANs and VRFs. */
export const VerifyVxlanVniBinding = defineVerify({
  summary: 'Verifies which VLANs and VRFs the VNIs of Vxlan1 are bound to.',
  docs:
    'Passes when each VNI is bound to its VLAN, which is a number, or its VRF, which is a name. The VLAN of a VNI that is ' +
    'bound to a VRF is the dynamic one that carries it. Fails for each VNI without binding, and each with another. Skipped ' +
    'where Vxlan1 is not configured.',
  example: { bindings: { '10010': 10, '10020': 20, '500': 'PROD' } },
  input: () => ({
    bindings: z
      .record(vni(), z.union([z.int().min(0).max(4094), word()], { error: 'expected a VLAN or the name of a VRF' }))
      .refine(hasEntries, { error: 'expected a VNI at least' })
      .describe('The VLAN or the VRF of each VNI.'),
  }),
  asks: show('show vxlan vni', () => partly({ vxlanIntfs: byName(vniBindings()) })),
  judge: ({ vxlanIntfs }, { bindings }) => {
    const actual = vxlanIntfs?.get(VXLAN1)
    if (actual === undefined) return VXLAN1_NOT_CONFIGURED
    // JavaScript sorts keys that are numbers: messages come in the order of the switch, VLANs before VRFs.
    const isOfVrf = ([id, bound]: readonly [string, string | number]) =>
      typeof bound === 'string' || actual.vniBindingsToVrf?.has(id) === true
    const wanted = Object.entries(bindings)
    return [...wanted.filter((one) => !isOfVrf(one)), ...wanted.filter(isOfVrf)].flatMap(([id, bound]) =>
      bindingFaults(`Interface: ${VXLAN1} VNI: ${id}`, id, bound, actual),
    )
  },
})

function bindingFaults(name: string, id: string, bound: string | number, actual: Bindings) {
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

/** The VTEPs of the switch are the given ones. */
export const VerifyVxlanVtep = defineVerify({
  summary: 'Verifies that the VTEP peers of Vxlan1 are exactly the given ones.',
  docs:
    'Passes when every given peer is there and no other. Fails with all that are missing and all that are not expected. ' +
    'Skipped where Vxlan1 is not configured.',
  example: { vteps: ['192.0.2.5', '192.0.2.6'] },
  input: () => ({ vteps: z.array(ipv4()).describe('Addresses of the peers.') }),
  asks: show('show vxlan vtep', () => partly({ interfaces: byName(told({ vteps: z.array(z.string()) })) })),
  judge: ({ interfaces }, { vteps }) => {
    const vxlan1 = interfaces?.get(VXLAN1)
    if (vxlan1 === undefined) return VXLAN1_NOT_CONFIGURED
    const actual = vxlan1.vteps
    const missing = vteps.filter((vtep) => !actual.includes(vtep))
    const unexpected = actual.filter((vtep) => !vteps.includes(vtep))
    return definedItems(
      missing.length !== 0 && `The following VTEP peer(s) are missing from the ${VXLAN1} interface: ${listed(missing)}`,
      unexpected.length !== 0 && `Unexpected VTEP peer(s) on ${VXLAN1} interface: ${listed(unexpected)}`,
    )
  },
})

const listed = (vteps: readonly string[]) => [...new Set(vteps)].sort().join(', ')

// The only VXLAN interface that EOS has (EOS manual, "VXLAN").
const VXLAN1 = 'Vxlan1'

const VXLAN1_NOT_CONFIGURED: Judgement = { status: 'skip', reason: `Interface: ${VXLAN1} - Not configured` }

// What `show interfaces` tells of the VXLAN interface.
const SHOW_VXLAN1 = show('show interfaces', () =>
  partly({
    interfaces: byName(
      z
        .looseObject({
          srcIpIntf: z.string(),
          udpPort: z.number(),
          vArpVtepAddr: z.string(),
          vArpVtepAddrV6: z.string(),
        })
        .partial(),
    ),
  }),
)

/** The VXLAN interface has the given source and port. */
export const VerifyVxlan1ConnSettings = defineVerify({
  summary: 'Verifies the source interface and the UDP port of Vxlan1.',
  docs: 'Passes when both are as given. Fails for each that is not. Skipped where Vxlan1 is not configured.',
  example: { source_interface: 'Loopback1', udp_port: 4789 },
  input: () => ({
    source_interface: vxlanSourceInterface().describe('Interface whose address is that of the VTEP.'),
    udp_port: integer(1024, 65_335).describe('UDP port, 1024 to 65335.'),
  }),
  asks: SHOW_VXLAN1,
  judge: (answer, { source_interface, udp_port }) => {
    const vxlan1 = vxlan1In(answer)
    if (vxlan1 === undefined) return VXLAN1_NOT_CONFIGURED
    return [
      ...mismatch(`Interface: ${VXLAN1} - Incorrect Source interface`, source_interface, vxlan1.srcIpIntf, 'None'),
      ...mismatch(`Interface: ${VXLAN1} - Incorrect UDP port`, udp_port, vxlan1.udpPort, 'None'),
    ]
  },
})

/** The VXLAN interface is up. */
export const VerifyVxlan1Interface = defineVerify({
  summary: 'Verifies that Vxlan1 and its line protocol are up.',
  docs: 'Passes when the interface and its line protocol are up, fails otherwise. Skipped where Vxlan1 is not configured.',
  asks: SHOW_INTERFACES_DESCRIPTION,
  judge: ({ interfaceDescriptions }) => {
    const vxlan1 = interfaceDescriptions.get(VXLAN1)
    if (vxlan1 === undefined) return VXLAN1_NOT_CONFIGURED
    const lineProtocolStatus = needed(vxlan1, 'lineProtocolStatus')
    const interfaceStatus = needed(vxlan1, 'interfaceStatus')
    return mismatch(
      `Interface: ${VXLAN1} - Incorrect Line protocol status/Status`,
      'up/up',
      `${lineProtocolStatus}/${interfaceStatus}`,
    )
  },
})

/** The virtual VTEP has the given addresses. */
export const VerifyVxlan1VVTEPIPAddresses = defineVerify({
  summary: 'Verifies the addresses of the virtual VTEP of Vxlan1.',
  docs:
    'Passes when each given address, of IPv4, IPv6 or both, is that of the virtual VTEP. Fails for each that differs or is ' +
    'not configured. Skipped where Vxlan1 is not configured.',
  example: { ipv4_address: '192.0.2.5', ipv6_address: '2001:db8::5' },
  input: () =>
    z
      .strictObject({
        ipv4_address: ipv4().nullish().describe('IPv4 address of the virtual VTEP.'),
        ipv6_address: ipv6().nullish().describe('IPv6 address of the virtual VTEP.'),
      })
      .refine(({ ipv4_address, ipv6_address }) => Boolean(ipv4_address ?? ipv6_address), {
        error: 'expected an IPv4 address, an IPv6 address, or both',
      }),
  asks: SHOW_VXLAN1,
  judge: (answer, { ipv4_address, ipv6_address }) => {
    const vxlan1 = vxlan1In(answer)
    if (vxlan1 === undefined) return VXLAN1_NOT_CONFIGURED
    const addresses = [
      ['IPv4', ipv4_address, vxlan1.vArpVtepAddr],
      ['IPv6', ipv6_address, vxlan1.vArpVtepAddrV6],
    ] as const
    return addresses.flatMap(([family, expected, actual]) => {
      if (!expected) return []
      if (actual === undefined) return [`Interface: ${VXLAN1} - VVTEP ${family} address is not configured`]
      return mismatch(`Interface: ${VXLAN1} - Incorrect VVTEP ${family} address`, expected, actual)
    })
  },
})

function vxlan1In({ interfaces }: Answer<typeof SHOW_VXLAN1>) {
  const vxlan1 = interfaces?.get(VXLAN1)
  return isNothing(vxlan1) ? undefined : vxlan1
}
