import type { JsonObject } from '../../../../model/json.ts'
import type { OspfNeighbor, OspfState } from '../../converge/routing-state.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../format/define.ts'
import { refuseUnknownVrf } from '../format/selection.ts'
import { columns, seconds } from '../format/text-format.ts'

/** Seconds until a silent neighbour is given up. */
const DEAD_SECONDS = 40

/** `show ip ospf neighbor`: JSON and text of lab-validation (4.23). */
export const showIpOspfNeighbor = defineShow({
  words: 'show ip ospf neighbor [vrf <vrf>]',
  docs: 'OSPF neighbours by VRF and instance; lab-validation and suzieq (4.23).',
  refuse: refuseUnknownVrf,
  json: (context, args) => ({
    vrfs: byVrf(processes(context, args), ({ neighbors }) => ({
      ospfNeighborEntries: neighbors.map((neighbor) => neighborJson(neighbor, context)),
    })),
  }),
  text: (context, args) => {
    const rows = processes(context, args).flatMap(({ neighbors }) =>
      neighbors.map((one) => {
        const state = one.role === undefined ? 'FULL' : `FULL/${one.role === 'backupDR' ? 'BDR' : 'DR'}`
        const cells = [one.routerId, one.instance, one.vrf, String(one.priority), state, '00:00:35']
        return columns([...cells, one.address, one.interface], WIDTHS)
      }),
    )
    if (rows.length === 0) return ''
    const head = columns(
      ['Neighbor ID', 'Instance', 'VRF', 'Pri', 'State', 'Dead Time', 'Address', 'Interface'],
      WIDTHS,
    )
    return [head, ...rows].map((line) => `${line}\n`).join('')
  },
})

/** `show ip ospf`: the processes; the keys that ANTA reads. */
export const showIpOspf = defineShow({
  words: 'show ip ospf [vrf <vrf>]',
  docs: 'OSPF processes by VRF and instance; the keys that ANTA reads.',
  refuse: refuseUnknownVrf,
  json: (context, args) => ({ vrfs: byVrf(processes(context, args), processJson) }),
})

/** `show ip ospf interface brief` as text (ntc). */
export const showIpOspfInterfaceBrief = defineShow({
  words: 'show ip ospf interface brief [vrf <vrf>]',
  docs: 'Interfaces with their area and cost; ntc show_ip_ospf_interface_brief (text).',
  refuse: refuseUnknownVrf,
  text: (context, args) => {
    const rows = processes(context, args).flatMap(({ instance, vrf, interfaces, neighbors }) =>
      interfaces.map(({ name, area, cost, passive, pointToPoint }) => {
        const address = context.state.interfaces.get(name)?.addresses.primary
        const near = neighbors.filter((one) => one.interface === name).length
        const state = passive || pointToPoint ? 'P2P' : 'DR'
        const cells = [name.replace(/^([A-Z][a-z]).*?(?=\d)/, '$1'), instance, vrf, area]
        return columns([...cells, `${address?.address}/${address?.maskLen}`, String(cost), state, String(near)], BRIEF)
      }),
    )
    const head = columns(['Interface', 'Instance', 'VRF', 'Area', 'IP Address', 'Cost', 'State', 'Nbrs'], BRIEF)
    return [head, ...rows].map((line) => `   ${line}\n`).join('')
  },
})

const WIDTHS = [15, 8, 8, 3, 22, 11, 15] as const
const BRIEF = [12, 8, 10, 15, 18, 10, 10] as const

function processes({ state }: ShowContext, { vrf }: ShowArguments): readonly OspfState[] {
  return state.ospf.filter((one) => vrf === undefined || vrf === 'all' || one.vrf === vrf)
}

function byVrf(all: readonly OspfState[], json: (one: OspfState) => JsonObject): JsonObject {
  const vrfs: Record<string, { instList: Record<string, JsonObject> }> = {}
  for (const one of all) {
    const known = vrfs[one.vrf] ?? { instList: {} }
    known.instList[one.instance] = json(one)
    vrfs[one.vrf] = known
  }
  return vrfs
}

function processJson({ instance, routerId, maxLsa, areas, vrf, neighbors }: OspfState): JsonObject {
  return {
    instanceId: Number(instance),
    vrf,
    routerId,
    maxLsaInformation: { maxLsa, maxLsaThreshold: 75 },
    lsaInformation: {
      lsaArrivalInterval: 1000,
      lsaStartInterval: 1000,
      lsaHoldInterval: 5000,
      lsaMaxWaitInterval: 5000,
      numLsa: 1 + neighbors.length,
    },
    numAreas: areas.length,
    areaList: Object.fromEntries(areas.map((area) => [area, { areaId: area }])),
  }
}

function neighborJson(neighbor: OspfNeighbor, { now, bootedAt }: ShowContext): JsonObject {
  return {
    routerId: neighbor.routerId,
    priority: neighbor.priority,
    interfaceName: neighbor.interface,
    interfaceAddress: neighbor.address,
    adjacencyState: 'full',
    drState: neighbor.role ?? null,
    inactivity: seconds(now) + DEAD_SECONDS,
    options: OPTIONS,
    details: {
      areaId: neighbor.area,
      designatedRouter: neighbor.designated,
      backupDesignatedRouter: '0.0.0.0',
      bfdRequestSent: neighbor.bfd !== undefined,
      bfdState: neighbor.bfd ?? 'adminDown',
      grHelperTimer: null,
      grLastRestartTime: null,
      grNumAttempts: 0,
      inactivityDefers: 0,
      numberOfStateChanges: 7,
      retransmissionCount: 0,
      stateTime: seconds(bootedAt),
    },
  }
}

/** Equal in both recordings. */
const OPTIONS = {
  demandCircuitsSupport: false,
  doNotUseInRouteCalc: false,
  externalRoutingCapability: true,
  linkLocalSignaling: false,
  multicastCapability: false,
  multitopologyCapability: false,
  nssaCapability: false,
  opaqueLsaSupport: false,
} as const
