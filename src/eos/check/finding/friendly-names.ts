/**
 * Short names for the checks of the catalogue that people ask for daily: `mlag-status` is `VerifyMlagStatus`, inputs and
 * verdicts included.
 */
export const FRIENDLY_NAMES: Readonly<Record<string, string>> = {
  'agent-crashes': 'VerifyAgentLogs',
  'bfd-health': 'VerifyBFDPeersHealth',
  'bgp-health': 'VerifyBGPPeersHealth',
  'bgp-peer-count': 'VerifyBGPPeerCount',
  'bgp-peers': 'VerifyBGPSpecificPeers',
  'config-lines': 'VerifyRunningConfigLines',
  'config-saved': 'VerifyRunningConfigDiffs',
  cooling: 'VerifyEnvironmentCooling',
  coredumps: 'VerifyCoredump',
  cpu: 'VerifyCPUUtilization',
  'eos-version': 'VerifyEOSVersion',
  'error-disabled': 'VerifyInterfaceErrDisabled',
  filesystems: 'VerifyFileSystemUtilization',
  'interface-discards': 'VerifyInterfaceDiscards',
  'interface-errors': 'VerifyInterfaceErrors',
  'interface-load': 'VerifyInterfaceUtilization',
  'interfaces-status': 'VerifyInterfacesStatus',
  'isis-neighbors': 'VerifyISISNeighborState',
  'lldp-neighbors': 'VerifyLLDPNeighbors',
  'log-errors': 'VerifyLoggingErrors',
  memory: 'VerifyMemoryUtilization',
  'mlag-consistent': 'VerifyMlagConfigSanity',
  'mlag-interfaces': 'VerifyMlagInterfaces',
  'mlag-status': 'VerifyMlagStatus',
  ntp: 'VerifyNTP',
  'ntp-associations': 'VerifyNTPAssociations',
  'ospf-neighbors': 'VerifyOSPFNeighborState',
  ping: 'VerifyReachability',
  'port-channels': 'VerifyPortChannels',
  power: 'VerifyEnvironmentPower',
  'reload-cause': 'VerifyReloadCause',
  routes: 'VerifyRoutingTableEntry',
  'stp-blocked-ports': 'VerifySTPBlockedPorts',
  temperature: 'VerifyTemperature',
  uptime: 'VerifyUptime',
  'vxlan-consistent': 'VerifyVxlanConfigSanity',
  'vxlan-vnis': 'VerifyVxlanVniBinding',
  'vxlan-vteps': 'VerifyVxlanVtep',
}

export function shortNamesOf(name: string): readonly string[] {
  return Object.keys(FRIENDLY_NAMES).filter((short) => FRIENDLY_NAMES[short] === name)
}
