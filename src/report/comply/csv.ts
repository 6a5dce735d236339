import { messageOf } from '../../model/error.ts'
import { csvText } from '../text/csv.ts'
import { type Compliance, type ComplyLine, isExcused, type SwitchCompliance } from './comply.ts'

const HEADER = ['Switch', 'Section', 'State', 'Line', 'Computed by', 'Excused by', 'Until', 'Because']

/** A row for each line that is not as intended, for each section that is, and for each switch that was not compared. */
export function complyCsv({ switches }: Compliance): string {
  return csvText([HEADER, ...switches.flatMap(rowsOf)])
}

function rowsOf(one: SwitchCompliance): readonly (readonly string[])[] {
  if (one.state === 'unknown') return [[one.name, '', 'nothing intended', '', '', '', '', '']]
  if (one.state === 'unread') {
    const why = messageOf(one.failure)
    return [[one.name, '', 'not compared', why, '', '', '', '']]
  }
  return one.sections.flatMap(({ name, lines }) => {
    const before = [one.name, name]
    if (lines.length === 0) return [[...before, 'compliant', '', one.by, '', '', '']]
    return lines.map((line) => [...before, stateOf(line), `${line.sign} ${line.line}`, one.by, ...excuse(line)])
  })
}

function stateOf(line: ComplyLine): string {
  return isExcused(line) ? `${line.kind}, excused` : line.kind
}

function excuse({ excuse: by }: ComplyLine): readonly string[] {
  return by === undefined ? ['', '', ''] : [by.owner, by.until, by.because]
}
