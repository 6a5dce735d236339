import { describe, expect, test } from 'vitest'
import type { ShowContext } from '../../../src/eos/sim/show/format/define.ts'
import { SHOW_COMMANDS } from '../../../src/eos/sim/show/registry.ts'
import { isJsonObject, type Json } from '../../../src/model/json.ts'
import { table } from '../../table.ts'
import { readFabric, settle } from './converge-fabric.ts'
import { contextOf, plainName, widest } from './recorded.ts'

const fabric = readFabric()
const network = settle(fabric)
const leaf1 = contextOf(fabric, network, 'leaf1')
const spine1 = contextOf(fabric, network, 'spine1')
const old: ShowContext = { ...leaf1, facts: { ...leaf1.facts, eos: '4.23.5M', model: 'vEOS' } }
const container: ShowContext = { ...leaf1, facts: { ...leaf1.facts, eos: '4.30.0F', model: 'cEOSLab' } }
const CONTEXTS = new Map(
  Object.entries({ leaf1, old, container, spine1: { ...spine1, state: withoutDescriptions(spine1) } }),
)

function show(context: ShowContext, name: string) {
  const command = SHOW_COMMANDS.find(({ words }) => plainName(words) === name)
  if (command?.json === undefined) throw new Error(`no JSON of ${name}`)
  return command.json(context, widest(command.words))
}

function at(json: Json, ...path: readonly string[]) {
  let here: Json | undefined = json
  for (const key of path) {
    if (Array.isArray(here)) here = here[Number(key)]
    else here = isJsonObject(here) ? here[key] : undefined
  }
  if (!isJsonObject(here)) throw new Error(`nothing at ${path.join('.')}`)
  return here
}

/** Key sets of recorded answers (docs/eos.md 6.2), written out by hand. */
describe('keys are those of the samples', () => {
  test.each(table`
    show version                       old        -                                              architecture bootupTimestamp configMacAddress hardwareRevision hwMacAddress internalBuildId internalVersion isIntlVersion memFree memTotal mfgName modelName serialNumber systemMacAddress uptime version
    show version                       container  -                                              architecture bootupTimestamp cEosToolsVersion configMacAddress hardwareRevision hwMacAddress imageFormatVersion imageOptimization internalBuildId internalVersion isIntlVersion kernelVersion memFree memTotal mfgName modelName serialNumber systemMacAddress uptime version
    show hostname                      leaf1      -                                              fqdn hostname
    show clock                         leaf1      -                                              clockSource localTime timezone utcTime
    show clock                         leaf1      localTime                                      dayOfMonth dayOfWeek dayOfYear daylightSavingsAdjust hour min month sec year
    show uptime                        leaf1      -                                              currentTime loadAvg upTime users
    show interfaces                    old        interfaces Management1                         autoNegotiate burnedInAddress duplex interfaceCounters interfaceStatistics l3MtuConfigured lanes lastStatusChangeTimestamp loopbackMode physicalAddress bandwidth description forwardingModel hardware interfaceAddress interfaceStatus lineProtocolStatus mtu name
    show interfaces                    old        interfaces Vlan110                             burnedInAddress l3MtuConfigured lastStatusChangeTimestamp physicalAddress bandwidth description forwardingModel hardware interfaceAddress interfaceStatus lineProtocolStatus mtu name
    show interfaces                    old        interfaces Vlan110 interfaceAddress 0          broadcastAddress dhcp primaryIp secondaryIps secondaryIpsOrderedList virtualIp virtualSecondaryIps virtualSecondaryIpsOrderedList
    show interfaces                    leaf1      interfaces Loopback0                           l2Mru l3MtuConfigured lastStatusChangeTimestamp bandwidth description forwardingModel hardware interfaceAddress interfaceStatus lineProtocolStatus mtu name
    show interfaces                    leaf1      interfaces Ethernet49/1 interfaceCounters      counterRefreshTime inBroadcastPkts inDiscards inMulticastPkts inOctets inTotalPkts inUcastPkts inputErrorsDetail linkStatusChanges outBroadcastPkts outDiscards outMulticastPkts outOctets outUcastPkts outputErrorsDetail totalInErrors totalOutErrors
    show interfaces vxlan              old        interfaces Vxlan1                              arpLocalAddress arpReplyRelayMode controllerClientMode controllerControlPlane dataPathLearningMode decapFilterIntf decapFilterMode floodMcastGrp l3MtuConfigured mcastGrpDecap mcastRouting mlagSharedRouterMacAddr portDot1qVniMapping replicationMode srcIpAddr srcIpIntf staticFloodlists use32BitVni vccImportVlan vlanToLearnRestrict vlanToVniMap vlanToVtepList vniInDottedNotation vrfToVniMap vtepSetForSourcePruning vtepSourcePruningAll vtepToVtepBridging bandwidth description forwardingModel hardware interfaceAddress interfaceStatus lineProtocolStatus mtu name
    show interfaces status             leaf1      interfaceStatuses Ethernet9                    autoNegotiateActive autoNegotigateActive bandwidth description duplex interfaceType linkStatus vlanInformation
    show interfaces status             leaf1      interfaceStatuses Ethernet9 vlanInformation    interfaceForwardingModel interfaceMode vlanId
    show interfaces description        leaf1      interfaceDescriptions Ethernet9                description interfaceStatus lineProtocolStatus
    show ip interface brief            leaf1      interfaces Loopback0                           interfaceAddress interfaceStatus ipv4Routable240 lineProtocolStatus mtu name
    show vlan                          leaf1      -                                              sourceDetail vlans
    show vlan                          leaf1      vlans 110                                      dynamic interfaces name status
    show lldp neighbors                leaf1      -                                              lldpNeighbors tablesAgeOuts tablesDeletes tablesDrops tablesInserts tablesLastChangeTime
    show lldp neighbors                leaf1      lldpNeighbors 0                                neighborDevice neighborPort port ttl
    show lldp neighbors detail         leaf1      lldpNeighbors Ethernet49/1 lldpNeighborInfo 0  chassisId chassisIdType lastChangeTime lastContactTime managementAddresses neighborDiscoveryTime neighborInterfaceInfo systemCapabilities systemDescription systemName ttl
    show ip bgp summary                leaf1      vrfs default                                   asn peers routerId vrf
    show ip bgp summary                spine1     vrfs default peers 10.0.1.1                    asn inMsgQueue msgReceived msgSent outMsgQueue peerState prefixAccepted prefixReceived underMaintenance upDownTime version
    show bgp summary                   leaf1      vrfs default peers 10.0.250.1                  l2VpnEvpn peerAsn peerState
    show bgp summary                   leaf1      vrfs PROD peers 10.0.252.1 ipv4Unicast         afiSafiState nlrisAccepted nlrisReceived
    show mlag detail                   leaf1      -                                              configSanity detail domainId dualPrimaryDetectionState dualPrimaryPortsErrdisabled localInterface localIntfStatus mlagPorts negStatus peerAddress peerLink peerLinkStatus portsErrdisabled reloadDelay reloadDelayNonMlag state systemId
    show mlag detail                   leaf1      detail                                         effectiveHeartbeatInterval enabled failover failoverCauseList failoverInitiated fastMacRedirectionEnabled heartbeatInterval heartbeatTimeout heartbeatTimeoutsSinceReboot lacpStandby lastStateChangeTime mlagHwReady mlagState mountChanges peerMacAddress peerMacRoutingSupported peerMlagState peerMonotonicClockOffset peerPortsErrdisabled peerPrimaryPriority primaryPriority secondaryFromFailover stateChanges udpHeartbeatAlive udpHeartbeatsReceived udpHeartbeatsSent
    show mlag                          leaf1      mlagPorts                                      Active-full Active-partial Configured Disabled Inactive
    show mlag interfaces               leaf1      interfaces 3                                   localInterface localInterfaceStatus peerInterface peerInterfaceStatus status
    show mlag config-sanity            leaf1      -                                              globalConfiguration interfaceConfiguration mlagActive mlagConnected
    show port-channel                  leaf1      portChannels Port-Channel1                     activePorts currWeight inactiveLag inactivePorts maxWeight minLinks minSpeed recircFeature rxPorts
    show vrf                           old        vrfs PROD                                      interfaces protocols routeDistinguisher vrfState
    show vrf                           leaf1      vrfs PROD                                      interfaces interfacesV4 interfacesV6 protocols routeDistinguisher vrfState
    show vxlan vtep                    leaf1      -                                              interfaces vteps
    show vxlan vni                     leaf1      vxlanIntfs Vxlan1                              vniBindings vniBindingsToVrf
    show vxlan vni                     leaf1      vxlanIntfs Vxlan1 vniBindings 10110            dynamicVlan interfaces source vlan
    show ip route                      leaf1      vrfs default                                   allRoutesProgrammedHardware allRoutesProgrammedKernel defaultRouteState routes routingDisabled
    show ip route                      leaf1      vrfs default routes 10.0.250.13/32             directlyConnected hardwareProgrammed kernelProgrammed metric preference routeAction routeLeaked routeType vias
    show ip route                      leaf1      vrfs default routes 10.0.250.11/32             directlyConnected hardwareProgrammed kernelProgrammed routeAction routeLeaked routeType vias
    show ip route summary              leaf1      -                                              protoModelStatus vrfs
    show ip route summary              leaf1      protoModelStatus                               configuredProtoModel operatingProtoModel
    show management api http-commands  leaf1      -                                              enabled httpServer httpsServer localHttpServer tlsProtocol unixSocketServer
    show ntp associations              leaf1      peers 198.51.100.11                            condition peerIpAddr stratumLevel
  `)('%s %#', (name = '', of = '', path = '', keys = '') => {
    const context = CONTEXTS.get(of) ?? leaf1
    const steps = path === '-' ? [] : path.split(' ')
    expect(Object.keys(at(show(context, name), ...steps)).sort()).toEqual(keys.split(' ').sort())
  })
})

/** The recorded peers have no description. */
function withoutDescriptions(context: ShowContext) {
  const bgp = [...context.state.bgp].map(([name, vrf]) => {
    const peers = [...vrf.peers].map(([address, peer]) => [address, { ...peer, description: '' }] as const)
    return [name, { ...vrf, peers: new Map(peers) }] as const
  })
  return { ...context.state, bgp: new Map(bgp) }
}
