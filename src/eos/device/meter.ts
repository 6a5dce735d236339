import type { ErrorKind } from '../../model/error.ts'
import type { TransportKind } from '../../model/transport-kind.ts'
import type { DeviceVerb } from './device.ts'

export type MeteredOp = DeviceVerb | 'enter'

export type MeterResult = 'ok' | 'status' | ErrorKind

export interface SocketEnd {
  readonly device: string
  readonly host: string
  readonly port: number
  readonly transport: TransportKind
}

export interface ConnectMeter {
  /** What follows is TLS, or the login of a shell, with its key exchange; absent: nothing does. */
  reached(then: 'tls' | 'login' | undefined): void
  /** Without `reached` it was TCP that failed. */
  ended(result: MeterResult): void
}

/** One request whose first byte is about to be written. */
export interface RequestMeter {
  /** The first call is its first byte, the newest one its last. */
  heard(): void
  /** Nothing more of the answer is awaited: over SSH that is known a moment behind its last byte. */
  ended(result: MeterResult): void
}

export interface SocketMeter {
  connect(): ConnectMeter
  request(op: MeteredOp): RequestMeter
}

/** It never throws, waits for nothing, and changes no byte. */
export interface Meter {
  line(end: SocketEnd): SocketMeter
}
