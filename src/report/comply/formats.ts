import { messageOf } from '../../model/error.ts'
import { diffLineText } from '../plan/text.ts'
import { failureLine, unreadJson } from '../sessions/formats.ts'
import { type JunitCase, type JunitOutcome, junit } from '../text/junit.ts'
import {
  count,
  csvText,
  fencedLine,
  hanging,
  markdownText,
  present,
  type Style,
  tableLines,
  visibleLine,
} from '../text/text.ts'
import {
  type ComparedSwitch,
  type Compliance,
  type ComplyLine,
  type ComplySection,
  complyWords,
  excuseOf,
  type IdleExcuse,
  isExcused,
  type SwitchCompliance,
  sourceWords,
  stateWords,
  sumOfCompliance,
} from './comply.ts'

const HEAD = ['switch', 'section', 'state', 'missing', 'extra', 'ordered', 'excused']

function complyText({ switches, exceptions }: Compliance, style: Style) {
  const compared = switches.filter((one) => 'sections' in one)
  const rows = compared.flatMap((one) =>
    one.sections.filter(({ lines }) => lines.length > 0).map((section) => row(one, section)),
  )
  const table = rows.length === 0 ? [] : [...tableLines([HEAD, ...rows], style), '']
  const blocks = compared.filter(({ state }) => state === 'differs').flatMap((one) => [...block(one, style), ''])
  const others = switches.flatMap((one) => {
    if (one.state === 'unknown') return [style.warning(visibleLine(`? ${one.name}: nothing is intended for it`))]
    return one.state === 'unread' ? [style.bad(failureLine(one.name, one.failure))] : []
  })
  const notes = [...others, ...exceptions.map((one) => exceptionLine(one, style)), ...modelLines(compared)]
  const sum = `Comply: ${count(switches.length, 'switch', 'switches')}, ${complyWords(sumOfCompliance(switches))}`
  return present(table, blocks, notes, notes.length > 0 && '', sum).join('\n')
}

function row({ name }: ComparedSwitch, section: ComplySection) {
  const left = section.lines.filter((line) => !isExcused(line))
  const of = (kind: string) => `${left.filter((line) => line.kind === kind).length}`
  const excused = `${section.lines.length - left.length}`
  const cells = [name, section.name, stateWords(section), of('missing'), of('extra'), of('ordered'), excused]
  return cells.map(visibleLine)
}

function block({ name, sections, source, by }: ComparedSwitch, style: Style) {
  const differ = sections.filter(({ states }) => states.length > 0)
  const model = by === 'model' ? ', by the model of eosflow' : ''
  const of = `${differ.length} of ${count(sections.length, 'section')} ${differ.length === 1 ? 'differs' : 'differ'}`
  return [
    style.bold(visibleLine(`${name}   ${of} from ${sourceWords(source)}${model}`)),
    ...differ.flatMap((section) => [
      `  ${visibleLine(section.name)}: ${stateWords(section)}`,
      ...section.config.map((line) => `    ${diffLineText(line, style)}`),
    ]),
  ]
}

function exceptionLine(exception: IdleExcuse, style: Style) {
  return style.warning(visibleLine(`! ${exception.at}: ${idleWords(exception)}`))
}

function modelLines(compared: readonly ComparedSwitch[]) {
  const names = compared.filter(({ by }) => by === 'model').map(({ name }) => name)
  if (names.length === 0) return []
  const who = names.length === compared.length ? 'All differences are' : `The differences of ${names.join(', ')} are`
  return [visibleLine(`${who} computed by the model of eosflow, not by a switch.`)]
}

const HEADER = ['Switch', 'Section', 'State', 'Line', 'Computed by', 'Excused by', 'Until', 'Because']

function complyCsv({ switches }: Compliance) {
  return csvText([HEADER, ...switches.flatMap(rowsOf)])
}

function rowsOf(one: SwitchCompliance) {
  if (one.state === 'unknown') return [[one.name, '', 'nothing intended', '', '', '', '', '']]
  if (one.state === 'unread') {
    return [[one.name, '', 'not compared', messageOf(one.failure), '', '', '', '']]
  }
  return one.sections.flatMap(({ name, lines }) => {
    const before = [one.name, name]
    if (lines.length === 0) return [[...before, 'compliant', '', one.by, '', '', '']]
    return lines.map((line) => [...before, stateOf(line), `${line.sign} ${line.line}`, one.by, ...excuseOf(line)])
  })
}

function stateOf(line: ComplyLine) {
  return isExcused(line) ? `${line.kind}, excused` : line.kind
}

export const complyAs = {
  text: complyText,
  json: complyJson,
  markdown: complyMarkdown,
  csv: complyCsv,
  junit: complyJunit,
} as const

function complyJson({ switches, exceptions }: Compliance) {
  const sum = sumOfCompliance(switches)
  const document = { version: 1, kind: 'comply', sum, words: complyWords(sum) }
  return JSON.stringify({ ...document, switches: switches.map(switchJson), exceptions })
}

function switchJson(one: SwitchCompliance): object {
  if (one.state === 'unread') return unreadJson(one)
  if (one.state === 'unknown') return one
  const { name, state, source, by, sections } = one
  return { name, state, source, by, sections: sections.map(({ name, states, lines }) => ({ name, states, lines })) }
}

function complyJunit({ switches }: Compliance) {
  const suites = switches.map((one) => ({ name: one.name, cases: casesOf(one) }))
  return junit({ name: 'eosflow comply', suites, counts: 'skipped' })
}

function casesOf(one: SwitchCompliance): readonly JunitCase[] {
  if ('sections' in one)
    return one.sections.map((section) => ({ classname: one.name, name: section.name, outcomes: outcomes(section) }))
  const message =
    one.state === 'unknown'
      ? `${one.name}: nothing is intended for it`
      : failureLine(one.name, one.failure).replace(/^\? /, '')
  return [{ classname: one.name, name: 'compared', outcomes: [{ element: 'error', message: visibleLine(message) }] }]
}

function outcomes(section: ComplySection): readonly JunitOutcome[] {
  const { states, config, lines } = section
  if (states.length > 0) {
    const text = config.map(({ sign, text }) => hanging(`${sign} ${text}`)).join('\n')
    return [{ element: 'failure', message: stateWords(section), text }]
  }
  const excuses = lines.filter(isExcused).flatMap(({ excuse }) => excuse ?? [])
  const words = new Set(excuses.map(({ owner, until, because }) => `excused by ${owner} until ${until}: ${because}`))
  return words.size === 0 ? [] : [{ element: 'skipped', message: visibleLine([...words].join('; ')) }]
}

function complyMarkdown({ switches, exceptions }: Compliance) {
  const compared = switches.filter((one) => 'sections' in one)
  const rows = compared.flatMap(({ name, sections }) =>
    sections
      .filter(({ lines }) => lines.length > 0)
      .map((section) => {
        const excused = section.lines.filter(isExcused).length
        return `| ${markdownText(name)} | ${markdownText(section.name)} | ${stateWords(section)} | ${section.lines.length - excused} | ${excused} |`
      }),
  )
  const others = switches.flatMap((one) => {
    if (one.state === 'unknown') return [`- ${markdownText(one.name)}: nothing is intended for it`]
    return one.state === 'unread' ? [`- ${markdownText(failureLine(one.name, one.failure))}`] : []
  })
  const idle = exceptions.map((one) => `- ${markdownText(`${one.at}: ${idleWords(one)}`)}`)
  const models = compared.filter(({ by }) => by === 'model').map(({ name }) => markdownText(name))
  const model =
    models.length === 0 ? [] : [`Computed by the model of eosflow, not by a switch: ${models.join(', ')}`, '']
  const listed = [...others, ...idle]
  return present(
    `### eosflow comply: ${count(switches.length, 'switch', 'switches')}`,
    '',
    complyWords(sumOfCompliance(switches)),
    '',
    model,
    rows.length > 0 && [
      '| Switch | Section | State | Lines | Excused |',
      '| --- | --- | --- | ---: | ---: |',
      ...rows,
      '',
    ],
    listed.length > 0 && [...listed, ''],
    compared.filter(({ state }) => state === 'differs').flatMap(details),
  ).join('\n')
}

function details({ name, sections }: ComparedSwitch) {
  const differ = sections.filter(({ states }) => states.length > 0)
  return [
    `<details><summary>${markdownText(name)}: ${count(differ.length, 'section')}</summary>`,
    '',
    '```diff',
    ...differ.flatMap((section) => [
      `# ${section.name}: ${stateWords(section)}`,
      ...section.config.map(({ sign, text }) => fencedLine(visibleLine(`${sign} ${text}`))),
    ]),
    '```',
    '',
    '</details>',
    '',
  ]
}

function idleWords({ idle, owner, until, because, lines }: IdleExcuse) {
  const of = `the exception of ${owner} (${because})`
  if (idle === 'unused') return `${of} means nothing that differs`
  const meant =
    lines === 0 ? 'nothing that differs' : `${count(lines, 'line')} that ${lines === 1 ? 'differs' : 'differ'}`
  return `${of} has ended on ${until}, and means ${meant}`
}
