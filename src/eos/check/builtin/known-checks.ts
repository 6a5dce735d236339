import type { Json } from '../../../model/json.ts'
import type { Check } from '../define/define-check.ts'
import { builtinChecks } from './index.ts'

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

const byName: ReadonlyMap<string, Check> = new Map(builtinChecks.map((check) => [check.name, check]))

/** Every check under every name that a workflow or catalog may use: its own, and the short one where it has one. */
export const knownChecks: readonly Check[] = [
  ...builtinChecks,
  ...Object.entries(FRIENDLY_NAMES).flatMap(([name, behind]) => {
    const check = byName.get(behind)
    return check === undefined ? [] : [renamed(check, name)]
  }),
]

const known: ReadonlyMap<string, Check> = new Map(knownChecks.map((check) => [check.name, check]))

/** The check of that name. */
export function checkNamed(name: string): Check | undefined {
  return known.get(name)
}

function renamed(check: Check, name: string): Check {
  return Object.freeze(Object.create(check, { name: { value: name, enumerable: true } }) as Check)
}

/** One check as a workflow asks for it: its name and its validated input, as plain data. */
export interface CheckSpec {
  readonly name: string
  readonly input: Json
  /** The input for each switch of the change, where it differs from one to the other; `input` is what any of them may have then. */
  readonly of?: Readonly<Record<string, Json>>
}
