import type { Plan } from '../../../change/plan/plan.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { type MarkdownRoom, planMarkdownWithin, SMALLEST_MARKDOWN } from '../../../report/plan/markdown.ts'
import { planAs } from '../../../report/plan/text.ts'
import { count } from '../../../report/text/text.ts'
import type { Invocation } from './io.ts'

/** The room of `--max-bytes`; undefined without it. `full`: where the whole plan is. */
export function markdownRoom({ options, global }: Invocation, full: string): MarkdownRoom | undefined {
  const { maxBytes: given } = options
  if (given === undefined) return undefined
  if (options.markdown !== true || global.json) {
    throw inputError(
      '--max-bytes',
      'bad-usage',
      '--max-bytes is the length of what --markdown prints',
      'Give --markdown, and no --json, with it.',
    )
  }
  const bytes = bytesIn(given)
  if (bytes !== undefined && bytes >= SMALLEST_MARKDOWN) return { bytes, full }
  throw inputError(
    '--max-bytes',
    'bad-usage',
    `\`${String(given)}\` is no length: a whole number, at least ${SMALLEST_MARKDOWN}`,
    'A comment of GitHub takes 65536 characters: --max-bytes 60000 leaves room beside the plan.',
  )
}

/** A plan for a pull request, in the room of `--max-bytes`. `full`: where all of it is. */
export function planMarkdownOf(invocation: Invocation, plan: Plan, full: string): string {
  const room = markdownRoom(invocation, full)
  return room === undefined ? planAs.markdown(plan) : planMarkdownWithin(plan, room)
}

/** Throws InputError where what --max-bytes leaves each plan behind its heading is too little, with what is enough for all. */
export function requireRooms(
  invocation: Invocation,
  each: readonly { readonly heading: string; readonly invocation: Invocation }[],
): void {
  const { maxBytes } = invocation.options
  const bytes = bytesIn(maxBytes)
  const longest = Math.max(0, ...each.map(({ heading }) => Buffer.byteLength(heading)))
  const least = each.length * (SMALLEST_MARKDOWN + longest)
  if (bytes !== undefined && bytes < least) {
    throw inputError(
      '--max-bytes',
      'bad-usage',
      `\`${maxBytes}\` is too short for ${count(each.length, 'plan')}: at least ${least}`,
      'Give more, or a range of fewer change files.',
    )
  }
  for (const one of each) markdownRoom(one.invocation, '')
}

function bytesIn(given: unknown) {
  return /^\d{1,9}$/.test(String(given)) ? Number(given) : undefined
}
