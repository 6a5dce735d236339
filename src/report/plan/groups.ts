import type { Plan } from '../../change/plan/plan.ts'
import { groupBySkeleton, type SkeletonGroup } from '../../change/plan/skeleton.ts'
import { changedLines } from '../text/changed-lines.ts'
import { someOf, switches } from '../text/count.ts'
import { wrapped } from '../text/fit.ts'
import { inlineValues } from '../text/inline-values.ts'
import type { Style } from '../text/style.ts'
import { type ValueTable, valueTables } from '../text/value-table.ts'
import { visibleLine } from '../text/visible.ts'

/** The changes of a plan, a block of lines for each group of switches: who, the change once, and the values that differ, in the lines or in a table. */
export function planGroups(plan: Plan, style: Style, width: number): readonly (readonly string[])[] {
  return groupBySkeleton(plan).map((group, index) => {
    const head = headOf(group, index, width)
    if (group.lines.length === 0) return head
    const inline = inlineValues(group, width - 2)
    return [
      ...head.map((row) => style.bold(row)),
      ...changedLines(inline ?? group.lines, style).map((line) => `  ${line}`),
      ...(inline === undefined
        ? valueTables(group, width - MARGIN.length).flatMap((table) => tableRows(table, width))
        : []),
    ]
  })
}

/** Who is in a group, and how much it changes; the latter is never broken. */
function headOf({ devices, lines, added, removed }: SkeletonGroup, index: number, width: number): string[] {
  const letter = String.fromCharCode(65 + (index % 26))
  const size = lines.length === 0 ? '(no change)' : `+${added} -${removed}`
  const names = wrapped(`${letter} ─ ${switches(devices.length)}: ${visibleLine(someOf(devices))}`, {
    width,
    hang: 4,
  })
  const last = names.at(-1) ?? ''
  const fits = lengthOf(last) + 3 + size.length <= width
  return fits ? [...names.slice(0, -1), `${last}   ${size}`] : [...names, `    ${size}`]
}

/** No line of a diff has this sign. */
const MARGIN = '  │ '

/** A value is never cut, nor a name broken: where both are long, the row is wider than the screen. */
function tableRows({ marks, rows }: ValueTable, width: number): string[] {
  const widths = marks.map((mark, column) =>
    Math.max(mark.length, ...rows.map(({ values }) => lengthOf(values[column]))),
  )
  const cells = (values: readonly string[]): string =>
    values.map((value, column) => `${value}${' '.repeat((widths[column] ?? 0) - lengthOf(value))}  `).join('')
  const hang = MARGIN.length + widths.reduce((sum, one) => sum + one + 2, 0)
  const blank = `${MARGIN}${' '.repeat(hang - MARGIN.length)}`
  return [
    `${MARGIN}${cells(marks)}switches`,
    ...rows.flatMap(({ values, devices }) => {
      const some = someOf(devices)
      const names = wrapped(some, {
        width: Math.max(width - hang, ...some.split(' ').map((name) => lengthOf(name))),
        hang: 0,
      })
      return names.map((line, index) => `${index === 0 ? `${MARGIN}${cells(values)}` : blank}${line}`)
    }),
  ]
}

function lengthOf(text = ''): number {
  return [...text].length
}
