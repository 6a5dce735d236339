import { z } from 'zod'
import { natural } from '../../../model/natural-order.ts'
import { once } from '../../../model/once.ts'
import { became, compareRecords, gainedAndLost } from '../finding/compare.ts'
import { defineArea, inOrder, modelIn } from './define-area.ts'
import { SHOW_INTERFACES } from './show-interfaces.ts'

const VIRTUAL_ROUTERS = { cmd: 'show ip virtual-router vrf all', revision: 2 }

const address = () => z.object({ address: z.string() })

// `show interfaces`: what `ip address virtual` gives an interface (recorded on 4.23).
const interfaceModel = once(() =>
  z.object({
    interfaces: z.record(
      z.string(),
      z.object({
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
    ),
  }),
)

// `show ip virtual-router`: the shared MAC address, one or a list by version, and `ip virtual-router address` (docs/eos.md 6.2).
const routerModel = once(() =>
  z.object({
    virtualMac: z.string().optional(),
    virtualMacs: z.array(z.object({ macAddress: z.string() })).default([]),
    virtualRouters: z.array(
      z.object({ interface: z.string(), virtualIps: z.array(z.object({ ip: z.string() })).default([]) }),
    ),
  }),
)

const state = once(() =>
  z.strictObject({
    macs: z.array(z.string()),
    interfaces: z.record(z.string(), z.strictObject({ state: z.string(), addresses: z.array(z.string()) })),
  }),
)

type GatewayInterfaces = z.output<ReturnType<typeof state>>['interfaces']

const NO_MAC = '00:00:00:00:00:00'
const NO_ADDRESS = '0.0.0.0'

const MAC = { subject: 'mac', label: 'gateway MAC address' }

/** VRRP is none of them (docs/unproven.md). */
export const gatewaysArea = defineArea({
  name: 'gateways',
  docs: 'The shared gateways of hosts: the virtual MAC address, and of every interface whether it is up and which `ip address virtual` and `ip virtual-router address` it has.',
  commands: [SHOW_INTERFACES, VIRTUAL_ROUTERS],
  state,
  tell: ([reply, routerReply]) => {
    const answer = modelIn(reply, SHOW_INTERFACES, interfaceModel)
    if (!answer.ok) return answer
    const routers = modelIn(routerReply, VIRTUAL_ROUTERS, routerModel)
    if (!routers.ok) return routers
    const { virtualMac = NO_MAC, virtualMacs, virtualRouters } = routers.state
    const macs = new Set([virtualMac, ...virtualMacs.map(({ macAddress }) => macAddress)])
    const found = Object.entries(answer.state.interfaces).flatMap(
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
    return { ok: true, state: { macs: [...macs].sort(), interfaces: inOrder(found) } }
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
