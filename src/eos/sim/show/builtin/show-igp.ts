import type { JsonObject } from '../../../../model/json.ts'
import type {
  BgpPeer,
  InterfaceState,
  IsisInterfaceState,
  IsisNeighbor,
  IsisState,
  OspfNeighbor,
  OspfState,
  SwitchState,
} from '../../converge/network-state.ts'
import { eosAtLeast, printedLines } from '../../platform/facts.ts'
import { sessionSince } from '../format/bgp-table.ts'
import {
  columns,
  macOf,
  objectOf,
  refuseUnknownVrf,
  type ShowArguments,
  type ShowCommand,
  type ShowContext,
  seconds,
} from '../format/define.ts'

/** The commands of this subject. */
export const IGP_COMMANDS: readonly ShowCommand[] = [
  // OSPF neighbours by VRF and instance; lab-validation and suzieq (4.23).
  {
    words: 'show ip ospf neighbor [vrf <vrf>]',
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
      return printedLines([head, ...rows])
    },
  },
  // OSPF processes by VRF and instance; the keys that ANTA reads.
  {
    words: 'show ip ospf [vrf <vrf>]',
    refuse: refuseUnknownVrf,
    json: (context, args) => ({ vrfs: byVrf(processes(context, args), processJson) }),
  },
  // Interfaces with their area and cost; ntc show_ip_ospf_interface_brief (text).
  {
    words: 'show ip ospf interface brief [vrf <vrf>]',
    refuse: refuseUnknownVrf,
    text: (context, args) => {
      const rows = processes(context, args).flatMap(({ instance, vrf, interfaces, neighbors }) =>
        interfaces.map(({ name, area, cost, passive, pointToPoint }) => {
          const address = context.state.interfaces.get(name)?.addresses.primary
          const near = neighbors.filter((one) => one.interface === name).length
          const state = passive || pointToPoint ? 'P2P' : 'DR'
          const cells = [name.replace(/^([A-Z][a-z]).*?(?=\d)/, '$1'), instance, vrf, area]
          return columns(
            [...cells, `${address?.address}/${address?.maskLen}`, String(cost), state, String(near)],
            BRIEF,
          )
        }),
      )
      const head = columns(['Interface', 'Instance', 'VRF', 'Area', 'IP Address', 'Cost', 'State', 'Nbrs'], BRIEF)
      return [head, ...rows].map((line) => `   ${line}\n`).join('')
    },
  },
  // Graceful restart of IS-IS, where none runs; ANTA recordings of a switch without IS-IS.
  {
    words: 'show isis graceful-restart [vrf <vrf>]',
    refuse: refuseIsis,
    json: () => ({ vrfs: {} }),
  },
  // Interfaces of IS-IS by VRF and instance, with their levels; ANTA recordings.
  {
    words: 'show isis interface brief [vrf <vrf>]',
    refuse: refuseUnknownVrf,
    json: (context, args) => ({
      vrfs: isisByVrf(context, args, (instance) => ({ interfaces: interfacesJson(instance, context) })),
    }),
  },
  // Segment routing of IS-IS, where none runs; ANTA recordings of a switch without IS-IS.
  {
    words: 'show isis segment-routing [adjacency-segments] [vrf <vrf>]',
    refuse: refuseIsis,
    json: () => ({ vrfs: {} }),
  },
  // Tunnels of segment routing, where no IS-IS runs; ANTA recordings of a switch without IS-IS.
  {
    words: 'show isis segment-routing tunnel',
    refuse: refuseIsis,
    json: () => ({ entries: {} }),
  },
  // IS-IS neighbours by VRF, instance and system; ANTA recordings, lab-validation (none, also as text), vEOS 4.24.0F (text). An empty map where
  // no IS-IS runs.
  {
    words: 'show isis neighbors [vrf <vrf>]',
    refuse: refuseUnknownVrf,
    unconverted: ({ facts }) => !eosAtLeast(facts.eos, '4.21'),
    json: (context, args) => ({
      vrfs: isisByVrf(context, args, ({ neighbors }) => ({ neighbors: bySystem(neighbors, context) })),
    }),
    text: (context, args) => neighborsText(context, args),
  },
  // BFD sessions by VRF and peer; the keys that ANTA reads, avd-lab (text of 4.26 and 4.27). One session for each BGP neighbor with `bfd`; it is
  // up while BGP is.
  {
    words: 'show bfd peers [vrf <vrf>]',
    json: (context, args) => ({ vrfs: perVrf(context, args, (peer, at) => sessionJson(peer, at)) }),
    text: (context, args) =>
      vrfs(context.state, args)
        .map(([vrf, peers]) => {
          const title = `VRF name: ${vrf}`
          return printedLines([
            title,
            '-'.repeat(title.length),
            ...sessionTable(peers, context),
            '',
            ...stateTable(peers, context),
          ])
        })
        .join('\n'),
  },
  // BFD sessions with their timers and who asked for them; the keys that ANTA reads.
  {
    words: 'show bfd peers [vrf <vrf>] detail',
    json: (context, args) => ({
      vrfs: perVrf(context, args, (peer, at) => ({ ...sessionJson(peer, at), peerStatsDetail: detailJson(context) })),
    }),
  },
]

const DEAD_SECONDS = 40

const WIDTHS = [15, 8, 8, 3, 22, 11, 15] as const
const BRIEF = [12, 8, 10, 15, 18, 10, 10] as const

function processes({ state }: ShowContext, { vrf }: ShowArguments) {
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
    areaList: objectOf(areas, (area) => [area, { areaId: area }]),
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

function interfacesJson(instance: IsisState, context: ShowContext): JsonObject {
  const names = [...new Set(instance.interfaces.map(({ name }) => name))]
  return Object.fromEntries(
    names.flatMap((name, at) => {
      const state = context.state.interfaces.get(name)
      return state === undefined ? [] : [[name, interfaceJson(state, at, instance, context)] as const]
    }),
  )
}

function interfaceJson(
  state: InterfaceState,
  at: number,
  { interfaces, neighbors }: IsisState,
  { facts }: ShowContext,
): JsonObject {
  const loopback = state.kind === 'loopback'
  const levels = interfaces.filter(({ name }) => name === state.name)
  const pointToPoint = levels.some((one) => one.pointToPoint)
  const snpa = loopback ? '0:0:0:0:0:0' : pointToPoint ? 'P2P' : macOf(state, facts)
  return {
    enabled: true,
    index: at + 1,
    snpa,
    mtu: state.mtu - LINK_HEADER,
    interfaceAddressFamily: 'ipv4',
    interfaceType: loopback ? 'loopback' : pointToPoint ? 'point-to-point' : 'broadcast',
    intfLevels: Object.fromEntries(
      levels.map((one) => {
        const near = neighbors.filter((other) => other.interface === state.name && other.level === one.level)
        return [one.level.slice(-1), levelJson(one, near.length, at)] as const
      }),
    ),
    ...(loopback ? {} : { interfaceSpeed: state.bandwidth / 1_000_000 }),
    areaProxyBoundary: false,
  }
}

// What IS-IS takes of an MTU: 65,535 of a loopback is 65,532 in the recording.
const LINK_HEADER = 3

function levelJson({ metric, passive }: IsisInterfaceState, near: number, at: number): JsonObject {
  return {
    ipv4Metric: metric,
    ...(passive ? {} : { numAdjacencies: near, linkId: circuitId(at) }),
    sharedSecretProfile: '',
    isisAdjacencies: [],
    passive,
    v4Protection: 'disabled',
    v6Protection: 'disabled',
  }
}

// This part of IS-IS is not simulated: where IS-IS is configured, an empty answer would be another than that of EOS.
function refuseIsis({ running }: ShowContext): string | undefined {
  const isConfigured = running.children.some(({ line }) => line.startsWith('router isis '))
  return isConfigured ? 'The simulator does not run this part of IS-IS' : undefined
}

const HEAD =
  'Instance  VRF      System Id        Type Interface          SNPA              State Hold time   Circuit Id          '

function neighborsText({ state }: ShowContext, { vrf = 'default' }: ShowArguments) {
  const rows = state.isis
    .filter((one) => vrf === 'all' || one.vrf === vrf)
    .flatMap(({ instance, vrf: of, neighbors, interfaces }) =>
      neighbors.map((one, at) => {
        const mine = interfaces.find(({ name }) => name === one.interface)
        const cells: readonly (readonly [string, number])[] = [
          [instance.slice(0, 9), 9],
          [of, 8],
          [one.hostname, 16],
          [one.level === 'level-1' ? 'L1' : 'L2', 4],
          [one.interface, 18],
          [mine?.pointToPoint === true ? 'P2P' : one.systemId, 17],
          ['UP', 5],
          ['27', 11],
          [circuitId(at), 20],
        ]
        return cells.map(([text, width]) => text.padEnd(width)).join(' ')
      }),
    )
  return rows.length === 0 ? '' : printedLines([HEAD, ...rows])
}

function isisByVrf(
  { state }: ShowContext,
  { vrf = 'default' }: ShowArguments,
  shown: (instance: IsisState) => JsonObject,
): JsonObject {
  const processes = state.isis.filter((one) => vrf === 'all' || one.vrf === vrf)
  return objectOf(processes, (one) => [one.vrf, { isisInstances: { [one.instance]: shown(one) } }])
}

function bySystem(neighbors: readonly IsisNeighbor[], { now }: ShowContext): JsonObject {
  const systems = [...new Set(neighbors.map(({ systemId }) => systemId))]
  const adjacency = (one: IsisNeighbor, at: number): JsonObject => ({
    hostname: one.hostname,
    circuitId: circuitId(at),
    interfaceName: one.interface,
    state: 'up',
    lastHelloTime: Math.floor(seconds(now)),
    routerIdV4: one.routerId,
  })
  return objectOf(systems, (systemId) => [
    systemId,
    { adjacencies: neighbors.flatMap((one, at) => (one.systemId === systemId ? [adjacency(one, at)] : [])) },
  ])
}

// The number of a circuit in hexadecimal: nobody knows which; recorded are some above 80.
const circuitId = (at: number) => (0x80 + at).toString(16).toUpperCase()

const SESSION = ['DstAddr', 'MyDisc', 'YourDisc', 'Interface/Transport', 'Type', 'LastUp'] as const

function sessionTable(peers: readonly BgpPeer[], context: ShowContext) {
  const rows = peers.map((peer) => {
    const { up, since } = liveness(peer, context)
    const [mine, theirs] = [discriminator(peer.address), up ? discriminator(peer.source) : 0].map(String)
    const hops = isMultihop(peer)
    return [
      peer.address,
      mine ?? '',
      theirs ?? '',
      hops ? 'NA' : interfaceKey(peer),
      hops ? 'multihop' : 'normal',
      up ? since : 'NA',
    ]
  })
  return ruled(SESSION, rows, [0, 10, 10, 19, 8, 14])
}

function stateTable(peers: readonly BgpPeer[], context: ShowContext) {
  const rows = peers.map((peer) => {
    const { up, since } = liveness(peer, context)
    return [up ? 'NA' : since, 'No Diagnostic', up ? 'Up' : 'Down']
  })
  return ruled(['LastDown', 'LastDiag', 'State'], rows, [14, 19, 5])
}

function ruled(head: readonly string[], rows: readonly (readonly string[])[], least: readonly number[]) {
  const widths = head.map((word, at) =>
    Math.max(least[at] ?? 0, word.length, ...rows.map((row) => row[at]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) =>
        at === 0 && head[0] === SESSION[0] ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
      )
      .join(' ')
      .trimEnd()
  return [line(head), widths.map((width) => '-'.repeat(width)).join(' '), ...rows.map(line)]
}

// Whether a session is up, and since when it is what it is: `01/05/22 17:02`.
function liveness(peer: BgpPeer, context: ShowContext) {
  const [date = '', time = ''] = new Date(sessionSince(peer, context)).toISOString().split('T')
  const [year = '', month, day] = date.split('-')
  return { up: peer.state === 'Established', since: `${month}/${day}/${year.slice(2)} ${time.slice(0, 5)}` }
}

function isMultihop({ ttl, internal, interface: name = '' }: BgpPeer) {
  return (ttl > 1 && !internal) || name.startsWith('Loopback')
}

function vrfs({ bgp }: SwitchState, { vrf }: ShowArguments) {
  return [...bgp]
    .filter(([name]) => vrf === undefined || vrf === 'all' || vrf === name)
    .map(([name, { peers }]) => [name, [...peers.values()].filter(({ bfd }) => bfd)] as const)
    .filter(([, peers]) => peers.length > 0)
}

function perVrf(
  context: ShowContext,
  args: ShowArguments,
  json: (peer: BgpPeer, context: ShowContext) => JsonObject,
): JsonObject {
  return objectOf(vrfs(context.state, args), ([vrf, peers]) => [
    vrf,
    {
      ipv4Neighbors: objectOf(peers, (peer) => [
        peer.address,
        { peerStats: { [interfaceKey(peer)]: json(peer, context) } },
      ]),
      ipv6Neighbors: {},
      ipv4ReflectorNeighbors: {},
      ipv6ReflectorNeighbors: {},
    },
  ])
}

function interfaceKey(peer: BgpPeer) {
  return isMultihop(peer) ? '' : (peer.interface ?? '')
}

function sessionJson(peer: BgpPeer, context: ShowContext): JsonObject {
  const up = peer.state === 'Established'
  const since = seconds(sessionSince(peer, context))
  return {
    status: up ? 'up' : 'down',
    sessType: isMultihop(peer) ? 'sessionTypeMultihop' : 'sessionTypeNormal',
    localDisc: discriminator(peer.address),
    remoteDisc: up ? discriminator(peer.source) : 0,
    lastUp: up ? since : 0,
    lastDown: up ? 0 : since,
    lastDiag: 'diagNone',
    l3intf: interfaceKey(peer),
    authType: 'None',
    kernelIfIndex: 0,
  }
}

function discriminator(address: string) {
  return address.split('.').reduce((sum, octet) => (sum * 31 + Number(octet)) >>> 0, 7)
}

function detailJson({ running }: ShowContext): JsonObject {
  const line = running.children.find((node) => /^(router )?bfd (multihop )?interval \d+/.test(node.line))?.line ?? ''
  const [, interval = '300', receive = interval, multiplier = '3'] =
    /interval (\d+) min[-_]rx (\d+) multiplier (\d+)/.exec(line) ?? []
  return {
    apps: ['bgp'],
    operTxInterval: Number(interval) * 1000,
    operRxInterval: Number(receive) * 1000,
    detectMult: Number(multiplier),
    detectTime: Number(receive) * Number(multiplier) * 1000,
    echoOn: false,
    role: 'active',
  }
}
