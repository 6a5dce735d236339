import type { Verb } from '../verbs.ts'

/** What hands type. */
export const TYPED = /vlan 7\d\d/g

/** What leaves nothing but a session or a checkpoint, on whatever switch it is carried out. */
export const ENDS_ITSELF: ReadonlySet<Verb> = new Set([
  ...(['plan', 'abort', 'stage', 'replay', 'hold', 'release'] as const),
])

/** What opens and ends owner sessions: nothing of a change. */
export const BESIDE: ReadonlySet<Verb> = new Set(['hold', 'release'])

/** What opens a session under a name of its own. */
export const OPENS: ReadonlySet<Verb> = new Set(['plan', 'stage', 'hold'])

/** What leaves it open. */
export const LEAVES_OPEN: ReadonlySet<Verb> = new Set(['stage', 'hold'])
