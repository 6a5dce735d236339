import { definedItems } from '../../../../model/json.ts'
import { dottedMac } from '../../converge/address.ts'
import type { InterfaceState, LineProtocol } from '../../converge/network-state.ts'
import { printedLines } from '../../platform/facts.ts'
import { elapsedWords, macOf, type ShowContext } from './define.ts'
import { errorTotals, packets, rateOf, traffic } from './interface-json.ts'

/** `lineProtocolStatus` as text prints it: `lowerLayerDown` is `lowerlayerdown`. */
export function lineProtocolText(lineProtocol: LineProtocol): string {
  return lineProtocol.toLowerCase()
}

/** One interface of `show interfaces` as text (ntc `show_interfaces` and `show_interfaces2`). */
export function interfaceText(state: InterfaceState, context: ShowContext): string {
  return printedLines(
    definedItems(
      headline(state),
      `  Hardware is ${hardware(state, context)}`,
      state.description !== '' && `  Description: ${state.description}`,
      state.channel !== undefined && `  Member of ${state.channel}`,
      ...addressLines(state),
      ...mtuLines(state),
      ...portLines(state, context),
      ...vxlanLines(state, context),
    ),
  )
}

function headline(state: InterfaceState) {
  const admin = state.status === 'disabled' ? 'administratively down' : state.lineProtocol === 'up' ? 'up' : 'down'
  return `${state.name} is ${admin}, line protocol is ${lineProtocolText(state.lineProtocol)} (${state.status})`
}

const WORDS: Readonly<Record<InterfaceState['kind'], string>> = {
  ethernet: 'Ethernet',
  management: 'Ethernet',
  portChannel: 'Port-Channel',
  loopback: 'Loopback',
  vlan: 'Vlan',
  vxlan: 'Vxlan',
  other: 'Unknown',
}

function hardware(state: InterfaceState, context: ShowContext) {
  if (state.kind === 'loopback' || state.kind === 'vxlan') return WORDS[state.kind]
  const mac = dottedMac(macOf(state, context.facts))
  const burned = state.kind === 'portChannel' ? '' : ` (bia ${mac})`
  return `${WORDS[state.kind]}, address is ${mac}${burned}`
}

function addressLines(state: InterfaceState) {
  if (state.mode !== 'routed' || state.kind === 'vxlan') return []
  const { primary, secondary, virtual, virtualSecondary } = state.addresses
  const own = primary === undefined ? [] : [`  Internet address is ${primary.address}/${primary.maskLen}`]
  const shared = virtual === undefined ? [] : [`  Internet address is virtual ${virtual.address}/${virtual.maskLen}`]
  if (own.length + shared.length === 0) return ['  No Internet protocol address assigned']
  return [
    ...own,
    ...secondary.map(({ address, maskLen }) => `  Secondary address is ${address}/${maskLen}`),
    ...shared,
    ...virtualSecondary.map(({ address, maskLen }) => `  Secondary address is virtual ${address}/${maskLen}`),
    '  Broadcast address is 255.255.255.255',
  ]
}

function mtuLines(state: InterfaceState) {
  if (state.kind === 'vxlan') return []
  const bandwidth = state.bandwidth === 0 ? '' : `, BW ${state.bandwidth / 1000} kbit`
  if (state.mode !== 'routed') return [`  Ethernet MTU ${state.mtu} bytes${bandwidth}`]
  return [`  IP MTU ${state.mtu} bytes${state.mtuConfigured ? '' : ' (default)'}${bandwidth}`]
}

function portLines(state: InterfaceState, context: ShowContext) {
  const { now, bootedAt } = context
  if (state.kind === 'vxlan') return []
  const stood = `  ${state.lineProtocol === 'up' ? 'Up' : 'Down'} ${elapsedWords(now - (state.since ?? bootedAt))}`
  if (state.kind !== 'ethernet' && state.kind !== 'management') return [...memberLines(state), stood]
  const negotiation = state.kind === 'management' ? 'on' : 'off'
  return [
    `  Full-duplex, ${speedWords(state.bandwidth)}, auto negotiation: ${negotiation}, uni-link: n/a`,
    stood,
    '  Loopback Mode : None',
    `  ${state.linkChanges} link status changes since last clear`,
    '  Last clearing of "show interface" counters never',
    ...counterLines(state, context),
  ]
}

function memberLines(state: InterfaceState) {
  if (state.kind !== 'portChannel') return []
  const members = state.members.map((member) => `  ... ${member} , Full-duplex`)
  return [
    `  Full-duplex, ${speedWords(state.bandwidth)}`,
    `  Active members in this channel: ${members.length}`,
    ...members,
  ]
}

function speedWords(bandwidth: number) {
  if (bandwidth === 0) return 'Unconfigured'
  return bandwidth >= 1e9 ? `${bandwidth / 1e9}Gb/s` : `${bandwidth / 1e6}Mb/s`
}

// As 4.29 prints it (course); the VLAN that EOS takes for the VNI of a VRF follows from nothing (docs/eos.md 7.1).
function vxlanLines(state: InterfaceState, context: ShowContext) {
  const { vxlan } = context.state
  if (state.kind !== 'vxlan' || vxlan === undefined) return []
  const bridges = vxlan.vlanToVni.size > 0
  const vlans = [...vxlan.vlanToVni].toSorted(([a], [b]) => a - b).map(([vlan, vni]) => `[${vlan}, ${vni}]`)
  const floods = [...vxlan.floodList].filter(([, vteps]) => vteps.length > 0)
  return definedItems(
    `  Source interface is ${vxlan.sourceInterface} and is active with ${vxlan.sourceAddress}`,
    `  Listening on UDP port ${vxlan.udpPort}`,
    `  Replication/Flood Mode is headend with Flood List Source: ${bridges ? 'EVPN' : 'CLI'}`,
    `  Remote MAC learning ${bridges ? 'via EVPN' : 'is disabled'}`,
    '  VNI mapping to VLANs',
    '  Static VLAN to VNI mapping is ',
    ...rowsOf(vlans, 4, 17).map((row) => `    ${row}`),
    vxlan.vrfToVni.size > 0 && "  Dynamic VLAN to VNI mapping for 'evpn' is",
    '  Note: All Dynamic VLANs used by VCS are internal VLANs.',
    "        Use 'show vxlan vni' for details.",
    `  Static VRF to VNI mapping is ${vxlan.vrfToVni.size > 0 ? '' : 'not configured'}`,
    ...[...vxlan.vrfToVni].map(([vrf, vni]) => `   [${vrf}, ${vni}]`),
    floods.length > 0 && '  Headend replication flood vtep list is:',
    ...floods.flatMap(([vlan, vteps]) =>
      rowsOf(vteps, 5, 15).map((row, at) => `${at === 0 ? String(vlan).padStart(6) : '      '} ${row}`),
    ),
    '  Shared Router MAC is 0000.0000.0000',
  )
}

function rowsOf(cells: readonly string[], most: number, width: number) {
  const count = Math.ceil(cells.length / most)
  return Array.from({ length: count }, (_, at) =>
    cells
      .slice(at * most, (at + 1) * most)
      .map((cell) => cell.padEnd(width))
      .join(' '),
  )
}

function counterLines(state: InterfaceState, context: ShowContext) {
  const { now, bootedAt } = context
  const { detail, inErrors, outErrors, inDiscards, outDiscards } = errorTotals(state.errors)
  const carried = traffic(state, now, bootedAt)
  const { runtFrames, giantFrames, fcsErrors, alignmentErrors, symbolErrors } = detail
  return [
    rateLine('input', rateOf(context, state.name, 'in'), state.bandwidth),
    rateLine('output', rateOf(context, state.name, 'out'), state.bandwidth),
    `     ${packets(carried)} packets input, ${carried.octets} bytes`,
    `     Received ${carried.broadcast} broadcasts, ${carried.multicast} multicast`,
    `     ${runtFrames} runts, ${giantFrames} giants`,
    `     ${inErrors} input errors, ${fcsErrors} CRC, ${alignmentErrors} alignment, ${symbolErrors} symbol, ${inDiscards} input discards`,
    '     0 PAUSE input',
    `     ${packets(carried)} packets output, ${carried.octets} bytes`,
    `     Sent ${carried.broadcast} broadcasts, ${carried.multicast} multicast`,
    `     ${outErrors} output errors, 0 collisions`,
    `     0 late collision, 0 deferred, ${outDiscards} output discards`,
    '     0 PAUSE output',
  ]
}

// `5 minutes input rate 1.95 Gbps (19.7% with framing overhead), 243750 packets/sec`; 20 bytes of each frame are gap and preamble.
function rateLine(way: string, { bits, packets: frames }: ReturnType<typeof rateOf>, bandwidth: number) {
  const share = bandwidth === 0 ? 0 : ((bits + frames * 160) / bandwidth) * 100
  return `  5 minutes ${way} rate ${bitsWord(bits)} (${share.toFixed(1)}% with framing overhead), ${Math.round(frames)} packets/sec`
}

function bitsWord(bits: number) {
  const [size, unit] = (
    [
      [1e9, 'Gbps'],
      [1e6, 'Mbps'],
      [1e3, 'kbps'],
    ] as const
  ).find(([least]) => bits >= least) ?? [1, 'bps']
  return `${size === 1 ? Math.round(bits) : Number((bits / size).toPrecision(3))} ${unit}`
}
