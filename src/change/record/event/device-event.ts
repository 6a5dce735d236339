import { z } from 'zod'
import { count, error, event, text, texts } from './record-schema.ts'

const verdict = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('pass'), facts: texts }),
  z.strictObject({ status: z.literal('fail'), reasons: z.tuple([text], text).readonly() }),
  z.strictObject({ status: z.literal('skip'), reason: text }),
  z.strictObject({ status: z.literal('error'), reason: text }),
])

const act = z.enum([
  'hold',
  'release',
  'stage',
  'replay',
  'prune',
  'arm',
  'confirm',
  'save',
  'abort',
  'restore',
  'boot',
])

/** The schemas of what an execution does to one switch, and what the switch said: an intent is on record before it is sent, its outcome after the answer. */
export const deviceEventTypes = [
  event('ActIntended', 'EF401I', () => ({
    device: text,
    act,
    session: text,
    checkpoint: text.exactOptional(),
    seconds: count.exactOptional(),
    lines: texts.exactOptional(),
    // By how many seconds longer than usual its answer is waited for; absent where it is not.
    patience: count.exactOptional(),
    // Whether everybody else is kept out of config modes meanwhile, for `arm`.
    locked: z.boolean().exactOptional(),
    checkpoints: texts.exactOptional(),
    // The lines of EOS or of somebody else that go with it, redacted, for what puts back; absent where none were seen.
    overwrites: texts.exactOptional(),
    // The owner session that the request shows first (ADR 84); absent: there was none.
    held: text.exactOptional(),
    // The shares of budgets that last as long as its lease, for `stage` and `arm`; absent where no budget counts the switch.
    shares: texts.exactOptional(),
  })),
  event(
    'ActFinished',
    { of: ({ outcome }) => outcome, codes: { done: 'EF402I', refused: 'EF403E', unknown: 'EF404E' } },
    () => ({
      device: text,
      act,
      session: text,
      outcome: z.enum(['done', 'refused', 'unknown']),
      error: error.exactOptional(),
      // The running-config before the change (for `replay`: the one that can be replayed) and the staged candidate, as artefacts.
      base: text.exactOptional(),
      target: text.exactOptional(),
      // Startup-config before the timed commit, as an artefact; absent where the switch does not show it.
      startup: text.exactOptional(),
      // The running-config right before the timed commit, which it replaced, as an artefact.
      replaced: text.exactOptional(),
      // The lines of EOS or of somebody else that went with it, redacted, as running-config showed them right before; absent where none were
      // seen.
      overwrites: texts.exactOptional(),
    }),
  ),
  event(
    'DeviceSettled',
    {
      of: ({ found }) => found,
      codes: { base: 'EF405I', armed: 'EF406I', target: 'EF407I', other: 'EF408E', unreachable: 'EF409E' },
    },
    () => ({
      device: text,
      // What the switch itself said when it was asked after a lost answer, a crash or a rollback.
      found: z.enum(['base', 'armed', 'target', 'other', 'unreachable']),
      detail: text,
      // What of this execution the switch shows and no record here announces: sessions, checkpoints, `running-config`.
      unrecorded: texts.exactOptional(),
    }),
  ),
  event(
    'VerdictGiven',
    { of: ({ verdict }) => verdict.status, codes: { pass: 'EF410I', fail: 'EF411E', skip: 'EF412I', error: 'EF413E' } },
    () => ({
      device: text,
      check: text,
      // The neighbour that was judged; absent for the switch itself. The name of the check ends in ` on NAME` then.
      of: text.exactOptional(),
      // Which of the checks of this name it is, from 2 on; absent for the first.
      nth: count.exactOptional(),
      round: count,
      verdict,
    }),
  ),
  /** What CloudVision says about switches that are about to be changed (docs/beside-cloudvision.md). */
  event(
    'CloudVisionAsked',
    { of: ({ answer }) => answer, codes: { free: 'EF309I', running: 'EF310W', unknown: 'EF311W' } },
    () => ({
      answer: z.enum(['free', 'running', 'unknown']),
      devices: texts,
      known: texts.exactOptional(),
      controls: z
        .array(
          z.strictObject({
            id: text,
            name: text.exactOptional(),
            standing: z.enum(['running', 'unclear', 'scheduled']),
            devices: texts,
            at: text.exactOptional(),
          }),
        )
        .readonly()
        .exactOptional(),
      because: text.exactOptional(),
      goesOn: z.literal(true).exactOptional(),
    }),
  ),
] as const
