import { showBgpSummary } from './builtin/show-bgp-summary.ts'
import { showClock } from './builtin/show-clock.ts'
import { showHostname } from './builtin/show-hostname.ts'
import { showInterfaces, showInterfacesVxlan } from './builtin/show-interfaces.ts'
import { showInterfacesDescription } from './builtin/show-interfaces-description.ts'
import { showInterfacesStatus } from './builtin/show-interfaces-status.ts'
import { showIpBgpNeighbors } from './builtin/show-ip-bgp-neighbors.ts'
import { showBgpEvpnSummary, showIpBgpSummary } from './builtin/show-ip-bgp-summary.ts'
import { showIpInterfaceBrief } from './builtin/show-ip-interface-brief.ts'
import { showIpRoute } from './builtin/show-ip-route.ts'
import { showIpRouteSummary } from './builtin/show-ip-route-summary.ts'
import { showLldpNeighbors, showLldpNeighborsDetail } from './builtin/show-lldp-neighbors.ts'
import { showManagementApiHttpCommands } from './builtin/show-management-api.ts'
import { showMlag, showMlagDetail } from './builtin/show-mlag.ts'
import { showMlagConfigSanity } from './builtin/show-mlag-config-sanity.ts'
import { showMlagInterfaces } from './builtin/show-mlag-interfaces.ts'
import { showNtpAssociations, showNtpStatus } from './builtin/show-ntp.ts'
import { showPortChannel, showPortChannelSummary } from './builtin/show-port-channel.ts'
import { showUptime } from './builtin/show-uptime.ts'
import { showUsersAccounts } from './builtin/show-users.ts'
import { showVersion } from './builtin/show-version.ts'
import { showVlan, showVlanConfiguredPorts } from './builtin/show-vlan.ts'
import { showVrf } from './builtin/show-vrf.ts'
import { showVxlanVni, showVxlanVtep } from './builtin/show-vxlan.ts'
import type { ShowCommand } from './define.ts'

/** Every show command that is a projection of the operational state. A new one is a file in `builtin/` and a line here. */
export const SHOW_COMMANDS: readonly ShowCommand[] = [
  showBgpEvpnSummary,
  showBgpSummary,
  showClock,
  showHostname,
  showInterfaces,
  showInterfacesDescription,
  showInterfacesStatus,
  showInterfacesVxlan,
  showIpBgpNeighbors,
  showIpBgpSummary,
  showIpInterfaceBrief,
  showIpRoute,
  showIpRouteSummary,
  showLldpNeighbors,
  showLldpNeighborsDetail,
  showManagementApiHttpCommands,
  showMlag,
  showMlagConfigSanity,
  showMlagDetail,
  showMlagInterfaces,
  showNtpAssociations,
  showNtpStatus,
  showPortChannel,
  showPortChannelSummary,
  showUptime,
  showUsersAccounts,
  showVersion,
  showVlan,
  showVlanConfiguredPorts,
  showVrf,
  showVxlanVni,
  showVxlanVtep,
]
