import { z } from 'zod'
import { modelIn, SHOW_INTERFACES } from '../../eos/check/area/define-area.ts'
import type { Reply } from '../../eos/device/device.ts'
import { once } from '../../model/once.ts'

export const MAC_TABLE = { cmd: 'show mac address-table', revision: 1 }
/** The question for the IPv4 neighbours of all VRFs. */
export const SHOW_ARP = { cmd: 'show arp vrf all', revision: 1 }
const MLAG = { cmd: 'show mlag', revision: 2 }
const MLAG_INTERFACES = { cmd: 'show mlag interfaces', revision: 1 }

type Reading<T> = { readonly ok: true; readonly state: T } | { readonly ok: false; readonly error: string }

const statistics = once(() =>
  z.object({
    updateInterval: z.number().optional(),
    inBitsRate: z.number().optional(),
    outBitsRate: z.number().optional(),
  }),
)

// `show interfaces` (recorded from 4.15 to 4.36).
const interfaces = once(() =>
  z.object({
    interfaces: z.record(
      z.string(),
      z.object({
        description: z.string().optional(),
        lineProtocolStatus: z.string().optional(),
        lastStatusChangeTimestamp: z.number().optional(),
        interfaceMembership: z.string().optional(),
        interfaceStatistics: statistics().optional(),
      }),
    ),
  }),
)

export type ShownInterface = z.output<ReturnType<typeof interfaces>>['interfaces'][string]

export function interfacesIn([reply]: readonly Reply[]): Reading<Readonly<Record<string, ShownInterface>>> {
  const answer = modelIn(reply, SHOW_INTERFACES, interfaces)
  return answer.ok ? { ok: true, state: answer.state.interfaces } : answer
}

const macs = once(() =>
  z.object({
    unicastTable: z.object({
      tableEntries: z.array(z.object({ vlanId: z.int(), macAddress: z.string(), interface: z.string() })),
    }),
  }),
)

export interface LearnedHost {
  readonly vlan: number
  readonly mac: string
  readonly port: string
}

export function hostsIn([reply]: readonly Reply[]): Reading<readonly LearnedHost[]> {
  const answer = modelIn(reply, MAC_TABLE, macs)
  if (!answer.ok) return answer
  const entries = answer.state.unicastTable.tableEntries
  return { ok: true, state: entries.map((one) => ({ vlan: one.vlanId, mac: one.macAddress, port: one.interface })) }
}

const table = () => z.object({ ipV4Neighbors: z.array(z.object({ address: z.string(), interface: z.string() })) })
const arp = once(() => z.union([z.object({ vrfs: z.record(z.string(), table()) }), table()]))

export interface ResolvedHost {
  readonly vrf: string
  readonly address: string
  readonly places: readonly string[]
}

/** The IPv4 neighbours of a switch. */
export function arpIn([reply]: readonly Reply[]): Reading<readonly ResolvedHost[]> {
  const answer = modelIn(reply, SHOW_ARP, arp)
  if (!answer.ok) return answer
  const tables = 'vrfs' in answer.state ? answer.state.vrfs : { default: answer.state }
  const state = Object.entries(tables).flatMap(([vrf, { ipV4Neighbors }]) =>
    ipV4Neighbors.map(({ address, interface: name }) => ({ vrf, address, places: name.split(', ') })),
  )
  return { ok: true, state }
}

const mlag = once(() => z.object({ state: z.string(), peerLink: z.string().optional() }))
const mlagInterfaces = once(() =>
  z.object({
    interfaces: z.record(z.string(), z.object({ localInterface: z.string(), peerInterface: z.string().optional() })),
  }),
)

export interface MlagPorts {
  readonly peerLink?: string
  readonly byPort: Readonly<Record<string, { readonly id: string; readonly port?: string }>>
}

export function mlagPortsIn([pair, ports]: readonly Reply[]): Reading<MlagPorts> {
  const answer = modelIn(pair, MLAG, mlag)
  if (!answer.ok) return answer
  if (answer.state.state === 'disabled') return { ok: true, state: { byPort: {} } }
  const shown = modelIn(ports, MLAG_INTERFACES, mlagInterfaces)
  if (!shown.ok) return shown
  const { peerLink } = answer.state
  const byPort = Object.entries(shown.state.interfaces).map(
    ([id, { localInterface, peerInterface: port }]) =>
      [localInterface, { id, ...(port === undefined || port === '' ? {} : { port }) }] as const,
  )
  return {
    ok: true,
    state: {
      ...(peerLink === undefined || peerLink === '' ? {} : { peerLink }),
      byPort: Object.fromEntries(byPort),
    },
  }
}
