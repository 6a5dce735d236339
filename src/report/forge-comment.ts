import type { ShownPlan } from '../change/plan/plan.ts'
import { planMarkdownWithin } from './plan/markdown.ts'
import { present } from './text/text.ts'

// The most bytes of a comment: GitHub takes 65,536 characters.
const LONGEST_COMMENT = 60_000

function markOf(name: string) {
  return `<!-- eosflow:${name} -->`
}

/** Line ends are those of Unix, and nothing is behind the last line. */
export function commentBody(name: string, markdown: string): string {
  return plainEnds(`${markOf(name)}\n${markdown}`)
}

export function hasMark(body: string, name: string): boolean {
  return plainEnds(body).split('\n', 1)[0] === markOf(name)
}

export function isSameBody(shown: string, posted: string): boolean {
  return plainEnds(shown) === plainEnds(posted)
}

function plainEnds(text: string) {
  return text.replaceAll('\r\n', '\n').trimEnd()
}

/** What a comment shows of a plan: the same text whoever makes it, so that a comment which somebody has edited is seen. */
export function planComment(plan: ShownPlan): string {
  return `${planMarkdownWithin(plan, { bytes: LONGEST_COMMENT - 400, full: 'the saved plan, by eosflow show' })}\n\nTo approve this plan, approve with a review that names its digest: \`${plan.digest}\``
}

export function fitting(markdown: string): string {
  if (Buffer.byteLength(markdown) <= LONGEST_COMMENT - 400) return markdown
  const lines = markdown.split('\n')
  const kept: string[] = []
  let size = Buffer.byteLength(leftOut(lines.length, lines.length)) + 10
  let isFenced = false
  for (const line of lines) {
    size += Buffer.byteLength(line) + 1
    if (size > LONGEST_COMMENT - 400) break
    if (line.startsWith('```')) isFenced = !isFenced
    kept.push(line)
  }
  return present(kept, isFenced && '```', leftOut(kept.length, lines.length)).join('\n')
}

const leftOut = (shown: number, all: number) =>
  `\n${shown} of ${all} lines are shown: the text is too long for a comment.`
