import type { Probe } from '../contract/probe.ts'
import { CHECKPOINTS } from './checkpoints.ts'
import { CUTTING, DISRUPTIVE, STARTUP } from './disruptive.ts'
import { EXPIRY } from './expiry.ts'
import { FOREIGN } from './foreign.ts'
import { READ_BACK } from './read-back.ts'
import { REPLAY } from './replay.ts'
import { SESSION_LIFE } from './session-life.ts'
import { SHAPES } from './shapes.ts'
import { TIMER } from './timer.ts'
import { VERBS } from './verbs.ts'

/** All probes in the order in which they are tried: what only reads comes first, what is committed comes behind the proof that the switch can load its own text. */
export const PROBES: readonly Probe[] = [
  SHAPES,
  SESSION_LIFE,
  VERBS,
  STARTUP,
  REPLAY,
  READ_BACK,
  CHECKPOINTS,
  TIMER,
  EXPIRY,
  FOREIGN,
  CUTTING,
  DISRUPTIVE,
]
