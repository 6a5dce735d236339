import { EosflowError, type ErrorOptions } from '../../model/error.ts'
import type { AskFence } from '../../model/fence.ts'
import type { Secret } from '../../model/secret.ts'
import type { TransportKind } from '../../model/transport-kind.ts'
import type { Device } from './device.ts'

/** A jump host on the way to a switch. */
export interface Hop {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly hostKey: HostKeyMode
  readonly credentials: string
}

/** The names of the jump hosts of a way, in their order: `bastion, core`. */
export function hopNames(hops: readonly Pick<Hop, 'name'>[]): string {
  return hops.map(({ name }) => name).join(', ')
}

interface HopEnd {
  readonly hop: string
  readonly isPassed: boolean
}

/** A failure of a hop, or after it: `end` says which one, and whether the way goes on from there. */
export class HopError extends EosflowError {
  readonly end: HopEnd

  constructor(end: HopEnd, { kind, message }: Pick<EosflowError, 'kind' | 'message'>, options: ErrorOptions) {
    super(kind, message, options)
    this.end = end
  }
}

/**
 * How the switch's certificate is judged: by the authorities of the system or one of its own, by one key, or by the keys
 * in a file, where a person may add one at first sight (`tofu`). `insecure` needs the operator's second switch as well.
 */
export type TlsMode =
  | { readonly mode: 'system' }
  | { readonly mode: 'ca'; readonly file: string }
  | { readonly mode: 'pin'; readonly sha256: string }
  | { readonly mode: 'tofu'; readonly file: string }
  | { readonly mode: 'insecure' }

/**
 * How the switch's SSH host key is judged: it stands in a file in the form of OpenSSH, or it has one fingerprint
 * (`SHA256:…`). With `strict` nobody is asked about a key that does not stand in the file.
 */
export type HostKeyMode =
  | { readonly mode: 'known-hosts'; readonly file: string; readonly strict?: true }
  | { readonly mode: 'pin'; readonly fingerprint: string }

/** Where a switch is, under its inventory name. */
export interface Address {
  readonly name: string
  readonly host: string
  readonly port: number
  /** `enable` is never sent: for a user who enters privileged mode without it. */
  readonly sendEnable?: false
  /** After how many seconds an answer counts as lost. Default 120. */
  readonly answerSeconds?: number
}

/** A switch that is spoken to over eAPI. */
export interface EapiTarget extends Address {
  readonly transport: 'eapi'
  readonly protocol: 'http' | 'https'
  readonly tls: TlsMode
  /** How it is read while its eAPI cannot be reached. */
  readonly fallback?: SshTarget
}

/** A switch that is spoken to over a shell. */
export interface SshTarget extends Address {
  readonly transport: 'ssh'
  readonly hostKey: HostKeyMode
}

/** What is known of a switch that is reached over each transport. A transport that is missing here does not compile. */
export interface TargetOf {
  readonly eapi: EapiTarget
  readonly ssh: SshTarget
}

/** Where a switch is and how it is spoken to: no secret, so it may stand in a plan. */
export type DeviceTarget = TargetOf[TransportKind]

/** The same without the name of the switch: what a plan keeps of each. */
export type DeviceAddress<K extends TransportKind = TransportKind> = { [T in K]: Omit<TargetOf[T], 'name'> }[K]

/** A user of a switch or a jump host, resolved for one connection. */
export interface Credential {
  readonly username: string
  /** Absent only where a key or a certificate logs in. */
  readonly password?: Secret
  /** The private key in PEM or OpenSSH form: for SSH, and for the client certificate. */
  readonly privateKey?: Secret
  /** What the private key is encrypted with. */
  readonly passphrase?: Secret
  /** The ssh-agent whose keys log in: all of them, or the one with this fingerprint (`SHA256:…`). */
  readonly agent?: { readonly socket: string; readonly fingerprint?: string }
  /** The client certificate for eAPI, PEM; its key is `privateKey`. */
  readonly certificate?: string
  /** The enable secret, where the switch asks for one. */
  readonly enable?: Secret
}

/**
 * Opens devices. Each transport provides one; a new Device is a new connection. What it writes it sends under a fence: asked for once
 * the connection is ready, and judged in the line before bytes leave. `abort` needs none: it names a session that only one execution has made.
 */
export interface Transport {
  connect(target: DeviceTarget, credential: Credential, fence: AskFence): Promise<Device>
}

/** What a connection is for. One that reads is made by a user who may not change the switch, where the inventory has one. */
export type Role = 'read' | 'write'

/** A connection that did not exist before, beside those that are open. Its first verb proves that the switch takes the login. */
export interface NewLogin {
  readonly device: Device
  /** Puts it in the place of the user's older connection, which is closed. */
  adopt(): Promise<void>
  /** Closes it; what was open before stays. */
  giveUp(): Promise<void>
}

/** The switches of one execution: at most one open connection for each user of each of them. */
export interface Fleet {
  /** The switch over its open connection, or over a new one. */
  device(name: string): Promise<Device>
  /** The switch over a connection that did not exist before, which proves that management still works. No older one is left. */
  renew(name: string): Promise<Device>
  /**
   * A new login of the role's user beside what is open: the way in by which the switch was last reached is not given up for it. As a `proof`, of a user
   * whose secret the change replaces, it is made with the new one alone.
   */
  logInAnew(name: string, as?: 'proof'): Promise<NewLogin>
  /** The name of the user that the role logs in with; equal names share a connection. */
  user(name: string): string
  /** The same switches for a role. Roles with the same user share their connections. */
  as(role: Role): Fleet
  /** The same switches over connections of their own, which nobody else uses and no `renew` of this one ends. */
  apart(): Fleet
  /**
   * Throws `guard` when it is known that what the switch is logged in to with ends before so many milliseconds are over, and its
   * keeper does not make it longer.
   */
  requireLogin(name: string, milliseconds: number): Promise<void>
  close(): Promise<void>
}
