import { EosflowError } from '../../../model/error.ts'
import { isSamePrompt } from './prompt.ts'

/** Where a text that was typed stands on the screen. */
export interface TypedEcho {
  /** The first of the lines it stands on: at the right margin it may go on in the next one. */
  readonly from: number
  readonly to: number
  /** What stands before it on its line: the prompt, unless the terminal echoed it before the switch read it. */
  readonly before: string
}

/** Whether the typed text stands at the end of line `at`, alone or continued from the line above. */
export function typedAt(lines: readonly string[], at: number, text: string): TypedEcho | undefined {
  const line = lines[at]
  if (line === undefined) return undefined
  if (line.endsWith(text)) return { from: at, to: at, before: line.slice(0, -text.length) }
  const above = lines[at - 1]
  if (above === undefined || line === '' || !text.endsWith(line.trimStart())) return undefined
  const both = above + line.trimStart()
  return both.endsWith(text) ? { from: at - 1, to: at, before: both.slice(0, -text.length) } : undefined
}

/** The last place where the text was typed, which is the one where the switch read it. */
export function lastTyped(lines: readonly string[], text: string): TypedEcho | undefined {
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const found = typedAt(lines, at, text)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * The lines without the markers: those behind the prompt at their end, which were typed when the switch had done, and those
 * that the terminal echoed too early, in the middle of what the switch was printing.
 */
export function withoutMarkers(lines: readonly string[], marker: RegExp, prompt: string): string[] {
  const kept: string[] = []
  let open = ''
  for (const line of lines.slice(0, endOf(lines, marker, prompt))) {
    const found = marker.exec(line)
    if (found === null) {
      kept.push(open + line)
      open = ''
    } else {
      open += line.slice(0, found.index)
    }
  }
  return open === '' ? kept : [...kept, open]
}

/** Where the prompts with a marker begin behind which nothing was printed, but the words of a switch that knows no comments. */
function endOf(lines: readonly string[], marker: RegExp, prompt: string): number {
  let end = lines.length
  for (let at = end - 1; at >= 0; at -= 1) {
    const line = lines[at] ?? ''
    const before = marker.test(line) ? line.replace(marker, '') : undefined
    if (before !== undefined && isSamePrompt(before, prompt)) end = at
    else if (before !== '' && !line.startsWith('%')) break
  }
  return end
}

/**
 * What was printed after the echo of a typed line. Blanks do not count, nor what was drawn behind it, so that an echo that
 * was wrapped or drawn again at the right margin is known as well. Throws `protocol` when the switch echoed something else: then it may have read something else.
 */
export function afterEcho(lines: readonly string[], typed: string): string[] {
  const wanted = squeezed(typed)
  let heard = ''
  for (const [at, line] of lines.entries()) {
    if (line.startsWith('%') || heard.length > wanted.length + LONGEST_NOISE) break
    heard += squeezed(line)
    if (heard.includes(wanted)) return lines.slice(at + 1)
  }
  throw notEchoed()
}

/** Type-ahead that was echoed too early may stand before the echo (docs/eos.md 5.4). */
const LONGEST_NOISE = 4096

const squeezed = (text: string): string => text.replace(/\s+/g, '')

/** What was typed was not echoed as it was typed. */
export function notEchoed(): EosflowError {
  return new EosflowError('protocol', 'the switch did not echo what was typed: it may have read something else', {
    hint: 'What the switch did is unknown until it is asked: read its config sessions before anything else.',
  })
}
