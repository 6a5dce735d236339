import { z } from 'zod'
import { natural } from '../../../model/natural-order.ts'
import { type OutputOf, recordOf, show } from '../answer/show.ts'
import { became, compareRecords, gainedAndLost } from '../finding/compare.ts'
import { answerOf, defineArea, inOrder } from './define-area.ts'

const address = () => z.object({ address: z.string() })

// `show interfaces`: what `ip address virtual` gives an interface (recorded on 4.23).
const INTERFACES = show('show interfaces', () => ({
  interfaces: recordOf({
    lineProtocolStatus: z.string().optional(),
    interfaceAddress: z
      .array(
        z.object({
          virtualIp: address().optional(),
          virtualSecondaryIpsOrderedList: z.array(address()).default([]),
        }),
      )
      .default([]),
  }),
}))

// `show ip virtual-router`: the shared MAC address, one or a list by version, and `ip virtual-router address` (docs/eos.md 6.2).
const VIRTUAL_ROUTERS = show(
  'show ip virtual-router vrf all',
  () => ({
    virtualMac: z.string().optional(),
    virtualMacs: z.array(z.object({ macAddress: z.string() })).default([]),
    virtualRouters: z.array(
      z.object({ interface: z.string(), virtualIps: z.array(z.object({ ip: z.string() })).default([]) }),
    ),
  }),
  2,
)

const state = () =>
  z.strictObject({
    macs: z.array(z.string()),
    interfaces: recordOf(z.strictObject({ state: z.string(), addresses: z.array(z.string()) })),
  })

type GatewayInterfaces = OutputOf<typeof state>['interfaces']

const NO_MAC = '00:00:00:00:00:00'
const NO_ADDRESS = '0.0.0.0'

const MAC = { subject: 'mac', label: 'gateway MAC address' }

/** VRRP is none of them (docs/unproven.md). */
export const gatewaysArea = defineArea({
  name: 'gateways',
  docs: 'The shared gateways of hosts: the virtual MAC address, and of every interface whether it is up and which `ip address virtual` and `ip virtual-router address` it has.',
  asks: [INTERFACES, VIRTUAL_ROUTERS],
  state,
  tell: ([reply, routerReply]) => {
    const answer = answerOf(reply, INTERFACES)
    const routers = answerOf(routerReply, VIRTUAL_ROUTERS)
    const { virtualMac = NO_MAC, virtualMacs, virtualRouters } = routers
    const macs = new Set([virtualMac, ...virtualMacs.map(({ macAddress }) => macAddress)])
    const found = Object.entries(answer.interfaces).flatMap(
      ([name, { lineProtocolStatus = '', interfaceAddress }]): [string, GatewayInterfaces[string]][] => {
        const own = interfaceAddress.flatMap((one) => [
          one.virtualIp?.address ?? NO_ADDRESS,
          ...one.virtualSecondaryIpsOrderedList.map((secondary) => secondary.address),
        ])
        const shared = virtualRouters.filter((router) => router.interface === name)
        const all = new Set([...own, ...shared.flatMap(({ virtualIps }) => virtualIps.map(({ ip }) => ip))])
        all.delete(NO_ADDRESS)
        return all.size === 0 ? [] : [[name, { state: lineProtocolStatus, addresses: [...all].sort(natural) }]]
      },
    )
    macs.delete(NO_MAC)
    return { macs: [...macs].sort(), interfaces: inOrder(found) }
  },
  describe: (before, after) => [
    ...gainedAndLost(MAC, 'mac', [before.macs, after.macs]),
    ...compareRecords(before.interfaces, after.interfaces, {
      thing: (name) => ({ subject: name, label: `gateway ${name}` }),
      added: ({ state: now, addresses }) => ` added: ${addresses.join(' ')}, ${now}`,
      removed: ({ addresses }) => ` removed: was ${addresses.join(' ')}`,
      changed: (port, was, is) => [
        ...became(port, 'state', [was.state, is.state]),
        ...gainedAndLost(port, 'addresses', [was.addresses, is.addresses]),
      ],
    }),
  ],
})
