import type { Outcome } from '../../change/record/event/event.ts'
import type { ChangeLine } from '../../eos/config/diff/diff.ts'
import type { DeviceEnd } from '../../model/act.ts'
import { gathered, type Json } from '../../model/json.ts'
import { END_WORDS } from '../phrases/end-words.ts'
import { type JunitCase, junit } from '../text/junit.ts'
import {
  count,
  duration,
  present,
  type Style,
  switches as switchCount,
  tableLines,
  visible,
  visibleLine,
} from '../text/text.ts'

export type TrueEnd = 'BEFORE' | 'AFTER' | 'IN BETWEEN'
export type CellEnd = TrueEnd | 'PART' | 'UNKNOWN'

export interface RehearsedSwitch {
  readonly name: string
  readonly end: TrueEnd
  /** What eosflow says of it; absent for a switch that it was not asked to change. */
  readonly said?: DeviceEnd
  readonly difference?: RehearsedDifference
}

export interface RehearsedDifference {
  readonly config: 'running-config' | 'startup-config'
  readonly from: 'BEFORE' | 'AFTER'
  readonly lines: readonly ChangeLine[]
}

export interface RehearsedCell {
  readonly kind: string
  readonly says: string
  /** Where it struck: the point and the switch, or the record behind which the controller was killed. */
  readonly at:
    | { readonly point: string; readonly device: string }
    | { readonly record: number; readonly words: string; readonly resumed: 'at once' | 'after the commit timer' }
  readonly end: CellEnd
  readonly ok: boolean
  /** How eosflow says that it ended; absent when it could not end. */
  readonly outcome?: Outcome
  readonly exit: number
  /** How long it took, in seconds of the switches' time. */
  readonly seconds: number
  /** What is not as it should be, in words; empty when `ok`. */
  readonly faults: readonly string[]
  readonly switches: readonly RehearsedSwitch[]
}

export interface Rehearsal {
  readonly workflow: string
  readonly fabric: string
  readonly devices: readonly string[]
  readonly seed: number
  readonly undisturbed: { readonly records: number; readonly seconds: number }
  readonly cells: readonly RehearsedCell[]
  /** The outside judges that nobody asked; absent where the workflow has none. */
  readonly unasked?: readonly string[]
}

/** The ends in the order in which they are counted. */
export const CELL_ENDS: readonly CellEnd[] = ['BEFORE', 'AFTER', 'PART', 'UNKNOWN', 'IN BETWEEN']

export function countEnds(cells: readonly RehearsedCell[]): ReadonlyMap<CellEnd, number> {
  return new Map(CELL_ENDS.map((end) => [end, cells.filter((cell) => cell.end === end).length]))
}

export function placeOfCell({ at }: RehearsedCell): string {
  return 'point' in at
    ? `at ${at.point} of ${at.device}`
    : `behind record ${at.record} (${at.words}), resumed ${at.resumed}`
}

export const rehearsalAs = { text: rehearsalText, json: rehearsalJson, junit: rehearsalJunit } as const

function rehearsalJson({ cells, ...rehearsal }: Rehearsal, exitCode: number): Json {
  const ends = countEnds(cells)
  return {
    version: 1,
    kind: 'rehearsal',
    workflow: rehearsal.workflow,
    fabric: rehearsal.fabric,
    devices: [...rehearsal.devices],
    seed: rehearsal.seed,
    approvals: 'rehearsal',
    ...(rehearsal.unasked === undefined ? {} : { unasked: [...rehearsal.unasked] }),
    undisturbed: { ...rehearsal.undisturbed },
    counts: {
      cells: cells.length,
      failed: cells.filter(({ ok }) => !ok).length,
      before: ends.get('BEFORE') ?? 0,
      after: ends.get('AFTER') ?? 0,
      part: ends.get('PART') ?? 0,
      unknown: ends.get('UNKNOWN') ?? 0,
      inBetween: ends.get('IN BETWEEN') ?? 0,
    },
    cells: cells.map(({ kind, at, end, ok, outcome, exit, seconds, faults, switches }) => ({
      kind,
      ...('point' in at
        ? { point: at.point, device: at.device }
        : { record: at.record, behind: at.words, resumed: at.resumed }),
      end,
      ok,
      outcome: outcome ?? null,
      exit,
      seconds,
      faults: [...faults],
      switches: switches.map(({ name, end: where, said, difference }) => ({
        name,
        end: where,
        said: said ?? null,
        ...(difference === undefined
          ? {}
          : {
              difference: {
                config: difference.config,
                from: difference.from,
                lines: difference.lines.map(({ sign, text }) => `${sign} ${text}`),
              },
            }),
      })),
    })),
    exitCode,
  }
}

function rehearsalJunit({ workflow, fabric, cells }: Rehearsal) {
  const suite = { name: `${workflow} on ${fabric}`, cases: cells.map((cell) => caseOf(cell, workflow)) }
  return junit({ name: 'eosflow rehearse', suites: [suite], counts: 'time' })
}

function caseOf(cell: RehearsedCell, workflow: string): JunitCase {
  const message = `${cell.end}: ${cell.faults.join('; ')}`
  return {
    classname: `${workflow}.${cell.kind}`,
    name: `${cell.says} ${placeOfCell(cell)}`,
    milliseconds: cell.seconds * 1000,
    outcomes: cell.ok ? [] : [{ element: 'failure', message, text: detailOf(cell) }],
  }
}

function detailOf({ outcome, exit, switches }: RehearsedCell) {
  const ends = switches.flatMap(({ name, end, said, difference }) =>
    present(
      `${name}: ${end}${said === undefined ? '' : `, eosflow says ${END_WORDS[said]}`}`,
      difference !== undefined && `  ${difference.config}, from ${difference.from}:`,
      (difference?.lines ?? []).map(({ sign, text }) => `  ${sign} ${text}`),
    ),
  )
  return [`outcome ${outcome ?? 'none'}, exit ${exit}`, ...ends].join('\n')
}

const COLUMNS = ['stage', 'arm', 'verify', 'confirm', 'save'] as const
const MOST_LINES = 8

function rehearsalText(rehearsal: Rehearsal, elapsed: number, style: Style) {
  const { workflow, fabric, devices, cells, unasked = [] } = rehearsal
  const bad = cells.filter(({ ok }) => !ok)
  return present(
    `${style.bold(`Rehearsal of ${visibleLine(workflow)}`)} on simulated switches (${visibleLine(fabric)}): ${devices.map(visibleLine).join(', ')}`,
    'No switch is contacted. Plans are approved by a rehearsal approver, which counts for nothing outside.',
    unasked.length > 0 &&
      `Not judged by ${unasked.map(visibleLine).join(', ')}: a rehearsal asks no monitoring system.`,
    '',
    alike(bad).flatMap((cells) => [...badCells(cells, style), '']),
    faultTable(cells, style),
    crashLines(rehearsal),
    summary(rehearsal, elapsed),
  ).join('\n')
}

function alike(cells: readonly RehearsedCell[]) {
  const ways = cells.map((cell) => {
    const way = [cell.end, cell.faults, cell.switches.map(({ name, difference }) => [name, difference])]
    return [JSON.stringify(way), cell] as const
  })
  return [...gathered(ways).values()]
}

function badCells(cells: readonly RehearsedCell[], style: Style) {
  const [first] = cells
  return [
    ...cells.map((cell) => {
      const { end, says, exit, outcome, seconds } = cell
      const said = `eosflow: ${outcome ?? 'no end'}, exit ${exit}, after ${duration(seconds)}`
      return `${style.bad('✖')} ${style.bold(end)}  ${says} ${placeOfCell(cell)}  ${style.dim(said)}`
    }),
    ...(first?.faults ?? []).map((fault) => `    ${visibleLine(fault)}`),
    ...(first?.switches ?? []).flatMap((one) => differenceLines(one, style)),
  ]
}

function differenceLines({ name, difference }: RehearsedSwitch, style: Style) {
  if (difference === undefined) return []
  const { config, from, lines } = difference
  const paint = { '+': style.added, '-': style.removed, ' ': style.dim }
  const left = lines.length - MOST_LINES
  return present(
    `    ${visibleLine(name)}: ${config} differs from ${from}:`,
    lines.slice(0, MOST_LINES).map(({ sign, text }) => `      ${paint[sign](`${sign} ${visible(text)}`)}`),
    left > 0 && `      ${style.dim(`and ${count(left, 'line')} more`)}`,
  )
}

function faultTable(cells: readonly RehearsedCell[], style: Style) {
  const struck = cells.filter(({ at }) => 'point' in at)
  if (struck.length === 0) return []
  const kinds = [...new Set(struck.map(({ says }) => says))]
  const rows = kinds.map((kind) => {
    const own = struck.filter(({ says }) => says === kind)
    return [kind, ...COLUMNS.map((point) => endsAt(own, point))]
  })
  return [...tableLines([['what goes wrong', ...COLUMNS], ...rows], style), '']
}

function endsAt(cells: readonly RehearsedCell[], point: string) {
  const here = cells.filter(({ at }) => 'point' in at && at.point === point)
  if (here.length === 0) return '-'
  const ends = CELL_ENDS.filter((end) => here.some((cell) => cell.end === end))
  return `${ends.join(' / ')}${here.every(({ ok }) => ok) ? '' : ' ✖'}`
}

function crashLines({ cells, undisturbed }: Rehearsal) {
  const lines = (['at once', 'after the commit timer'] as const).flatMap((resumed) => {
    const own = cells.filter(({ at }) => 'resumed' in at && at.resumed === resumed)
    if (own.length === 0) return []
    return [`killed behind ${own.length} of ${undisturbed.records} records, resumed ${resumed}: ${endsText(own)}`]
  })
  return lines.length === 0 ? [] : [...lines, '']
}

function endsText(cells: readonly RehearsedCell[]) {
  return [...countEnds(cells)].flatMap(([end, n]) => (n === 0 ? [] : [`${n} ${end}`])).join(', ')
}

function summary({ cells, devices }: Rehearsal, elapsed: number) {
  const ends = countEnds(cells)
  const said = ['BEFORE', 'AFTER', 'UNKNOWN', 'IN BETWEEN'] as const
  const part = ends.get('PART') ?? 0
  const counts = said.map((end) => `${ends.get(end) ?? 0} ${end}`)
  const untrue = cells.filter(({ ok, end }) => !ok && end !== 'IN BETWEEN').length
  const longest = Math.max(0, ...cells.map(({ seconds }) => seconds))
  return [
    `Rehearsal: ${count(cells.length, 'trial')}: ${present(counts, part !== 0 && `${part} PART`, untrue !== 0 && `${untrue} reported wrongly`).join(', ')}`,
    switchCount(devices.length),
    `longest ${duration(longest)} (virtual)`,
    `${elapsed.toFixed(1)} s`,
  ].join(' · ')
}

export function rehearsalVerdict({ cells }: Rehearsal): string {
  const bad = cells.filter(({ ok }) => !ok).length
  if (bad === 0) return `All ${count(cells.length, 'trial')} ended well`
  return `${bad} of ${count(cells.length, 'trial')} ended badly`
}
