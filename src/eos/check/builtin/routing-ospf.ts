import { z } from 'zod'
import { type Answer, byName, mismatch, type OutputOf, partly, printedDecimals, show, told } from '../answer/show.ts'
import { defineVerify, type Judgement } from '../define/define-check.ts'
import { integer, interfaceName, ipv4, someOf, vrf } from '../input/words.ts'

const neighbor = () =>
  told({
    routerId: z.string(),
    interfaceName: z.string(),
    interfaceAddress: z.string(),
    adjacencyState: z.string(),
    details: told({ areaId: z.string() }),
  })

// What `show ip ospf neighbor` tells, by VRF and instance.
const SHOW_IP_OSPF_NEIGHBOR = show('show ip ospf neighbor', () => ({
  vrfs: byName(told({ instList: byName(told({ ospfNeighborEntries: z.array(neighbor()) })) })).prefault({}),
}))

type OspfNeighborsAnswer = Answer<typeof SHOW_IP_OSPF_NEIGHBOR>

type OspfNeighbor = OutputOf<typeof neighbor>

interface FoundNeighbor {
  readonly vrf: string
  readonly instance: string
  readonly neighbor: OspfNeighbor
}

function ospfNeighborsIn({ vrfs }: OspfNeighborsAnswer): readonly FoundNeighbor[] {
  return [...vrfs].flatMap(([vrf, { instList }]) =>
    [...instList].flatMap(([instance, { ospfNeighborEntries }]) =>
      ospfNeighborEntries.map((neighbor) => ({ vrf, instance, neighbor })),
    ),
  )
}

const OSPF_NOT_CONFIGURED = 'OSPF not configured'

function skippedWithoutNeighbors(answer: OspfNeighborsAnswer): Judgement | undefined {
  if (answer.vrfs.size === 0) return { status: 'skip', reason: OSPF_NOT_CONFIGURED }
  if (ospfNeighborsIn(answer).length === 0) return { status: 'skip', reason: 'No OSPF neighbor detected' }
  return undefined
}

const ospfInstance = () =>
  told({
    maxLsaInformation: told({ maxLsa: z.number(), maxLsaThreshold: z.number() }),
    lsaInformation: partly({ numLsa: z.number() }).optional(),
  })

/** No OSPF instance has as many link-state advertisements as it warns of. */
export const VerifyOSPFMaxLSA = defineVerify({
  summary: 'Verifies that no OSPF instance has crossed its threshold of link-state advertisements.',
  docs:
    'Passes when each instance holds no more advertisements than its threshold, which is a percentage of its maximum. Fails ' +
    'for each that holds more. Passes an instance whose maximum is 0, which is none. Skipped where ' +
    'there is no instance.',
  asks: show('show ip ospf', () => ({ vrfs: byName(partly({ instList: byName(ospfInstance()) })).prefault({}) })),
  judge: ({ vrfs }) => {
    if (vrfs.size === 0) return { status: 'skip', reason: OSPF_NOT_CONFIGURED }
    const instances = [...vrfs.values()].flatMap(({ instList = [] }) => [...instList])
    if (instances.length === 0) return { status: 'error', reason: 'the answer has no OSPF instance' }
    return instances.flatMap(([id, instance]) => lsaFaults(`Instance: ${id}`, instance))
  },
})

function lsaFaults(name: string, instance: OutputOf<typeof ospfInstance>) {
  const { maxLsa, maxLsaThreshold } = instance.maxLsaInformation
  const numLsa = instance.lsaInformation?.numLsa
  if (numLsa === undefined) return [`${name} - Current number of LSAs not found`]
  const threshold = Number(printedDecimals(maxLsa * (maxLsaThreshold / 100), 0))
  if (numLsa <= threshold) return []
  return [`${name} - Crossed the maximum LSA threshold - Expected: < ${threshold} Actual: ${numLsa}`]
}

/** So many OSPF neighbors are full. */
export const VerifyOSPFNeighborCount = defineVerify({
  summary: 'Verifies how many OSPF neighbors are in the state full.',
  docs:
    'Passes when as many neighbors as given are full, over all VRFs and instances. Fails with another number. Skipped where ' +
    'there is no neighbor.',
  example: { number: 3 },
  input: () => ({ number: integer().describe('How many neighbors must be full.') }),
  asks: SHOW_IP_OSPF_NEIGHBOR,
  judge: (answer, { number }) => {
    const full = ospfNeighborsIn(answer)
      .filter(({ neighbor }) => neighbor.adjacencyState === 'full')
      .map(({ neighbor }) => neighbor.routerId)
    return skippedWithoutNeighbors(answer) ?? mismatch('Neighbor count mismatch', number, full.length)
  },
})

/** All OSPF neighbors are full. */
export const VerifyOSPFNeighborState = defineVerify({
  summary: 'Verifies that all OSPF neighbors are in the state full.',
  docs:
    'Passes when every neighbor of every VRF and instance is full. Fails for each that is not; so are two routers of a ' +
    'broadcast network that are neither designated nor its backup (RFC 2328, section 10.4), which ' +
    'VerifyOSPFSpecificNeighbors can expect. Skipped where there is no neighbor.',
  asks: SHOW_IP_OSPF_NEIGHBOR,
  judge: (answer) =>
    skippedWithoutNeighbors(answer) ??
    ospfNeighborsIn(answer)
      .filter(({ neighbor }) => neighbor.adjacencyState !== 'full')
      .map(
        ({ instance, vrf, neighbor }) =>
          `Instance: ${instance} VRF: ${vrf} Neighbor ID: ${neighbor.routerId} - Incorrect adjacency state - ` +
          `Expected: Full Actual: ${neighbor.adjacencyState}`,
      ),
})

// An area as EOS shows it: its number in dotted form (RFC 2328, section C.2).
const areaId = () =>
  z.union([ipv4(), integer(0, 4_294_967_295).transform(dotted)], { error: 'expected an area, such as 0 or 0.0.0.1' })

const wantedNeighbor = () =>
  z.strictObject({
    instance: integer(1, 65_535).describe('Number of the OSPF instance.'),
    vrf: vrf().describe('VRF of the instance.'),
    ip_address: ipv4().describe('Address of the interface of the neighbor.'),
    local_interface: interfaceName().describe('Interface of the switch that the neighbor is on.'),
    state: z.enum(['full', '2Ways']).default('full').describe('State of the adjacency.'),
    area_id: areaId().describe('Area of the adjacency, as a number or an address.'),
  })

type Wanted = OutputOf<typeof wantedNeighbor>

/** The named OSPF neighbors are there, in their areas and states. */
export const VerifyOSPFSpecificNeighbors = defineVerify({
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
  input: () => ({ neighbors: someOf(wantedNeighbor(), 'The neighbors.') }),
  asks: SHOW_IP_OSPF_NEIGHBOR,
  judge: (answer, { neighbors }) => {
    if (answer.vrfs.size === 0) return [OSPF_NOT_CONFIGURED]
    return neighbors.flatMap((wanted) => {
      const actual = neighborIn(answer, wanted)
      const faults = actual === undefined ? ['Neighbor not found'] : faultsOf(actual, wanted)
      return faults.map((fault) => `${neighborName(wanted)} - ${fault}`)
    })
  },
})

function neighborName({ instance, vrf: name, ip_address, area_id }: Wanted) {
  return `Instance: ${instance} VRF: ${name} Neighbor IP: ${ip_address} Area: ${area_id}`
}

function neighborIn({ vrfs }: OspfNeighborsAnswer, wanted: Wanted) {
  const instances = toldOf(vrfs.get(wanted.vrf), 'instList')
  const entries = toldOf(instances?.get(String(wanted.instance)), 'ospfNeighborEntries')
  return entries?.find(
    (one) => one.interfaceAddress === wanted.ip_address && one.interfaceName === wanted.local_interface,
  )
}

function toldOf<T extends object, K extends keyof T>(holder: T | undefined, member: K) {
  return holder !== undefined && Object.prototype.propertyIsEnumerable.call(holder, member) ? holder[member] : undefined
}

function faultsOf(neighbor: OspfNeighbor, { area_id, state }: Wanted) {
  const area = mismatch('Area-ID mismatch', area_id, neighbor.details.areaId)
  return area.length > 0 ? area : mismatch('Adjacency state mismatch', state, neighbor.adjacencyState)
}

function dotted(area: number) {
  return [24, 16, 8, 0].map((bits) => (area >>> bits) & 0xff).join('.')
}
