import { comparableLine, comparableText } from '../../eos/config/vlan-sets.ts'
import { definedMembers } from '../../model/defined-members.ts'

export interface AnswerGroup {
  readonly names: readonly string[]
  readonly shown: string
  readonly but?: 'times'
}

const SPAN = String.raw`\d+(?:\.\d+)? (?:years?|weeks?|days?|hours?|minutes?|seconds?)`
// A single span of time counts only where it is an age, as others are configured: `5 minutes input rate`, a TTL of `120 seconds`.
const PASSING: readonly RegExp[] = [
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?/g,
  /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [A-Z][a-z]{2} {1,2}\d{1,2}(?: \d\d:\d\d:\d\d)?(?: \d{4})?\b/g,
  /(?<![\w:.])\d{1,3}:\d\d:\d\d(?:\.\d+)?(?![\w:])/g,
  /\b\d+[ywd]\d+[wdhm]\b/g,
  new RegExp(String.raw`\b${SPAN}(?:(?:,? and |, )${SPAN})+(?: ago)?|\b${SPAN} ago`, 'g'),
  /\bFree memory: +\d+ kB/g,
]

const MAY_PASS =
  /\d{4}-\d\d-\d\d|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [A-Z]|\d:\d\d:\d\d|\d[ywd]\d|\d (?:year|week|day|hour|minute|second)|Free memory/

export type ComparedLines = (text: string) => Iterable<string>

export const asItIs: ComparedLines = (text) => [text]

export function* withoutTimes(text: string): Generator<string> {
  let blanks = 0
  for (let at = 0; at <= text.length; ) {
    const end = text.indexOf('\n', at)
    const line = comparableLine(text.slice(at, end < 0 ? text.length : end))
    at = end < 0 ? text.length + 1 : end + 1
    if (line === '') blanks += 1
    else if (line !== undefined) {
      // Blank lines at the end are not compared.
      for (; blanks > 0; blanks -= 1) yield ''
      yield withoutTime(line)
    }
  }
}

function withoutTime(line: string) {
  if (!MAY_PASS.test(line)) return line
  const masked = PASSING.reduce((rest, pattern) => rest.replace(pattern, '~'), line)
  return masked === line ? line : masked.replace(/ +/g, ' ')
}

type Growing = { readonly names: string[]; readonly shown: string; but?: 'times' }

interface Place {
  readonly next: Map<string, Place>
  sole?: { readonly group: Growing; readonly rest: Iterator<string> }
  ended?: Growing
}

export function groupAnswers(
  answers: readonly { readonly name: string; readonly text: string }[],
  compared: ComparedLines,
): readonly AnswerGroup[] {
  const groups: Growing[] = []
  const first = placeOf()
  for (const { name, text } of answers) {
    const made: Growing = { names: [], shown: text }
    const group = groupAt(first, compared(text)[Symbol.iterator](), made)
    group.names.push(name)
    if (group === made) groups.push(group)
    else if (group.but === undefined && group.shown !== text && comparableText(group.shown) !== comparableText(text))
      group.but = 'times'
  }
  return groups.toSorted((a, b) => b.names.length - a.names.length)
}

const placeOf = (sole?: Place['sole']): Place => ({ next: new Map(), ...definedMembers({ sole }) })

function groupAt(first: Place, lines: Iterator<string>, made: Growing) {
  for (let place = first; ; ) {
    readOn(place)
    const line = lines.next()
    if (line.done === true) {
      place.ended ??= made
      return place.ended
    }
    const next = place.next.get(line.value)
    if (next === undefined) {
      place.next.set(line.value, placeOf({ group: made, rest: lines }))
      return made
    }
    place = next
  }
}

function readOn(place: Place) {
  const { sole } = place
  if (sole === undefined) return
  delete place.sole
  const line = sole.rest.next()
  if (line.done === true) place.ended = sole.group
  else place.next.set(line.value, placeOf(sole))
}
