import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { ipv4 } from '../../input/addresses.ts'
import { interfaceName } from '../../input/interfaces.ts'
import { integer } from '../../input/numbers.ts'
import { vrf } from '../../input/words.ts'
import {
  OSPF_NOT_CONFIGURED,
  type OspfNeighbor,
  type OspfNeighborsAnswer,
  ospfNeighborsAnswer,
  SHOW_IP_OSPF_NEIGHBOR,
} from './ospf-neighbors.ts'

/** An area as EOS shows it: its number in dotted form (RFC 2328, section C.2). */
const areaId = once(() =>
  z.union([ipv4(), integer(0, 4_294_967_295).transform(dotted)], { error: 'expected an area, such as 0 or 0.0.0.1' }),
)

const wantedNeighbor = once(() =>
  z.strictObject({
    instance: integer(1, 65_535).describe('Number of the OSPF instance.'),
    vrf: vrf().describe('VRF of the instance.'),
    ip_address: ipv4().describe('Address of the interface of the neighbor.'),
    local_interface: interfaceName().describe('Interface of the switch that the neighbor is on.'),
    state: z.enum(['full', '2Ways']).default('full').describe('State of the adjacency.'),
    area_id: areaId().describe('Area of the adjacency, as a number or an address.'),
  }),
)

type Wanted = z.output<ReturnType<typeof wantedNeighbor>>

/** The named OSPF neighbors are there, in their areas and states. */
export const verifyOspfSpecificNeighbors = defineVerify({
  name: 'VerifyOSPFSpecificNeighbors',
  summary: 'Verifies the area and the state of the named OSPF neighbors.',
  docs:
    'Passes when each neighbor is on its interface, in its area and its state. Fails for each that is not found, each of ' +
    'another area and each in another state, and where OSPF is not configured.',
  example: {
    neighbors: [
      {
        instance: 100,
        vrf: 'default',
        ip_address: '192.0.2.46',
        local_interface: 'Ethernet2',
        area_id: 0,
        state: 'full',
      },
      {
        instance: 200,
        vrf: 'DEV',
        ip_address: '198.51.100.1',
        local_interface: 'Vlan911',
        area_id: '0.0.0.1',
        state: '2Ways',
      },
    ],
  },
  input: () => z.strictObject({ neighbors: z.array(wantedNeighbor()).min(1).describe('The neighbors.') }),
  commands: () => [SHOW_IP_OSPF_NEIGHBOR],
  answers: () => [ospfNeighborsAnswer()],
  judge: ({ neighbors }, [answer]) => {
    if (answer.vrfs.size === 0) return passUnless([OSPF_NOT_CONFIGURED])
    return passUnless(
      neighbors.flatMap((wanted) => {
        const actual = neighborIn(answer, wanted)
        const faults = actual === undefined ? ['Neighbor not found'] : faultsOf(actual, wanted)
        return faults.map((fault) => `${neighborName(wanted)} - ${fault}`)
      }),
    )
  },
})

function neighborName({ instance, vrf: name, ip_address, area_id }: Wanted): string {
  return `Instance: ${instance} VRF: ${name} Neighbor IP: ${ip_address} Area: ${area_id}`
}

function neighborIn({ vrfs }: OspfNeighborsAnswer, wanted: Wanted): OspfNeighbor | undefined {
  const instances = toldOf(vrfs.get(wanted.vrf), 'instList')
  const entries = toldOf(instances?.get(String(wanted.instance)), 'ospfNeighborEntries')
  return entries?.find(
    (one) => one.interfaceAddress === wanted.ip_address && one.interfaceName === wanted.local_interface,
  )
}

/** A member that need not be told: a VRF or an instance without neighbors has none. */
function toldOf<T extends object, K extends keyof T>(holder: T | undefined, member: K): T[K] | undefined {
  return holder !== undefined && Object.prototype.propertyIsEnumerable.call(holder, member) ? holder[member] : undefined
}

function faultsOf(neighbor: OspfNeighbor, { area_id, state }: Wanted): readonly string[] {
  const area = mismatch('Area-ID mismatch', area_id, neighbor.details.areaId)
  return area.length > 0 ? area : mismatch('Adjacency state mismatch', state, neighbor.adjacencyState)
}

function dotted(area: number): string {
  return [24, 16, 8, 0].map((bits) => (area >>> bits) & 0xff).join('.')
}
