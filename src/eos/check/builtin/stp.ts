import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { byName, isNothing, mismatch, partly, show, told } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { integer, interfaceSelection, interfacesIn, judgeInterfaces, someOf, vlanId } from '../input/words.ts'

const stpVlans = () => someOf(vlanId(), 'The VLANs to look at.')

/** Spanning tree blocks no port. */
export const VerifySTPBlockedPorts = defineVerify({
  summary: 'Verifies that spanning tree blocks no port.',
  docs: 'Passes when no instance has a blocked port.',
  asks: show('show spanning-tree blockedports', () => ({
    spanningTreeInstances: byName(told({ spanningTreeBlockedPorts: z.array(z.string()) })),
  })),
  judge: ({ spanningTreeInstances }) =>
    [...spanningTreeInstances].map(
      ([instance, { spanningTreeBlockedPorts: blocked }]) =>
        `STP Instance: ${instance} - Blocked ports - ${blocked.join(', ')}`,
    ),
})

/** No interface received a damaged BPDU. */
export const VerifySTPCounters = defineVerify({
  summary: 'Verifies that no spanning tree packet (BPDU) was in error.',
  docs: 'Passes when the tagged and other BPDU errors of the interfaces looked at are zero. An interface that is named must take part in spanning tree.',
  example: { interfaces: ['Ethernet10', 'Ethernet12'], ignored_interfaces: ['Vxlan1', 'Loopback0'] },
  input: interfaceSelection,
  asks: show('show spanning-tree counters', () =>
    partly({
      interfaces: byName(told({ bpduTaggedError: z.number(), bpduOtherError: z.number() })),
    }),
  ),
  judge: (answer, input) =>
    judgeInterfaces(input, interfacesIn(input, answer, 'interfaces'), (name, { bpduTaggedError, bpduOtherError }) => [
      ...mismatch(`Interface: ${name} - STP BPDU packet tagged errors count mismatch`, 0, bpduTaggedError),
      ...mismatch(`Interface: ${name} - STP BPDU packet other errors count mismatch`, 0, bpduOtherError),
    ]),
})

/** The VLANs are there, and spanning tree is disabled in them. */
export const VerifySTPDisabledVlans = defineVerify({
  summary: 'Verifies that spanning tree is disabled for VLANs.',
  docs: 'Passes when spanning tree runs on the switch, the VLANs exist, and it is disabled for each of them.',
  example: { vlans: [6, 4094] },
  input: () => ({ vlans: stpVlans() }),
  asks: show('show spanning-tree vlan detail', () => ({
    spanningTreeVlanInstances: byName(z.looseObject({})).prefault({}),
  })),
  judge: ({ spanningTreeVlanInstances: instances }, { vlans }) => {
    if (instances.size === 0) return ['STP is not configured']
    return vlans.flatMap((vlan) => {
      const instance = instances.get(String(vlan))
      if (instance === undefined) return [`VLAN: ${vlan} - Not configured`]
      return Object.keys(instance).length === 0 ? [] : [`VLAN: ${vlan} - STP is enabled`]
    })
  },
})

const topologies = once(() =>
  z.object({
    topologies: byName(told({ vlans: z.array(z.number()), interfaces: byName(told({ state: z.string() })) })).prefault(
      {},
    ),
  }),
)

const vlanInstances = once(() =>
  partly({
    spanningTreeVlanInstances: byName(partly({ spanningTreeVlanInstance: partly({ protocol: z.string() }) })),
  }),
)

/** Every interface forwards in the topologies of the VLANs. */
export const VerifySTPForwardingPorts = defineVerify({
  summary: 'Verifies that every interface is in forwarding state for VLANs.',
  docs: 'Passes when all interfaces of the topologies that a VLAN belongs to forward. A VLAN of a running spanning tree that is in none of its topologies has no interface, and passes.',
  example: { vlans: [10, 20] },
  input: () => ({ vlans: stpVlans() }),
  asks: ({ vlans }) => vlans.map((vlan) => show(`show spanning-tree topology vlan ${vlan} status`, topologies)),
  judge: (answers, { vlans }) =>
    vlans.flatMap((vlan, index) => {
      const topologies = [...(answers[index]?.topologies.values() ?? [])]
      if (topologies.length === 0) return [`VLAN ${vlan} - STP instance is not configured`]
      const topology = topologies.filter((one) => one.vlans.includes(vlan)).map(({ interfaces }) => interfaces)
      return [...(topology.at(-1) ?? [])].flatMap(([name, { state }]) =>
        mismatch(`VLAN ${vlan} Interface: ${name} - Invalid state`, 'forwarding', state),
      )
    }),
})

/** Each VLAN runs the spanning tree protocol that is given. */
export const VerifySTPMode = defineVerify({
  summary: 'Verifies the spanning tree mode of VLANs.',
  docs: 'Passes when each VLAN has a spanning tree instance of that mode.',
  example: { mode: 'rapidPvst', vlans: [10, 20] },
  input: () => ({
    mode: z.enum(['mstp', 'rstp', 'rapidPvst']).default('mstp').describe('The mode that is expected.'),
    vlans: stpVlans(),
  }),
  asks: ({ vlans }) => vlans.map((vlan) => show(`show spanning-tree vlan ${vlan}`, vlanInstances)),
  judge: (answers, { mode, vlans }) =>
    vlans.flatMap((vlan, index) => {
      const instance = answers[index]?.spanningTreeVlanInstances?.get(String(vlan))
      const actual = instance?.spanningTreeVlanInstance?.protocol
      if (!actual) return [`VLAN ${vlan} STP mode: ${mode} - Not configured`]
      return mismatch(`VLAN ${vlan} - Incorrect STP mode`, mode, actual)
    }),
})

/** The root bridge of each spanning tree instance has the priority that is given. */
export const VerifySTPRootPriority = defineVerify({
  summary: 'Verifies the priority of the root bridge of VLANs or MST instances.',
  docs: 'Passes when the root of every instance (of those given, or of all) has that priority. Fails where there is no instance.',
  example: { priority: 32_768, instances: [10, 20] },
  input: () => ({
    priority: integer().describe('The priority of the root.'),
    instances: z.array(vlanId()).default([]).describe('VLANs or MST instances; none: all.'),
  }),
  asks: show('show spanning-tree root detail', () => ({
    instances: byName(z.looseObject({ rootBridge: partly({ priority: z.number() }).optional() })),
  })),
  judge: ({ instances }, { priority, instances: numbers }) => {
    const [first] = instances.keys()
    if (first === undefined) return ['No STP instances configured']
    const prefix = /^(?:MST|VL)/.exec(first)?.[0]
    if (prefix === undefined) {
      return [`STP Instance: ${first} - Unsupported STP instance type`]
    }
    const names = numbers.length === 0 ? [...instances.keys()] : numbers.map((number) => `${prefix}${number}`)
    return names.flatMap((name) => {
      const instance = instances.get(name)
      return isNothing(instance)
        ? [`Instance: ${name} - Not configured`]
        : mismatch(`STP Instance: ${name} - Incorrect root priority`, priority, instance.rootBridge?.priority, 'None')
    })
  },
})

// EOS gathers the interfaces without spanning tree in a topology of this name.
const WITHOUT_STP = 'NoStp'

/** The spanning tree is calm: no interface changed its state more often than the threshold. */
export const VerifyStpTopologyChanges = defineVerify({
  summary: 'Verifies that the spanning tree state of interfaces changed less often than a threshold.',
  docs: 'Passes when every interface of every topology had fewer changes than the threshold. Fails where no spanning tree runs.',
  example: { threshold: 10 },
  input: () => ({ threshold: integer().describe('The number of changes that is accepted.') }),
  asks: show('show spanning-tree topology status detail', () => ({
    topologies: byName(partly({ interfaces: byName(partly({ numChanges: z.number() })) })).prefault({}),
  })),
  judge: ({ topologies }, { threshold }) => {
    const running = [...topologies].filter(([name]) => name !== WITHOUT_STP)
    if (running.length === 0) return ['STP is not configured']
    const counted = running.flatMap(([topology, { interfaces = [] }]) =>
      [...interfaces].map(([name, { numChanges }]) => ({
        subject: `Topology: ${topology} Interface: ${name} - Number of changes`,
        numChanges,
      })),
    )
    if (counted.length === 0) return { status: 'error', reason: 'the answer has no interface' }
    return counted.flatMap(({ subject, numChanges }) => {
      if (numChanges === undefined) return [`${subject} counter not found`]
      return numChanges <= threshold
        ? []
        : [`${subject} not within the threshold - Expected: ${threshold} Actual: ${numChanges}`]
    })
  },
})
