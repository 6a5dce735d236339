export interface LastingChanges {
  readonly differences: readonly string[]
  readonly latched: readonly string[]
  readonly unread: readonly string[]
}

export interface NetworkReading {
  readonly network: 'same' | 'differs' | 'unknown'
  readonly areas: readonly string[]
  readonly differences: readonly string[]
  readonly more?: number
  readonly latched: readonly string[]
  readonly because?: string
  /** Seconds since it was first looked at. */
  readonly after: number
}
