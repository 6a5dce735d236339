/** How switches are spoken to, by the name that inventory, plans and records have for it. Each has a folder in `transport`. */
export const TRANSPORT_KINDS = ['eapi', 'ssh'] as const

/** One of {@link TRANSPORT_KINDS}. */
export type TransportKind = (typeof TRANSPORT_KINDS)[number]
