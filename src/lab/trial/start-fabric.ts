import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { type InMemoryEapi, inMemoryEapi } from '../../eos/sim/eapi/in-memory.ts'
import { type Fabric, type OneSwitchOptions, oneSwitchFabric, parseFabric } from '../../eos/sim/fabric/fabric.ts'
import { type ListenerName, type SshAddress, serveFabric } from '../../eos/sim/fabric/serve-fabric.ts'
import type { DeviceFault } from '../../eos/sim/fault/fault.ts'
import type { TerminalService } from '../../eos/sim/ssh/service.ts'
import type { Counters, RequestRecord } from '../../eos/sim/switch/counters.ts'
import type { Switch } from '../../eos/sim/switch/switch.ts'
import type { Clock, Random } from '../../model/clock.ts'
import { EosflowError, problemOf, type ValueOrProblems } from '../../model/error.ts'
import { confinedFiles } from '../../project/system/machine/confined-file.ts'
import { ownPid } from '../../project/system/machine/own-pid.ts'
import { systemClock } from '../../project/system/machine/system-clock.ts'
import { absentProblem, type Files } from '../../text/source/files.ts'
import { refuse } from '../../text/source/located.ts'
import { SeededRandom } from './seeded-random.ts'

export type FabricSource =
  | { readonly folder: string }
  | { readonly fabric: Fabric }
  | ({ readonly config: string } & OneSwitchOptions)

export interface FabricPorts {
  readonly clock?: Clock
  readonly random?: Random
  readonly project?: string
}

export interface RunningDevice {
  readonly name: string
  readonly eos: string
  readonly username: string
  readonly password: string
  readonly http: { readonly host: string; readonly port: number }
  /** Its certificate is signed by {@link RunningFabric.ca} for its name and for loopback. */
  readonly https: { readonly host: string; readonly port: number }
  readonly ssh: SshAddress
  /** The listeners at which nobody answers now: HTTP and HTTPS are off in its configuration, or SSH is. */
  closed(): readonly ListenerName[]
  readonly switch: Switch
  readonly eapi: InMemoryEapi
  readonly terminals: TerminalService
  counters(): Counters
  requests(): readonly RequestRecord[]
}

export interface RunningFabric {
  readonly devices: readonly RunningDevice[]
  readonly clock: Clock
  readonly control: { readonly host: string; readonly port: number }
  /** The certificate of the authority behind HTTPS, PEM: what a client trusts. */
  readonly ca: string
  /** A key and certificate, PEM, that log a user in where the configuration trusts client certificates. */
  clientIdentity(user: string): { readonly key: string; readonly cert: string }
  /** Throws a RangeError when there is none. */
  device(name: string): RunningDevice
  belongTo(folder: string): void
  fault(fault: DeviceFault): Promise<void>
  clearFaults(): Promise<void>
  close(): Promise<void>
}

/** Reads `fabric.yaml` in a folder and the configurations beside it. */
export function readFabricFolder(folder: string): ValueOrProblems<Fabric> {
  const file = join(folder, 'fabric.yaml')
  const beside: Files = existsSync(folder) ? confinedFiles(realpathSync(folder), 'the fabric folder') : () => undefined
  const text = beside('fabric.yaml')
  if (text === undefined) {
    const hint = 'a fabric is a folder with a fabric.yaml; `eosflow init` writes one'
    const missing = problemOf(file, 'missing-file', 'there is no fabric.yaml', hint)
    return refuse(absentProblem(beside, 'fabric.yaml', missing))
  }
  return parseFabric(text, file, beside)
}

/** Starts simulated switches that answer eAPI over HTTP on loopback. Throws EosflowError `bug` with every problem of the folder when it cannot be read. */
export async function startFabric(source: string | (FabricSource & FabricPorts)): Promise<RunningFabric> {
  const options = typeof source === 'string' ? { folder: source } : source
  const clock = options.clock ?? systemClock
  const random = options.random ?? new SeededRandom()
  const fabric = fabricOf(options)
  let project = options.project === undefined ? null : realpathSync(options.project)
  const served = await serveFabric(fabric, { clock, random }, () => ({ project, pid: ownPid() }))
  const devices = served.switches.map(
    ({ device, eapi, terminals, http, https, ssh, closed }): RunningDevice => ({
      name: device.name,
      eos: device.facts.eos,
      ...fabric.credentials,
      http,
      https,
      ssh,
      closed,
      terminals,
      switch: device,
      eapi: inMemoryEapi(eapi),
      counters: () => device.counters,
      requests: () => device.requests,
    }),
  )
  return {
    devices,
    clock,
    control: served.control,
    ca: served.ca,
    clientIdentity: served.clientIdentity,
    device: (name) => {
      const found = devices.find((device) => device.name === name)
      if (found === undefined) throw new RangeError(`no switch \`${name}\` in the fabric ${fabric.name}`)
      return found
    },
    belongTo: (folder) => {
      project = realpathSync(folder)
    },
    fault: served.fault,
    clearFaults: served.clearFaults,
    close: served.close,
  }
}

function fabricOf(source: FabricSource) {
  if ('fabric' in source) return source.fabric
  if ('config' in source) return oneSwitchFabric(source.config, source)
  const read = readFabricFolder(source.folder)
  if (read.ok) return read.value
  const problems = read.problems.map(({ at, message }) => `${at.file}:${at.line}:${at.column}: ${message}`)
  throw new EosflowError('bug', `the fabric cannot be read:\n${problems.join('\n')}`)
}
