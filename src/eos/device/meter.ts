import type { ErrorKind } from '../../model/error.ts'
import type { TransportKind } from '../../model/transport-kind.ts'
import type { DeviceVerb } from './wrap-device.ts'

/** What a request to a switch was for: a verb of Device, or the dialogue that enters a shell before the first one. */
export type MeteredOp = DeviceVerb | 'enter'

/** How something on a socket ended: `status` is an answer of the web server other than 200. */
export type MeterResult = 'ok' | 'status' | ErrorKind

/** The far end of a socket. */
export interface SocketEnd {
  /** The switch's inventory name. */
  readonly device: string
  readonly host: string
  readonly port: number
  readonly transport: TransportKind
}

/** One attempt to connect. It is heard of in this order, and ends exactly once. */
export interface ConnectMeter {
  /** TCP is connected. What follows is TLS, or the login of a shell, with its key exchange; absent: nothing does. */
  reached(then: 'tls' | 'login' | undefined): void
  /** All of it is over. Without `reached` it was TCP that failed. */
  ended(result: MeterResult): void
}

/** One request whose first byte is about to be written. It ends exactly once. */
export interface RequestMeter {
  /** Bytes of the answer have come. The first call is its first byte, the newest one its last. */
  heard(): void
  /** Nothing more of the answer is awaited: over SSH that is known a moment behind its last byte. */
  ended(result: MeterResult): void
}

/** What is measured of one connection to a switch. */
export interface SocketMeter {
  connect(): ConnectMeter
  request(op: MeteredOp): RequestMeter
}

/**
 * Hears what happens on the sockets to switches in the moment in which it happens, and takes the time by its own clock: how long a
 * switch and the way to it take, without what eosflow does before and behind. It never throws, waits for nothing, and changes no byte.
 */
export interface Meter {
  line(end: SocketEnd): SocketMeter
}
