import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { interfaceName } from '../../input/interfaces.ts'
import { word } from '../../input/words.ts'

const wantedNeighbor = () =>
  z.strictObject({
    port: interfaceName().describe('Port of the switch.'),
    neighbor_device: word().describe('Name of the device at its other end.'),
    neighbor_port: word().describe('Port of that device.'),
  })

const heardNeighbor = () =>
  z.object({
    systemName: z.string().optional(),
    neighborInterfaceInfo: z.object({ interfaceId_v2: z.string().optional() }).optional(),
  })

type WantedNeighbor = z.output<ReturnType<typeof wantedNeighbor>>
type HeardNeighbor = z.output<ReturnType<typeof heardNeighbor>>

/** Cables end where they should. */
export const verifyLldpNeighbors = defineVerify({
  name: 'VerifyLLDPNeighbors',
  summary: 'Verifies the LLDP neighbors of ports.',
  docs: 'Passes when each port hears its neighbor with the port; further neighbors of a port do not matter. Without `require_fqdn` a neighbor may add its domain to the name.',
  example: {
    require_fqdn: false,
    neighbors: [{ port: 'Ethernet1', neighbor_device: 'spine1', neighbor_port: 'Ethernet1' }],
  },
  input: () =>
    z.strictObject({
      neighbors: z.array(wantedNeighbor()).min(1).describe('Which neighbor each port should hear.'),
      require_fqdn: z.boolean().default(true).describe('Whether a neighbor must give exactly that name.'),
    }),
  commands: () => [{ cmd: 'show lldp neighbors detail', revision: 1 }],
  answers: () => [
    z.object({ lldpNeighbors: byName(z.object({ lldpNeighborInfo: z.array(heardNeighbor()).optional() })) }),
  ],
  judge: ({ neighbors, require_fqdn }, [{ lldpNeighbors }]) =>
    passUnless(
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
    ),
})

function isWanted(
  neighbor: HeardNeighbor,
  { neighbor_device, neighbor_port }: WantedNeighbor,
  requireFqdn: boolean,
): boolean {
  const systemName = needed(neighbor, 'systemName')
  const isDevice = systemName === neighbor_device || (!requireFqdn && systemName.startsWith(`${neighbor_device}.`))
  return isDevice && portOf(neighbor) === neighbor_port
}

function nameOf(neighbor: HeardNeighbor): string {
  return `${needed(neighbor, 'systemName')}/${portOf(neighbor)}`
}

function portOf(neighbor: HeardNeighbor): string {
  return needed(needed(neighbor, 'neighborInterfaceInfo'), 'interfaceId_v2')
}
