/** The identifier of a bridge in one instance. */
export interface BridgeId {
  readonly priority: number
  /** The number of the instance: EOS prints the sum of both as the priority in text, and both in JSON. */
  readonly systemIdExtension: number
  readonly macAddress: string
}

/** What a port does in an instance. */
export type SpanningTreeRole = 'root' | 'designated' | 'alternate' | 'backup'

/** One port of one instance. */
export interface SpanningTreePortState {
  readonly name: string
  readonly role: SpanningTreeRole
  readonly state: 'forwarding' | 'discarding'
  readonly cost: number
  readonly priority: number
  readonly number: number
  /** Whether no bridge is heard at its other end, or `portfast` says so. */
  readonly edge: boolean
}

/** One spanning tree of one switch. */
export interface SpanningTreeInstance {
  /** `MST0`, or `VL10` with rapid PVST. */
  readonly name: string
  readonly protocol: string
  readonly bridge: BridgeId
  readonly root: BridgeId
  readonly regionalRoot: BridgeId
  readonly externalCost: number
  readonly internalCost: number
  /** The port that leads to the root; undefined on the root, and where it is one of the MLAG peer. */
  readonly rootPort?: SpanningTreePortState
  readonly ports: readonly SpanningTreePortState[]
}
