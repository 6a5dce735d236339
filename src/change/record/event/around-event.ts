import { z } from 'zod'
import { count, event, outcome, text, texts } from './record-schema.ts'

/** The schemas of the events about other services around a change (docs/around.md). */
export const aroundEventTypes = [
  /** Before the first push other services hear that a change begins, and behind its last switch how it ended. */
  event('AroundTurned', { of: ({ phase }) => phase, codes: { begins: 'EF439I', ends: 'EF440I' } }, () => ({
    phase: z.enum(['begins', 'ends']),
    /** How each is called, in the order of the plan. */
    names: texts,
    /** How the change ended, where it ends. */
    outcome: outcome.exactOptional(),
  })),
  /** A service was asked about a change, or has heard of it. `intended`: it is about to be; `unknown`: an answer was lost, and more may have been begun there than is known. */
  event(
    'AroundActed',
    {
      of: ({ result }) => result,
      codes: { intended: 'EF441I', done: 'EF442I', failed: 'EF443W', unknown: 'EF444W' },
    },
    () => ({
      /** Its place in the plan. */
      entry: count,
      name: text,
      act: z.enum(['ask', 'begin', 'end']),
      result: z.enum(['intended', 'done', 'failed', 'unknown']),
      /** What the service calls what was begun there. */
      id: text.exactOptional(),
      /** What was read there, or why it could not be done. */
      said: text.exactOptional(),
    }),
  ),
] as const
