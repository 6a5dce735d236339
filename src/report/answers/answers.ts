import { comparableLine, comparableText, comparedLines } from '../../config/volatile.ts'
import type { Json } from '../../model/json.ts'

/** What a switch answered to one show command, without secrets, or why it refused it. */
export type CommandAnswer =
  | { readonly command: string; readonly text: string }
  | { readonly command: string; readonly model: Json }
  | { readonly command: string; readonly refused: string }

/** What an expression gave of the answers of a switch; `value` is undefined where it leads to nothing. */
export type WantedResult =
  | { readonly of: string; readonly value: Json | undefined }
  | { readonly of: string; readonly fault: string }

/** What was heard of one switch. `wanted` is absent where nothing is chosen of the answers, or one was refused. */
export type AskedSwitch =
  | { readonly name: string; readonly answers: readonly CommandAnswer[]; readonly wanted?: readonly WantedResult[] }
  | { readonly name: string; readonly failure: unknown }

/** Switches whose answer is the same. `shown` is that of the first; `but` is set where only times differ. */
export interface AnswerGroup {
  readonly names: readonly string[]
  readonly shown: string
  readonly but?: 'times'
}

const SPAN = String.raw`\d+(?:\.\d+)? (?:years?|weeks?|days?|hours?|minutes?|seconds?)`
/**
 * Times of day, dates, ages and what is free at the moment: two switches that are alike show different ones. A single span of time counts
 * only where it is an age, as others are configured: `5 minutes input rate`, a TTL of `120 seconds`.
 */
const PASSING: readonly RegExp[] = [
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?/g,
  /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [A-Z][a-z]{2} {1,2}\d{1,2}(?: \d\d:\d\d:\d\d)?(?: \d{4})?\b/g,
  /(?<![\w:.])\d{1,3}:\d\d:\d\d(?:\.\d+)?(?![\w:])/g,
  /\b\d+[ywd]\d+[wdhm]\b/g,
  new RegExp(String.raw`\b${SPAN}(?:(?:,? and |, )${SPAN})+(?: ago)?|\b${SPAN} ago`, 'g'),
  /\bFree memory: +\d+ kB/g,
]

/** A line without any of these holds nothing that passes. */
const MAY_PASS =
  /\d{4}-\d\d-\d\d|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [A-Z]|\d:\d\d:\d\d|\d[ywd]\d|\d (?:year|week|day|hour|minute|second)|Free memory/

/** What of a text is compared. Two texts with the same result are alike. */
export type TextComparer = (text: string) => string

/** All of a text is compared, its times as well. */
export const asItIs: TextComparer = (text) => text

/** Groups answers that are alike, the most frequent first, equally frequent ones by their first switch. */
export function groupAnswers(
  answers: readonly { readonly name: string; readonly text: string }[],
  compared: TextComparer,
): readonly AnswerGroup[] {
  const groups = new Map<string, { names: string[]; shown: string; but?: 'times' }>()
  for (const { name, text } of answers) {
    const key = compared(text)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { names: [name], shown: text })
    else {
      group.names.push(name)
      if (group.but === undefined && group.shown !== text && comparableText(group.shown) !== comparableText(text))
        group.but = 'times'
    }
  }
  return [...groups.values()].toSorted((a, b) => b.names.length - a.names.length)
}

/** So many lines are kept. */
const MOST_KEPT = 20_000

/**
 * Makes texts comparable without their times: where one is, its width is not compared either. What becomes of a line is kept, since most lines of two
 * switches are the same, and what becomes of a text.
 */
export function textComparer(): TextComparer {
  const texts = new Map<string, string>()
  const known = new Map<string, string | undefined>()
  const ofLine = (line: string): string | undefined => {
    const kept = known.get(line)
    if (kept !== undefined || known.has(line)) return kept
    const made = withoutTimes(comparableLine(line))
    if (known.size < MOST_KEPT) known.set(line, made)
    return made
  }
  return (text) => {
    const made = texts.get(text) ?? comparedLines(text, ofLine)
    texts.set(text, made)
    return made
  }
}

/** The texts that a switch answered. */
export function textsOf(asked: AskedSwitch): readonly string[] {
  return 'answers' in asked ? asked.answers.flatMap((answer) => ('text' in answer ? [answer.text] : [])) : []
}

function withoutTimes(line: string | undefined): string | undefined {
  if (line === undefined || !MAY_PASS.test(line)) return line
  const masked = PASSING.reduce((rest, pattern) => rest.replace(pattern, '~'), line)
  return masked === line ? line : masked.replace(/ +/g, ' ')
}

/** Names with the runs of numbers in them: `leaf1-4, spine1`. Only what differs by 1 and has as many digits is a run. */
export function namesInRuns(names: readonly string[]): string {
  const runs: { stem: string; from: string; to: string }[] = []
  for (const name of names) {
    const { stem = name, digits = '' } = /^(?<stem>.*?)(?<digits>\d{1,9})$/.exec(name)?.groups ?? {}
    const last = runs.at(-1)
    if (last !== undefined && digits !== '' && last.stem === stem && follows(last.to, digits)) last.to = digits
    else runs.push({ stem, from: digits, to: digits })
  }
  return runs.map(({ stem, from, to }) => `${stem}${from}${from === to ? '' : `-${to}`}`).join(', ')
}

function follows(before: string, digits: string): boolean {
  return Number(digits) === Number(before) + 1 && String(Number(digits)).padStart(before.length, '0') === digits
}
