import type { KnownForm } from '../../config/guard/guard.ts'
import type { DeviceFault } from '../fault/fault.ts'
import type { LoopbackHost } from '../listener/switch-listener.ts'
import type { Cable, Demand, RecordedOutput } from '../platform/facts.ts'
import type { BehaviourSettings } from '../switch/behaviour.ts'

export interface FabricDevice {
  readonly name: string
  /** The EOS version, for example `4.32.2F`. */
  readonly eos: string
  readonly model: string
  readonly serial: string
  readonly mac: string
  readonly config: string
  readonly startup?: string
  readonly privilege?: 1 | 15
  readonly enableSecret?: string
  readonly verbatim?: boolean
  readonly unknownLines?: 'accept' | 'refuse'
  readonly managementOutside?: boolean
  readonly host?: LoopbackHost
  readonly port?: number
  readonly httpsPort?: number
  /** The port of its SSH listener there. */
  readonly sshPort?: number
  /** Its SSH host key, a private key in OpenSSH or PEM form. Default: a new ed25519 key each time it starts. */
  readonly sshHostKey?: string
  readonly recorded?: readonly RecordedOutput[]
  /** What differs from the behaviour of its EOS version. */
  readonly behaviour?: BehaviourSettings
}

export interface Fabric {
  readonly name: string
  readonly credentials: { readonly username: string; readonly password: string }
  readonly devices: readonly FabricDevice[]
  readonly cabling: readonly Cable[]
  readonly demands?: readonly Demand[]
  readonly faults: readonly DeviceFault[]
  readonly clientCa?: string
  /** Forms of lines that every switch takes beside those of the table of the syntax (docs/syntax.md). */
  readonly vouched?: readonly KnownForm[]
}
