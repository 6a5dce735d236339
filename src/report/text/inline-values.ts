import type { DiffLine } from '../../change/plan/plan.ts'
import type { SkeletonGroup } from '../../change/plan/skeleton.ts'
import { gathered } from '../../model/map-keys.ts'
import { visibleLine } from './visible.ts'

// The values of at most so many switches are shown in their lines; those of more switches have a table.
const MOST_INLINE = 4

// A group whose own lines hold it has a table instead.
const BAR = '│'

export interface InlineLine extends DiffLine {
  readonly on?: string
}

/**
 * The lines of a group with the values of each switch in their places: a line that differs comes once for each of its values, with the switches that have it.
 * Undefined if too many switches share the change, or if the lines would be wider than `width` or could be read in two ways.
 */
export function inlineValues(group: SkeletonGroup, width: number): readonly InlineLine[] | undefined {
  if (group.values.length === 0) return group.lines
  if (group.devices.length > MOST_INLINE) return undefined
  const names = group.devices.map(visibleLine)
  const lines = group.lines.flatMap((line) => variantsOf(line, group, names))
  const varied = lines.filter(({ on }) => on !== undefined)
  const column = columnOf(lines)
  const isWide = varied.some(({ on = '' }) => column + BAR.length + 1 + lengthOf(on) > width)
  const isUnclear = lines.some(({ text, on }) => text.includes(BAR) || (on !== undefined && /\s$/.test(text)))
  return isWide || isUnclear ? undefined : lines
}

/** `printed`: each line as it is painted; `lines`: the same ones, plain. */
export function withSwitches(line: InlineLine, printed: string, column: number): string {
  if (line.on === undefined) return printed
  return `${printed}${' '.repeat(column - SIGN - lengthOf(visibleLine(line.text)))}${BAR} ${line.on}`
}

const SIGN = 2

export function columnOf(lines: readonly InlineLine[]): number {
  const widths = lines.flatMap(({ text, on }) => (on === undefined ? [] : [lengthOf(visibleLine(text))]))
  return SIGN + Math.max(0, ...widths) + 2
}

function variantsOf(line: DiffLine, { devices, values }: SkeletonGroup, names: readonly string[]): InlineLine[] {
  if (!values.some(({ mark }) => line.text.includes(mark))) return [line]
  const variants = devices.map((_, index) => {
    // All at once: a value may look like the mark of another.
    const text = line.text.replace(/\{\d+\}/g, (mark) => values.find((one) => one.mark === mark)?.on[index] ?? mark)
    return [text, names[index] ?? ''] as const
  })
  return [...gathered(variants)].map(([text, on]) => ({ sign: line.sign, text, on: on.join(' ') }))
}

function lengthOf(text: string) {
  return [...text].length
}
