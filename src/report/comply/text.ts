import { diffLineText } from '../plan/text.ts'
import { failureLine } from '../sessions/text.ts'
import { count } from '../text/count.ts'
import type { Style } from '../text/style.ts'
import { tableLines } from '../text/table-lines.ts'
import { visibleLine } from '../text/visible.ts'
import {
  type ComparedSwitch,
  type Compliance,
  type ComplySection,
  complyWords,
  type IdleExcuse,
  isExcused,
  sourceWords,
  stateWords,
  sumOfCompliance,
} from './comply.ts'
import { idleWords } from './idle-words.ts'

const HEAD = ['switch', 'section', 'state', 'missing', 'extra', 'ordered', 'excused']

/** A row for each section that is not as intended, its lines below, who was not compared and which exceptions need somebody; one countable line. */
export function complyText({ switches, exceptions }: Compliance, style: Style): string {
  const compared = switches.filter((one) => 'sections' in one)
  const rows = compared.flatMap((one) => shownSections(one).map((section) => row(one, section)))
  const table = rows.length === 0 ? [] : [...tableLines([HEAD, ...rows], style), '']
  const blocks = compared.filter(({ state }) => state === 'differs').flatMap((one) => [...block(one, style), ''])
  const others = switches.flatMap((one) => {
    if (one.state === 'unknown') return [style.warning(visibleLine(`? ${one.name}: nothing is intended for it`))]
    return one.state === 'unread' ? [style.bad(failureLine({ device: one.name, failure: one.failure }))] : []
  })
  const notes = [...others, ...exceptions.map((one) => exceptionLine(one, style)), ...modelLines(compared)]
  const sum = `Comply: ${count(switches.length, 'switch', 'switches')}, ${complyWords(sumOfCompliance(switches))}`
  return [...table, ...blocks, ...notes, ...(notes.length === 0 ? [] : ['']), sum].join('\n')
}

/** Those that differ, or would without an exception. */
function shownSections({ sections }: ComparedSwitch): readonly ComplySection[] {
  return sections.filter(({ lines }) => lines.length > 0)
}

function row({ name }: ComparedSwitch, section: ComplySection): readonly string[] {
  const left = section.lines.filter((line) => !isExcused(line))
  const of = (kind: string): string => `${left.filter((line) => line.kind === kind).length}`
  const excused = `${section.lines.length - left.length}`
  const cells = [name, section.name, stateWords(section), of('missing'), of('extra'), of('ordered'), excused]
  return cells.map(visibleLine)
}

function block({ name, sections, source, by }: ComparedSwitch, style: Style): readonly string[] {
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

function exceptionLine(exception: IdleExcuse, style: Style): string {
  return style.warning(visibleLine(`! ${exception.at}: ${idleWords(exception)}`))
}

/** Nobody may take what our model says for what a switch says. */
function modelLines(compared: readonly ComparedSwitch[]): readonly string[] {
  const names = compared.filter(({ by }) => by === 'model').map(({ name }) => name)
  if (names.length === 0) return []
  const who = names.length === compared.length ? 'All differences are' : `The differences of ${names.join(', ')} are`
  return [visibleLine(`${who} computed by the model of eosflow, not by a switch.`)]
}
