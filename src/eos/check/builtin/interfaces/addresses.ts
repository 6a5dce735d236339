import { z } from 'zod'
import { interfacesMtuAnswer, SHOW_IP_INTERFACE_BRIEF } from '../../answer/interfaces.ts'
import { byName, mismatch, needed, partly, show, told } from '../../answer/show.ts'
import { defineVerify, type Judgement } from '../../define/define-check.ts'
import {
  count,
  ignorableInterface,
  integer,
  interfaceName,
  judgeInterfaces,
  macAddress,
  someOf,
} from '../../input/words.ts'
import { expectedPrimaryIp, interfaceState, interfaceSubject } from './links.ts'

function mtuInputs(mtu: number, ignored: readonly string[]) {
  return {
    mtu: integer().default(mtu).describe('The MTU of every interface that is not named in `specific_mtu`.'),
    ignored_interfaces: z
      .array(ignorableInterface())
      .default([...ignored])
      .describe('Interfaces, or kinds of interfaces, to leave out, even where `specific_mtu` names them.'),
    specific_mtu: z.array(z.record(interfaceName(), integer())).default([]).describe('The MTU of single interfaces.'),
  }
}

interface ExpectedMtu {
  readonly mtu: number
  readonly ignored_interfaces: readonly string[]
  readonly specific_mtu: readonly Readonly<Record<string, number>>[]
}

function judgeMtu(
  { mtu, ignored_interfaces, specific_mtu }: ExpectedMtu,
  interfaces: ReadonlyMap<string, { readonly forwardingModel?: string | undefined; readonly mtu?: number | undefined }>,
  forwarding: 'routed' | 'bridged',
): Judgement {
  const specific = new Map(specific_mtu.flatMap((one) => Object.entries(one)))
  return judgeInterfaces({ ignored_interfaces }, interfaces, (name, told) =>
    needed(told, 'forwardingModel') === forwarding
      ? mismatch(`Interface: ${name} - Incorrect MTU`, specific.get(name) ?? mtu, needed(told, 'mtu'))
      : [],
  )
}

function ipInterfaceFaults(
  subject: string,
  told: { readonly lineProtocolStatus?: string | undefined; readonly interfaceStatus?: string | undefined },
) {
  return [
    ...mismatch(`${subject} - Invalid line protocol status`, 'up', needed(told, 'lineProtocolStatus')),
    ...mismatch(`${subject} - Invalid interface status`, 'connected', needed(told, 'interfaceStatus')),
  ]
}

interface Address {
  readonly address: string
  readonly maskLen: number
}

const written = ({ address, maskLen }: Address) => `${address}/${maskLen}`

/** Each interface has its IPv4 addresses. */
export const VerifyInterfaceIPv4 = defineVerify({
  summary: 'Verifies the primary and secondary IPv4 addresses of interfaces.',
  docs: 'Passes when every interface has that primary address and, where they are given, exactly those secondary addresses, in any order.',
  example: {
    interfaces: [
      { name: 'Ethernet2', primary_ip: '172.30.11.1/31', secondary_ips: ['10.10.10.1/31', '10.10.10.10/31'] },
    ],
  },
  input: () => ({
    interfaces: someOf(
      { ...interfaceState(), primary_ip: expectedPrimaryIp() },
      'The interfaces with their addresses.',
    ),
  }),
  asks: show(
    'show ip interface',
    () => {
      const address = told({ address: z.string(), maskLen: z.number() })
      return partly({
        interfaces: byName(
          partly({
            interfaceAddress: partly({ primaryIp: address, secondaryIpsOrderedList: z.array(address) }),
          }),
        ),
      })
    },
    2,
  ),
  judge: (answer, { interfaces }) =>
    interfaces.flatMap((one) => {
      const subject = interfaceSubject(one)
      const actual = answer.interfaces?.get(one.name)
      if (actual === undefined) return [`${subject} - Not found`]
      const { primaryIp, secondaryIpsOrderedList = [] } = actual.interfaceAddress ?? {}
      if (primaryIp === undefined) return [`${subject} - IP address is not configured`]
      return [
        ...mismatch(`${subject} - IP address mismatch`, one.primary_ip, written(primaryIp)),
        ...secondaryFaults(subject, one.secondary_ips ?? [], secondaryIpsOrderedList),
      ]
    }),
})

function secondaryFaults(subject: string, expected: readonly string[], actual: readonly Address[]) {
  if (expected.length === 0) return []
  if (actual.length === 0) return [`${subject} - Secondary IP address is not configured`]
  const listed = (addresses: readonly string[]) => [...addresses].sort().join(', ')
  return mismatch(`${subject} - Secondary IP address mismatch`, listed(expected), listed(actual.map(written)))
}

/** The interfaces answer ARP for others. */
export const VerifyIPProxyARP = defineVerify({
  summary: 'Verifies that proxy ARP is enabled on interfaces.',
  docs: 'Passes when every interface is there and has proxy ARP enabled.',
  example: { interfaces: ['Ethernet1', 'Ethernet2'] },
  input: () => ({ interfaces: someOf(interfaceName(), 'The interfaces to look at.') }),
  asks: show('show ip interface', () => partly({ interfaces: byName(told({ proxyArp: z.boolean() })) }), 2),
  judge: ({ interfaces }, input) =>
    input.interfaces.flatMap((name) => {
      const one = interfaces?.get(name)
      if (one === undefined) return [`Interface: ${name} - Not found`]
      return one.proxyArp ? [] : [`Interface: ${name} - Proxy-ARP disabled`]
    }),
})

/** The switch answers for the virtual router's MAC address. */
export const VerifyIpVirtualRouterMac = defineVerify({
  summary: 'Verifies the MAC address of the IP virtual router.',
  docs: 'Passes when that MAC address is one of the virtual router.',
  example: { mac_address: '00:1c:73:00:dc:01' },
  input: () => ({ mac_address: macAddress().describe('The MAC address of the virtual router.') }),
  asks: show('show ip virtual-router', () => ({ virtualMacs: z.array(partly({ macAddress: z.string() })) }), 2),
  judge: ({ virtualMacs }, { mac_address: expected }) =>
    virtualMacs.some(({ macAddress: actual }) => actual?.toLowerCase() === expected)
      ? []
      : [`IP virtual router MAC address: ${expected} - Not configured`],
})

// Kinds that no catalog needs to name (ANTA documentation).
const L2_IGNORED = ['Dps', 'Fabric', 'Loopback', 'Management', 'Recirc-Channel', 'Tunnel', 'Vlan', 'Vxlan']

/** The bridged interfaces have the MTU that is given. */
export const VerifyL2MTU = defineVerify({
  summary: 'Verifies the layer 2 MTU of bridged interfaces.',
  docs: 'Passes when every bridged interface that is not ignored has the MTU given for it, or else the one given for all.',
  example: {
    mtu: 9214,
    ignored_interfaces: ['Ethernet2/1', 'Port-Channel'],
    specific_mtu: [{ 'Ethernet1/1': 1500 }],
  },
  input: () => mtuInputs(9214, L2_IGNORED),
  asks: show('show interfaces', interfacesMtuAnswer),
  judge: ({ interfaces }, input) => judgeMtu(input, interfaces, 'bridged'),
})

// Kinds that no catalog needs to name (ANTA documentation).
const L3_IGNORED = ['Dps', 'Fabric', 'Loopback', 'Management', 'Recirc-Channel', 'Tunnel', 'Vxlan']

/** The routed interfaces have the MTU that is given. */
export const VerifyL3MTU = defineVerify({
  summary: 'Verifies the layer 3 MTU of routed interfaces.',
  docs: 'Passes when every routed interface that is not ignored has the MTU given for it, or else the one given for all.',
  example: {
    mtu: 1500,
    ignored_interfaces: ['Management', 'Ethernet2.100', 'Ethernet1/1'],
    specific_mtu: [{ Ethernet10: 9200 }],
  },
  input: () => mtuInputs(1500, L3_IGNORED),
  asks: show('show interfaces', interfacesMtuAnswer),
  judge: ({ interfaces }, input) => judgeMtu(input, interfaces, 'routed'),
})

/** There are as many loopbacks as there should be, all of them up. */
export const VerifyLoopbackCount = defineVerify({
  summary: 'Verifies the number of loopback interfaces, and that all are up.',
  docs: 'Passes when the switch has that many loopback interfaces and none is down.',
  example: { number: 3 },
  input: () => ({ number: count().describe('The number of loopback interfaces.') }),
  asks: SHOW_IP_INTERFACE_BRIEF,
  judge: ({ interfaces }, { number: expected }) => {
    const loopbacks = [...interfaces].filter(([name]) => name.startsWith('Loopback'))
    return [
      ...loopbacks.flatMap(([name, told]) => ipInterfaceFaults(`Interface: ${name}`, told)),
      ...(loopbacks.length === expected
        ? []
        : [`Loopback interface(s) count mismatch: Expected ${expected} Actual: ${loopbacks.length}`]),
    ]
  },
})

/** Every VLAN interface is up. */
export const VerifySVI = defineVerify({
  summary: 'Verifies that all VLAN interfaces (SVIs) are up.',
  docs: 'Passes when every VLAN interface with an IPv4 address is connected and its line protocol up.',
  asks: SHOW_IP_INTERFACE_BRIEF,
  judge: ({ interfaces }) =>
    [...interfaces].flatMap(([name, told]) => (name.startsWith('Vlan') ? ipInterfaceFaults(`SVI: ${name}`, told) : [])),
})
