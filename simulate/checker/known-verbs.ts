import type { Verb } from '../verbs.ts'

/** What hands type. */
export const TYPED = /vlan 7\d\d/g

/** What leaves nothing but a session or a checkpoint, on whatever switch it is carried out. */
export const ENDS_ITSELF: ReadonlySet<Verb> = new Set(['plan', 'abort', 'stage', 'replay'])
