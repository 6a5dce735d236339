import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { PromptCheck } from '../../../src/eos/check/define/define-check.ts'
import type { Reply } from '../../../src/eos/device/device.ts'
import type { Verdict } from '../../../src/model/error.ts'
import type { Json } from '../../../src/model/json.ts'

/** One row: what is asked, what the switch answers to each command, what it was before, and what must be judged. */
export interface CheckRow<I extends z.ZodType> {
  readonly input?: z.input<I>
  /** One per command of the check. A string is the switch's refusal. */
  readonly replies: readonly Json[]
  readonly baseline?: Readonly<Record<string, Json>>
  readonly verdict: Verdict
}

/** An answer of the switch: a model, or its refusal when it is a text. */
export const reply = (answer: Json): Reply =>
  typeof answer === 'string' ? { ok: false, error: answer } : { ok: true, json: answer }

/**
 * Tests a check by a table of answers. Every table is also put through what no check may pass: refused commands,
 * answers that are empty or of another shape, and no answers at all.
 */
export function checkTable<I extends z.ZodType>(
  check: PromptCheck<I>,
  rows: Readonly<Record<string, CheckRow<I>>>,
  { asksNothing = false }: { readonly asksNothing?: boolean } = {},
) {
  const judged = ({ input, baseline = {} }: CheckRow<I>, answers: (count: number) => readonly Reply[]) => {
    const parsed = check.input.parse(input ?? {})
    return check.judge(parsed, answers(check.commands(parsed).length), { device: 'leaf1', baseline })
  }
  describe(check.name, () => {
    test.each(Object.entries(rows))('%s', (_, row) => {
      const verdict = judged(row, (count) => {
        expect(row.replies).toHaveLength(count)
        return row.replies.map(reply)
      })
      expect(verdict).toEqual(row.verdict)
    })
    if (asksNothing) return
    test.each<[string, (count: number) => readonly Reply[]]>([
      ['refused commands', (count) => Array.from({ length: count }, () => reply('Invalid input'))],
      ['empty answers', (count) => Array.from({ length: count }, () => reply({}))],
      ['answers of another shape', (count) => Array.from({ length: count }, () => reply([{ state: 7 }, null]))],
      ['no answers', () => []],
    ])('%s are never a pass', (_, answers) => {
      const verdicts = Object.values(rows).map((row) => judged(row, answers).status)
      expect(verdicts).toEqual(verdicts.map(() => 'error'))
      expect(verdicts.length).toBeGreaterThan(2)
    })
  })
}
