export {
  verifyInterfaceIpv4,
  verifyIpProxyArp,
  verifyIpVirtualRouterMac,
  verifyL2Mtu,
  verifyL3Mtu,
  verifyLoopbackCount,
  verifySvi,
} from './addresses.ts'
export {
  verifyInterfaceDiscards,
  verifyInterfaceErrDisabled,
  verifyInterfaceErrors,
  verifyInterfacesBer,
  verifyInterfacesCounterDetails,
  verifyInterfaceUtilization,
} from './errors.ts'
export {
  verifyIllegalLacp,
  verifyInterfacesOpticsReceivePower,
  verifyInterfacesOpticsTemperature,
  verifyInterfacesSpeed,
  verifyInterfacesStatus,
  verifyLacpInterfacesStatus,
  verifyPortChannels,
} from './links.ts'
export {
  verifyInterfacesEcnCounters,
  verifyInterfacesEgressQueueDrops,
  verifyInterfacesPfcCounters,
  verifyInterfacesTridentCounters,
  verifyInterfacesVoqAndEgressQueueDrops,
  verifyStormControlDrops,
} from './queues.ts'
