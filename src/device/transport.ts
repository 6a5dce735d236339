import type { Secret } from '../model/secret.ts'
import type { Device } from './device.ts'

/** How the switch's certificate is judged. `insecure` needs the operator's second switch as well. */
export type TlsMode =
  | { readonly mode: 'system' }
  | { readonly mode: 'ca'; readonly file: string }
  | { readonly mode: 'pin'; readonly sha256: string }
  | { readonly mode: 'insecure' }

/** Where a switch is and how it is spoken to: no secret, so it may stand in a plan. */
export interface DeviceTarget {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly transport: 'eapi'
  readonly protocol: 'http' | 'https'
  readonly tls: TlsMode
}

/** A user of the switch, resolved for one connection. */
export interface Credential {
  readonly username: string
  readonly password: Secret
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
