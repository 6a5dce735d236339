import { z } from 'zod'
import { definedMembers, isJsonObject, type Json } from '../../../model/json.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import type { Check } from '../area/define-area.ts'
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

/** A fault in a list of checks. `path` leads from the list to it: `[1, 'vlans-present', 'vlans']`. */
export interface CheckFault {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly hint?: string
}

/** The checks that a list asks for, or everything that is wrong with it. */
export type CheckSpecs =
  | { readonly ok: true; readonly specs: readonly CheckSpec[] }
  | { readonly ok: false; readonly faults: readonly [CheckFault, ...CheckFault[]] }

/**
 * Reads `verify.checks` of a workflow: names, or one name with its inputs, for example
 * `['bgp-established', { 'vlans-present': { vlans: [10] } }]`. The specs hold the inputs with their defaults, and read
 * to themselves again.
 */
export function readCheckSpecs(list: Json): CheckSpecs {
  if (!Array.isArray(list)) return refused([{ path: [], message: 'the checks must be a list' }])
  const read = list.map((item: Json, index) => readItem(item, index))
  const faults = read.flatMap((one) => ('faults' in one ? one.faults : []))
  return faults.length > 0
    ? refused(faults)
    : { ok: true, specs: read.flatMap((one) => ('spec' in one ? [one.spec] : [])) }
}

type Item = { readonly spec: CheckSpec } | { readonly faults: readonly CheckFault[] }

function readItem(item: Json, index: number): Item {
  if (typeof item === 'string') return readInput(item, {}, [index])
  const [entry, ...more] = isJsonObject(item) ? Object.entries(item) : []
  if (entry !== undefined && more.length === 0) return readInput(entry[0], entry[1] ?? {}, [index, entry[0]])
  const message = 'a check must be its name, or its name with its inputs'
  return { faults: [{ path: [index], message, hint: 'for example `- vlans-present: { vlans: 10 }`' }] }
}

function readInput(name: string, written: Json, path: readonly (string | number)[]): Item {
  const check = checkNamed(name)
  if (check === undefined) {
    const hint = didYouMean(
      name,
      knownChecks.map((one) => one.name),
    )
    return { faults: [{ path, message: `there is no check \`${name}\``, hint }] }
  }
  const parsed = check.input.safeParse(written)
  if (parsed.success) return { spec: { name, input: parsed.data as Json } }
  return { faults: parsed.error.issues.flatMap((issue) => inputFaults(issue, check, path)) }
}

function inputFaults(issue: z.core.$ZodIssue, check: Check, path: readonly (string | number)[]): readonly CheckFault[] {
  const at = [...path, ...issue.path.filter((step) => typeof step !== 'symbol')]
  const known = check.input instanceof z.ZodObject ? Object.keys(check.input.shape) : []
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...at, key],
      message: `the check \`${check.name}\` has no input \`${key}\``,
      hint: didYouMean(key, known),
    }))
  }
  const [key] = issue.path
  const about = check.input instanceof z.ZodObject ? check.input.shape[String(key)]?.description : undefined
  const what = key === undefined ? 'its inputs' : `\`${String(key)}\``
  return [
    {
      path: at,
      message: `the check \`${check.name}\` does not accept ${what}: ${issue.message}`,
      ...definedMembers({ hint: about }),
    },
  ]
}

function refused(faults: readonly CheckFault[]): CheckSpecs {
  const [first = { path: [], message: 'the checks cannot be read' }, ...rest] = faults
  return { ok: false, faults: [first, ...rest] }
}
