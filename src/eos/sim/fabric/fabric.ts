import type { KnownForm } from '../../config/guard/guard.ts'
import type { DeviceFault } from '../fault/fault.ts'
import type { LoopbackHost } from '../listener/switch-listener.ts'
import type { Cable, Demand } from '../platform/facts.ts'
import type { RecordedOutput } from '../platform/recorded-output.ts'
import type { BehaviourSettings } from '../switch/behaviour.ts'

/** One switch of a fabric. */
export interface FabricDevice {
  readonly name: string
  /** The EOS version, for example `4.32.2F`. */
  readonly eos: string
  readonly model: string
  readonly serial: string
  readonly mac: string
  /** The text of its running-config. */
  readonly config: string
  /** The text of its startup-config; the running-config without it. */
  readonly startup?: string
  /** Default 1: `enable` is needed for what is privileged. */
  readonly privilege?: 1 | 15
  readonly enableSecret?: string
  /** Keeps the order of lines and adds nothing. Default false. */
  readonly verbatim?: boolean
  readonly unknownLines?: 'accept' | 'refuse'
  /** Whether eAPI answers whatever the configuration says about management. Default false. */
  readonly managementOutside?: boolean
  /** The loopback address of its listeners. Default 127.0.0.1. */
  readonly host?: LoopbackHost
  /** The port of its HTTP listener there. Default: any that is free. */
  readonly port?: number
  /** The port of its HTTPS listener there. Default: any that is free. */
  readonly httpsPort?: number
  /** The port of its SSH listener there. Default: any that is free. */
  readonly sshPort?: number
  /** Its SSH host key, a private key in OpenSSH or PEM form. Default: a new ed25519 key each time it starts. */
  readonly sshHostKey?: string
  /** Outputs that stand in place of computed ones. */
  readonly recorded?: readonly RecordedOutput[]
  /** What differs from the behaviour of its EOS version. */
  readonly behaviour?: BehaviourSettings
}

/** Simulated switches, their cables and the faults they start with. */
export interface Fabric {
  readonly name: string
  /** The login that works on every switch. */
  readonly credentials: { readonly username: string; readonly password: string }
  readonly devices: readonly FabricDevice[]
  readonly cabling: readonly Cable[]
  /** What flows over it. Default: nothing. */
  readonly demands?: readonly Demand[]
  readonly faults: readonly DeviceFault[]
  /** Certificates of authorities whose client certificates are accepted besides the fabric's own, PEM. */
  readonly clientCa?: string
  /** Forms of lines that every switch takes beside those of the table of the syntax (docs/syntax.md). */
  readonly vouched?: readonly KnownForm[]
}
