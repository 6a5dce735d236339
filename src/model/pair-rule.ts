/** How two switches that back each other up are changed: one behind the other, back to back, or as their lines decide. */
export const PAIR_RULES = ['apart', 'together', 'auto'] as const

export type PairRule = (typeof PAIR_RULES)[number]
