import type { Secret } from '../model/secret.ts'
import type { Device } from './device.ts'

/** How the switch's certificate is judged. `insecure` needs the operator's second switch as well. */
export type TlsMode =
  | { readonly mode: 'system' }
  | { readonly mode: 'ca'; readonly file: string }
  | { readonly mode: 'pin'; readonly sha256: string }
  | { readonly mode: 'insecure' }

/** How the switch's SSH host key is judged: it stands in a file in the form of OpenSSH, or it has one fingerprint (`SHA256:…`). */
export type HostKeyMode =
  | { readonly mode: 'known-hosts'; readonly file: string }
  | { readonly mode: 'pin'; readonly fingerprint: string }

/** Where a switch is, under its inventory name. */
export interface Address {
  readonly name: string
  readonly host: string
  readonly port: number
}

/** A switch that is spoken to over eAPI. */
export interface EapiTarget extends Address {
  readonly transport: 'eapi'
  readonly protocol: 'http' | 'https'
  readonly tls: TlsMode
}

/** A switch that is spoken to over a shell. */
export interface SshTarget extends Address {
  readonly transport: 'ssh'
  readonly hostKey: HostKeyMode
}

/** Where a switch is and how it is spoken to: no secret, so it may stand in a plan. */
export type DeviceTarget = EapiTarget | SshTarget

/** A user of the switch, resolved for one connection. */
export interface Credential {
  readonly username: string
  /** Absent only where a private key logs in. */
  readonly password?: Secret
  /** The private key in PEM or OpenSSH form, without a passphrase. For SSH. */
  readonly privateKey?: Secret
  /** The enable secret, where the switch asks for one. */
  readonly enable?: Secret
}

/** Opens devices. Each transport provides one; a new Device is a new connection. */
export interface Transport {
  connect(target: DeviceTarget, credential: Credential): Promise<Device>
}

/** The switches of one execution: at most one open connection each. */
export interface Fleet {
  /** The switch over its open connection, or over a new one. */
  device(name: string): Promise<Device>
  /** The switch over a connection that did not exist before, which proves that management still works. */
  renew(name: string): Promise<Device>
  close(): Promise<void>
}
