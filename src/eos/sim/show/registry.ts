import { showAaaAccounting, showAaaAuthentication, showAaaAuthorization, showTacacs } from './builtin/show-aaa.ts'
import {
  showHttpCommandsIpAccessLists,
  showHttpCommandsIpv6AccessLists,
  showSnmpIpAccessLists,
  showSnmpIpv6AccessLists,
  showSshIpAccessLists,
  showSshIpv6AccessLists,
} from './builtin/show-access-list-summary.ts'
import { showAgentCrashes, showAgentUptime } from './builtin/show-agents.ts'
import { showArp, showIpArp, showMacAddressTable } from './builtin/show-arp.ts'
import { showBannerLogin, showBannerMotd } from './builtin/show-banner.ts'
import { showBfdPeers, showBfdPeersDetail } from './builtin/show-bfd.ts'
import { showBgpEvpn } from './builtin/show-bgp-evpn.ts'
import { showBgpInstance } from './builtin/show-bgp-instance.ts'
import { showBgpNeighbors, showBgpNeighborsAdvertised, showBgpNeighborsRoutes } from './builtin/show-bgp-neighbors.ts'
import { showBgpSummary } from './builtin/show-bgp-summary.ts'
import { showBootConfig, showBootExtensions, showCoredump, showExtensions, showZerotouch } from './builtin/show-boot.ts'
import { showClock } from './builtin/show-clock.ts'
import {
  showCooling,
  showEnvironmentCooling,
  showEnvironmentPower,
  showEnvironmentTemperature,
  showPower,
  showTemperature,
} from './builtin/show-environment.ts'
import { showErrdisableRecovery } from './builtin/show-errdisable-recovery.ts'
import { showHardwareCapacity, showHardwareCapacityAlert } from './builtin/show-hardware-capacity.ts'
import { showHostname } from './builtin/show-hostname.ts'
import { showInterfaces, showInterfacesVxlan } from './builtin/show-interfaces.ts'
import {
  showInterfacesCounters,
  showInterfacesCountersDiscards,
  showInterfacesCountersErrors,
  showInterfacesCountersRates,
} from './builtin/show-interfaces-counters.ts'
import { showInterfacesDescription } from './builtin/show-interfaces-description.ts'
import { showInterfacesErrdisabled } from './builtin/show-interfaces-errdisabled.ts'
import { showInterfacesStatus } from './builtin/show-interfaces-status.ts'
import { showInventory } from './builtin/show-inventory.ts'
import { showIp } from './builtin/show-ip.ts'
import { showIpAccessLists } from './builtin/show-ip-access-lists.ts'
import { showIpBgp } from './builtin/show-ip-bgp.ts'
import { showIpBgpNeighbors } from './builtin/show-ip-bgp-neighbors.ts'
import { showBgpEvpnSummary, showIpBgpSummary } from './builtin/show-ip-bgp-summary.ts'
import { showIpIgmpSnooping } from './builtin/show-ip-igmp-snooping.ts'
import { showIpInterface } from './builtin/show-ip-interface.ts'
import { showIpInterfaceBrief } from './builtin/show-ip-interface-brief.ts'
import { showIpOspf, showIpOspfInterfaceBrief, showIpOspfNeighbor } from './builtin/show-ip-ospf.ts'
import { showIpRoute } from './builtin/show-ip-route.ts'
import { showIpRouteSummary } from './builtin/show-ip-route-summary.ts'
import { showIpVirtualRouter } from './builtin/show-ip-virtual-router.ts'
import { showIpv6BgpPeers, showIpv6BgpSummary } from './builtin/show-ipv6-bgp.ts'
import { showIpv6Interface } from './builtin/show-ipv6-interface.ts'
import { showIpv6Route } from './builtin/show-ipv6-route.ts'
import {
  showIsisGracefulRestart,
  showIsisInterface,
  showIsisSegmentRouting,
  showIsisSegmentRoutingTunnel,
} from './builtin/show-isis.ts'
import { showIsisNeighbors } from './builtin/show-isis-neighbors.ts'
import { showLacpCounters, showLacpInterface } from './builtin/show-lacp.ts'
import { showLldpNeighbors, showLldpNeighborsDetail } from './builtin/show-lldp-neighbors.ts'
import { showMaintenance } from './builtin/show-maintenance.ts'
import { showManagementApiHttpCommands } from './builtin/show-management-api.ts'
import { showManagementSecurity, showSslCertificates } from './builtin/show-management-security.ts'
import { showManagementSsh, showManagementTelnet } from './builtin/show-management-ssh.ts'
import { showMlag, showMlagDetail } from './builtin/show-mlag.ts'
import { showMlagConfigSanity } from './builtin/show-mlag-config-sanity.ts'
import { showMlagInterfaces } from './builtin/show-mlag-interfaces.ts'
import { showIpNameServer } from './builtin/show-name-servers.ts'
import { showNtpAssociations, showNtpStatus } from './builtin/show-ntp.ts'
import { showPortChannel, showPortChannelSummary } from './builtin/show-port-channel.ts'
import { showProcessesTop } from './builtin/show-processes.ts'
import { showQueueMonitorStatus } from './builtin/show-queue-monitor.ts'
import { showReloadCause } from './builtin/show-reload-cause.ts'
import {
  showSnmp,
  showSnmpChassis,
  showSnmpContact,
  showSnmpGroup,
  showSnmpHosts,
  showSnmpLocation,
  showSnmpMibChassis,
  showSnmpMibContact,
  showSnmpMibLocation,
  showSnmpUser,
} from './builtin/show-snmp.ts'
import {
  showSpanningTree,
  showSpanningTreeBlocked,
  showSpanningTreeMst,
  showSpanningTreeRoot,
  showSpanningTreeVlan,
} from './builtin/show-spanning-tree.ts'
import {
  showSpanningTreeCounters,
  showSpanningTreeTopology,
  showSpanningTreeTopologyDetail,
} from './builtin/show-spanning-tree-topology.ts'
import { showStormControl } from './builtin/show-storm-control.ts'
import { showTransceiverDom, showTransceiverHardware, showTransceivers } from './builtin/show-transceivers.ts'
import { showUptime } from './builtin/show-uptime.ts'
import { showUserAccount, showUsersAccounts } from './builtin/show-users.ts'
import { showVersion } from './builtin/show-version.ts'
import { showVlan, showVlanConfiguredPorts } from './builtin/show-vlan.ts'
import { showVlanDynamic, showVlanPolicy } from './builtin/show-vlan-policy.ts'
import { showVrf } from './builtin/show-vrf.ts'
import { showVxlanVni, showVxlanVtep } from './builtin/show-vxlan.ts'
import { showVxlanConfigSanity } from './builtin/show-vxlan-config-sanity.ts'
import type { ShowCommand } from './format/define.ts'

/** Every show command that is a projection of the operational state. A new one is a file in `builtin/` and a line here. */
export const SHOW_COMMANDS: readonly ShowCommand[] = [
  showAaaAccounting,
  showAaaAuthentication,
  showAaaAuthorization,
  showAgentCrashes,
  showAgentUptime,
  showArp,
  showBannerLogin,
  showBannerMotd,
  showBfdPeers,
  showBfdPeersDetail,
  showBgpEvpn,
  showBgpEvpnSummary,
  showBgpInstance,
  showBgpNeighbors,
  showBgpNeighborsAdvertised,
  showBgpNeighborsRoutes,
  showBgpSummary,
  showBootConfig,
  showBootExtensions,
  showClock,
  showCooling,
  showCoredump,
  showEnvironmentCooling,
  showEnvironmentPower,
  showEnvironmentTemperature,
  showErrdisableRecovery,
  showExtensions,
  showHardwareCapacity,
  showHardwareCapacityAlert,
  showHostname,
  showHttpCommandsIpAccessLists,
  showHttpCommandsIpv6AccessLists,
  showInterfaces,
  showInterfacesCounters,
  showInterfacesCountersDiscards,
  showInterfacesCountersErrors,
  showInterfacesCountersRates,
  showInterfacesDescription,
  showInterfacesErrdisabled,
  showInterfacesStatus,
  showInterfacesVxlan,
  showInventory,
  showIp,
  showIpAccessLists,
  showIpArp,
  showIpBgp,
  showIpBgpNeighbors,
  showIpBgpSummary,
  showIpIgmpSnooping,
  showIpInterface,
  showIpInterfaceBrief,
  showIpNameServer,
  showIpOspf,
  showIpOspfInterfaceBrief,
  showIpOspfNeighbor,
  showIpRoute,
  showIpRouteSummary,
  showIpv6BgpPeers,
  showIpv6BgpSummary,
  showIpv6Interface,
  showIpv6Route,
  showIpVirtualRouter,
  showIsisGracefulRestart,
  showIsisInterface,
  showIsisNeighbors,
  showIsisSegmentRouting,
  showIsisSegmentRoutingTunnel,
  showLacpCounters,
  showLacpInterface,
  showLldpNeighbors,
  showLldpNeighborsDetail,
  showMacAddressTable,
  showMaintenance,
  showManagementApiHttpCommands,
  showManagementSecurity,
  showManagementSsh,
  showManagementTelnet,
  showMlag,
  showMlagConfigSanity,
  showMlagDetail,
  showMlagInterfaces,
  showNtpAssociations,
  showNtpStatus,
  showPortChannel,
  showPortChannelSummary,
  showPower,
  showProcessesTop,
  showQueueMonitorStatus,
  showReloadCause,
  showSnmp,
  showSnmpChassis,
  showSnmpContact,
  showSnmpGroup,
  showSnmpHosts,
  showSnmpIpAccessLists,
  showSnmpIpv6AccessLists,
  showSnmpLocation,
  showSnmpMibChassis,
  showSnmpMibContact,
  showSnmpMibLocation,
  showSnmpUser,
  showSpanningTree,
  showSpanningTreeBlocked,
  showSpanningTreeCounters,
  showSpanningTreeMst,
  showSpanningTreeRoot,
  showSpanningTreeTopology,
  showSpanningTreeTopologyDetail,
  showSpanningTreeVlan,
  showSshIpAccessLists,
  showSshIpv6AccessLists,
  showSslCertificates,
  showStormControl,
  showTacacs,
  showTemperature,
  showTransceiverDom,
  showTransceiverHardware,
  showTransceivers,
  showUptime,
  showUserAccount,
  showUsersAccounts,
  showVersion,
  showVlan,
  showVlanConfiguredPorts,
  showVlanDynamic,
  showVlanPolicy,
  showVrf,
  showVxlanConfigSanity,
  showVxlanVni,
  showVxlanVtep,
  showZerotouch,
]
