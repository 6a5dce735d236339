/** Each has a folder in `transport`. */
export const TRANSPORT_KINDS = ['eapi', 'ssh'] as const

export type TransportKind = (typeof TRANSPORT_KINDS)[number]
