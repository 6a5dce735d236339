import type { Check } from '../../define.ts'
import { verifyIllegalLacp } from './verify-illegal-lacp.ts'
import { verifyInterfaceDiscards } from './verify-interface-discards.ts'
import { verifyInterfaceErrDisabled } from './verify-interface-err-disabled.ts'
import { verifyInterfaceErrors } from './verify-interface-errors.ts'
import { verifyInterfaceIpv4 } from './verify-interface-ipv4.ts'
import { verifyInterfaceUtilization } from './verify-interface-utilization.ts'
import { verifyInterfacesBer } from './verify-interfaces-ber.ts'
import { verifyInterfacesCounterDetails } from './verify-interfaces-counter-details.ts'
import { verifyInterfacesEcnCounters } from './verify-interfaces-ecn-counters.ts'
import { verifyInterfacesEgressQueueDrops } from './verify-interfaces-egress-queue-drops.ts'
import { verifyInterfacesOpticsReceivePower } from './verify-interfaces-optics-receive-power.ts'
import { verifyInterfacesOpticsTemperature } from './verify-interfaces-optics-temperature.ts'
import { verifyInterfacesPfcCounters } from './verify-interfaces-pfc-counters.ts'
import { verifyInterfacesSpeed } from './verify-interfaces-speed.ts'
import { verifyInterfacesStatus } from './verify-interfaces-status.ts'
import { verifyInterfacesTridentCounters } from './verify-interfaces-trident-counters.ts'
import { verifyInterfacesVoqAndEgressQueueDrops } from './verify-interfaces-voq-and-egress-queue-drops.ts'
import { verifyIpProxyArp } from './verify-ip-proxy-arp.ts'
import { verifyIpVirtualRouterMac } from './verify-ip-virtual-router-mac.ts'
import { verifyL2Mtu } from './verify-l2-mtu.ts'
import { verifyL3Mtu } from './verify-l3-mtu.ts'
import { verifyLacpInterfacesStatus } from './verify-lacp-interfaces-status.ts'
import { verifyLoopbackCount } from './verify-loopback-count.ts'
import { verifyPortChannels } from './verify-port-channels.ts'
import { verifyStormControlDrops } from './verify-storm-control-drops.ts'
import { verifySvi } from './verify-svi.ts'

/** The checks of ANTA's module `interfaces`, by name. */
export const interfacesChecks: readonly Check[] = [
  verifyIllegalLacp,
  verifyInterfaceDiscards,
  verifyInterfaceErrDisabled,
  verifyInterfaceErrors,
  verifyInterfaceIpv4,
  verifyInterfaceUtilization,
  verifyInterfacesBer,
  verifyInterfacesCounterDetails,
  verifyInterfacesEcnCounters,
  verifyInterfacesEgressQueueDrops,
  verifyInterfacesOpticsReceivePower,
  verifyInterfacesOpticsTemperature,
  verifyInterfacesPfcCounters,
  verifyInterfacesSpeed,
  verifyInterfacesStatus,
  verifyInterfacesTridentCounters,
  verifyInterfacesVoqAndEgressQueueDrops,
  verifyIpProxyArp,
  verifyIpVirtualRouterMac,
  verifyL2Mtu,
  verifyL3Mtu,
  verifyLacpInterfacesStatus,
  verifyLoopbackCount,
  verifyPortChannels,
  verifyStormControlDrops,
  verifySvi,
]
