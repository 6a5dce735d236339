import { lineDiff } from '../../eos/config/diff/line-diff.ts'
import { comparableLine, comparableText } from '../../eos/config/vlan-sets.ts'
import { definedMembers, isJsonObject, type Json } from '../../model/json.ts'
import { failureLine, unreadJson } from '../sessions/formats.ts'
import { count, csvText, present, type Style, switches, tableLines, visible, visibleLine } from '../text/text.ts'

export type CommandAnswer =
  | { readonly command: string; readonly text: string }
  | { readonly command: string; readonly model: Json }
  | { readonly command: string; readonly refused: string }

export type WantedResult =
  | { readonly of: string; readonly value: Json | undefined }
  | { readonly of: string; readonly fault: string }

export type AskedSwitch =
  | { readonly name: string; readonly answers: readonly CommandAnswer[]; readonly wanted?: readonly WantedResult[] }
  | { readonly name: string; readonly failure: unknown }

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

function follows(before: string, digits: string) {
  return Number(digits) === Number(before) + 1 && String(Number(digits)).padStart(before.length, '0') === digits
}

// A wanted value as it is read: a text as it is, nothing as `none`, the rest as JSON.
function valueText(result: WantedResult, none: '-' | '' = '-') {
  if ('fault' in result) return `! ${result.fault}`
  const { value } = result
  if (value === undefined || value === null) return none
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function wantedCells(asked: readonly AskedSwitch[], none: '-' | ''): readonly (readonly string[])[] {
  return asked.flatMap((one) =>
    'answers' in one && one.wanted !== undefined
      ? [[one.name, ...one.wanted.map((result) => valueText(result, none))]]
      : [],
  )
}

function queryRows(asked: readonly AskedSwitch[]): {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
} {
  const found = asked.flatMap((one) => {
    if (!('answers' in one) || one.wanted === undefined) return []
    const [result] = one.wanted
    if (result === undefined || 'fault' in result)
      return [{ name: one.name, record: { value: result === undefined ? '' : valueText(result) } }]
    const values = Array.isArray(result.value) ? result.value : [result.value ?? null]
    return values.map((value) => ({ name: one.name, record: isJsonObject(value) ? value : { value } }))
  })
  const columns = [...new Set(found.flatMap(({ record }) => Object.keys(record)))]
  const rows = found.map(({ name, record }) => [
    name,
    ...columns.map((column) =>
      valueText({ of: column, value: (record as Readonly<Record<string, Json>>)[column] }, ''),
    ),
  ])
  return { columns, rows }
}

interface AnswerGroup {
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

type ComparedLines = (text: string) => Iterable<string>

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

interface AnswersLayout {
  readonly by: 'answer' | 'switch'
  readonly diff: boolean
  readonly compared: ComparedLines
}

type Heard = Extract<AskedSwitch, { answers: unknown }>

interface Shown {
  readonly name: string
  readonly text: string
}

// Answers for a terminal: command by command, equal ones once under the names of their switches, and who did not answer.
function answersText(asked: readonly AskedSwitch[], layout: AnswersLayout, style: Style) {
  const heard = asked.filter((one) => 'answers' in one)
  const sections = sectionsOf(heard).flatMap(({ head, shown, refused }) =>
    present(
      head !== undefined && [style.bold(visibleLine(head)), ''],
      blocksOf(shown, layout, style),
      refusals(refused, style),
    ),
  )
  return [...sections, ...unheard(asked, style), summary(asked)].join('\n')
}

export function answersTable(asked: readonly AskedSwitch[], columns: readonly string[], style: Style): string {
  const rows = [['switch', ...columns], ...wantedCells(asked, '-')].map((row) => row.map(visibleLine))
  const refused = asked.flatMap((one) => ('answers' in one ? refusedBy(one) : []))
  return [...tableLines(rows, style), '', ...refusals(refused, style), ...unheard(asked, style), summary(asked)].join(
    '\n',
  )
}

function sectionsOf(heard: readonly Heard[]): readonly {
  readonly head: string | undefined
  readonly shown: readonly Shown[]
  readonly refused: readonly Shown[]
}[] {
  if (heard.some(({ wanted }) => wanted !== undefined)) {
    const shown = heard.flatMap(({ name, wanted }) =>
      wanted === undefined ? [] : [{ name, text: wanted.map((result) => valueText(result)).join('\n') }],
    )
    return [{ head: undefined, shown, refused: heard.flatMap(refusedBy) }]
  }
  const commands = heard[0]?.answers.map(({ command }) => command) ?? []
  return commands.map((command, index) => {
    const of = heard.flatMap(({ name, answers }) => {
      const answer = answers[index]
      return answer === undefined ? [] : [{ name, answer }]
    })
    return {
      head: commands.length === 1 ? undefined : command,
      shown: of.flatMap(({ name, answer }) => {
        if ('refused' in answer) return []
        return [{ name, text: 'text' in answer ? answer.text : JSON.stringify(answer.model, undefined, 2) }]
      }),
      refused: of.flatMap(({ name, answer }) =>
        'refused' in answer ? [{ name, text: `\`${command}\`: ${answer.refused}` }] : [],
      ),
    }
  })
}

function refusedBy({ name, answers }: Heard): readonly Shown[] {
  return answers.flatMap((answer) =>
    'refused' in answer ? [{ name, text: `\`${answer.command}\`: ${answer.refused}` }] : [],
  )
}

function blocksOf(shown: readonly Shown[], { by, diff, compared }: AnswersLayout, style: Style) {
  if (by === 'switch') return shown.flatMap(({ name, text }) => block({ names: [name], shown: text }, style))
  const groups = groupAnswers(shown, compared)
  const [most, ...others] = groups
  if (!diff || most === undefined) return groups.flatMap((group) => block(group, style))
  return [
    ...block(most, style),
    ...others.flatMap((group) => [head(group, style), ...differences(most, group, style), '']),
  ]
}

function block(group: AnswerGroup, style: Style) {
  const lines = visible(group.shown).replace(/\n+$/, '').split('\n')
  return [head(group, style), lines.map((line) => `  ${line}`.trimEnd()).join('\n'), '']
}

function head({ names, but }: AnswerGroup, style: Style) {
  const size = names.length === 1 ? '' : ` (${names.length})`
  return `${style.bold(`${visibleLine(namesInRuns(names))}${size}`)}${but === undefined ? '' : style.dim(' · times differ')}`
}

function differences(most: AnswerGroup, group: AnswerGroup, style: Style) {
  return lineDiff(most.shown, group.shown).map((line) => {
    const shown = `  ${visibleLine(line)}`.trimEnd()
    if (line.startsWith('+')) return style.added(shown)
    return line.startsWith('-') ? style.removed(shown) : shown
  })
}

function refusals(refused: readonly Shown[], style: Style) {
  const groups = groupAnswers(refused, asItIs)
  if (groups.length === 0) return []
  return [...groups.map(({ names, shown }) => style.bad(visibleLine(`✗ ${namesInRuns(names)}: refused ${shown}`))), '']
}

function unheard(asked: readonly AskedSwitch[], style: Style) {
  const failed = asked.flatMap((one) => ('failure' in one ? [style.bad(failureLine(one.name, one.failure))] : []))
  return failed.length === 0 ? [] : [...failed, '']
}

function summary(asked: readonly AskedSwitch[]) {
  const silent = asked.filter((one) => 'failure' in one).length
  const refused = asked.filter((one) => 'answers' in one && refusedBy(one).length > 0).length
  const parts = present(
    `${asked.length - silent} answered`,
    refused !== 0 && `${count(refused, 'refused', 'refused')} a command`,
    silent !== 0 && `${silent} did not answer`,
  )
  return `Asked: ${switches(asked.length)}: ${parts.join(', ')}`
}

export const answersAs = { text: answersText, csv: answersCsv, json: answersJson } as const

// What was wanted of the answers, for spreadsheets: RFC 4180.
function answersCsv(asked: readonly AskedSwitch[], columns: readonly string[] | undefined) {
  if (columns !== undefined) return csvText([['Switch', ...columns], ...wantedCells(asked, '')])
  const { columns: found, rows } = queryRows(asked)
  return csvText([['Switch', ...found], ...rows])
}

function answersJson(commands: readonly string[], asked: readonly AskedSwitch[]) {
  return JSON.stringify({ version: 1, kind: 'answers', commands, switches: asked.map(switchJson) })
}

function switchJson(asked: AskedSwitch): object {
  if ('failure' in asked) return unreadJson(asked)
  const { name, answers, wanted } = asked
  return { name, answers, wanted }
}

/** A name that is taken gets a number behind it. */
export function answerFiles(asked: readonly AskedSwitch[]): Readonly<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const one of asked) {
    if (!('answers' in one)) continue
    for (const answer of one.answers) {
      if ('refused' in answer) continue
      const [content, end] =
        'text' in answer ? [ended(answer.text), 'txt'] : [`${JSON.stringify(answer.model, undefined, 2)}\n`, 'json']
      const stem = `${one.name}/${fileWord(answer.command)}`
      let file = `${stem}.${end}`
      for (let n = 2; Object.hasOwn(files, file); n++) file = `${stem}-${n}.${end}`
      files[file] = content
    }
  }
  return files
}

function fileWord(command: string) {
  return command
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^[-.]+|-+$/g, '')
    .slice(0, 100)
}

function ended(text: string) {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
