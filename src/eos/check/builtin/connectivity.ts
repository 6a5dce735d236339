import { z } from 'zod'
import { messagesAnswer } from '../answer/management.ts'
import { byName, needed, type OutputOf, partly, remarked, show } from '../answer/show.ts'
import { defineVerify } from '../define/define-check.ts'
import { flag, integer, interfaceName, ipAddress, maybeText, someOf, vrf, word } from '../input/words.ts'

const wantedNeighbor = () =>
  z.strictObject({
    port: interfaceName().describe('Port of the switch.'),
    neighbor_device: word().describe('Name of the device at its other end.'),
    neighbor_port: word().describe('Port of that device.'),
  })

const heardNeighbor = () =>
  partly({
    systemName: z.string(),
    neighborInterfaceInfo: z.object({ interfaceId_v2: z.string().optional() }),
  })

type WantedNeighbor = OutputOf<typeof wantedNeighbor>
type HeardNeighbor = OutputOf<typeof heardNeighbor>

/** Cables end where they should. */
export const VerifyLLDPNeighbors = defineVerify({
  summary: 'Verifies the LLDP neighbors of ports.',
  docs: 'Passes when each port hears its neighbor with the port; further neighbors of a port do not matter. Without `require_fqdn` a neighbor may add its domain to the name.',
  example: {
    require_fqdn: false,
    neighbors: [{ port: 'Ethernet1', neighbor_device: 'spine1', neighbor_port: 'Ethernet1' }],
  },
  input: () => ({
    neighbors: someOf(wantedNeighbor(), 'Which neighbor each port should hear.'),
    require_fqdn: flag('Whether a neighbor must give exactly that name.', true),
  }),
  asks: show('show lldp neighbors detail', () => ({
    lldpNeighbors: byName(partly({ lldpNeighborInfo: z.array(heardNeighbor()) })),
  })),
  judge: ({ lldpNeighbors }, { neighbors, require_fqdn }) =>
    neighbors.flatMap((wanted) => {
      const { port, neighbor_device, neighbor_port } = wanted
      const subject = `Port: ${port} Neighbor: ${neighbor_device} Neighbor Port: ${neighbor_port}`
      const entry = lldpNeighbors.get(port)
      if (entry === undefined) return [`${subject} - Port not found`]
      const heard = needed(entry, 'lldpNeighborInfo')
      if (heard.length === 0) return [`${subject} - No LLDP neighbors`]
      if (heard.some((neighbor) => isWanted(neighbor, wanted, require_fqdn))) return []
      return [`${subject} - Wrong LLDP neighbors: ${heard.map(nameOf).join(', ')}`]
    }),
})

function isWanted(neighbor: HeardNeighbor, { neighbor_device, neighbor_port }: WantedNeighbor, requireFqdn: boolean) {
  const systemName = needed(neighbor, 'systemName')
  const isDevice = systemName === neighbor_device || (!requireFqdn && systemName.startsWith(`${neighbor_device}.`))
  return isDevice && portOf(neighbor) === neighbor_port
}

function nameOf(neighbor: HeardNeighbor) {
  return `${needed(neighbor, 'systemName')}/${portOf(neighbor)}`
}

function portOf(neighbor: HeardNeighbor) {
  return needed(needed(neighbor, 'neighborInterfaceInfo'), 'interfaceId_v2')
}

const host = () =>
  z.strictObject({
    destination: ipAddress().describe('Address to ping.'),
    source: z
      .union([ipAddress(), interfaceName()], { error: 'expected an IP address or an interface' })
      .nullish()
      .describe('Address or interface to ping from.'),
    description: maybeText('What the destination is.'),
    vrf: vrf().describe('The VRF to ping in.'),
    repeat: integer(1).default(2).describe('How many packets to send; all must come back.'),
    size: integer(1).default(100).describe('Size of the packets in bytes.'),
    df_bit: flag('Whether packets may not be fragmented.'),
    reachable: flag('Whether the destination should answer.', true),
  })

type Host = OutputOf<typeof host>

/** Destinations answer a ping, or do not where they should not. */
export const VerifyReachability = defineVerify({
  summary: 'Verifies that the switch reaches hosts.',
  docs: 'Passes when every host answers each packet, and a host that should not be reachable answers none.',
  example: {
    hosts: [
      { source: 'Management0', destination: '192.0.2.1', vrf: 'MGMT', df_bit: true, size: 100 },
      { destination: '2001:db8::1', reachable: false },
    ],
  },
  input: () => ({ hosts: someOf(host(), 'Hosts to ping.') }),
  asks: ({ hosts }) => hosts.map((one) => show(pingOf(one), messagesAnswer)),
  judge: (answers, { hosts }) =>
    hosts.flatMap((one, index) => {
      const fault = faultOf(one, answers[index]?.messages[0] ?? '')
      return fault === undefined ? [] : [`${subjectOf(one)} - ${fault}`]
    }),
})

function pingOf({ destination, source, vrf, repeat, size, df_bit }: Host) {
  const from = typeof source === 'string' ? ` source ${source}` : ''
  return `ping vrf ${vrf} ${destination}${from} size ${size}${df_bit ? ' df-bit' : ''} repeat ${repeat}`
}

function subjectOf({ destination, description, source, vrf }: Host) {
  const from = typeof source === 'string' ? ` from ${source}` : ''
  return `Destination ${remarked(destination, description)}${from} in VRF ${vrf}`
}

function faultOf({ repeat, reachable }: Host, printed: string) {
  if (printed.includes('Network is unreachable')) return reachable ? 'Unreachable' : undefined
  const [, received] = /(\d{1,20})\s+received/.exec(printed) ?? []
  if (received === undefined) return `Error when executing ping: '${printed.trimEnd()}'`
  const answered = Number(received)
  if (!reachable) return answered === 0 ? undefined : 'Destination is expected to be unreachable but found reachable'
  return answered === repeat ? undefined : `Packet loss detected - Transmitted: ${repeat} Received: ${answered}`
}
