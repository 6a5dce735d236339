import { count } from '../count.ts'
import type { Style } from '../style.ts'
import { visibleLine } from '../visible.ts'
import type { DoctorSection, Point } from './point.ts'

const MARK: Readonly<Record<Point['health'], string>> = { good: '✔', warning: '!', failed: '✖', skipped: '○' }

/** Every section with its points, what mends those that are not good, and one countable line. */
export function doctorText(sections: readonly DoctorSection[], style: Style): string {
  const blocks = sections.flatMap(({ title, points }) => [
    style.bold(visibleLine(title)),
    ...points.flatMap((point) => pointLines(point, style)),
    '',
  ])
  const of = (health: Point['health']): number => healthsIn(sections).filter((one) => one === health).length
  const total = `Doctor: ${count(healthsIn(sections).length, 'point')} · ${of('good')} good, ${count(of('warning'), 'warning')}, ${of('failed')} failed`
  return [...blocks, total].join('\n')
}

/** The health of every point. */
export function healthsIn(sections: readonly DoctorSection[]): readonly Point['health'][] {
  return sections.flatMap(({ points }) => points.map(({ health }) => health))
}

function pointLines({ health, says, mend }: Point, style: Style): readonly string[] {
  const line = `  ${MARK[health]} ${visibleLine(says)}`
  const mending = mend === undefined ? [] : [`      ${visibleLine(mend)}`]
  switch (health) {
    case 'good':
      return [style.good(line)]
    case 'warning':
      return [style.warning(line), ...mending]
    case 'failed':
      return [style.bad(line), ...mending]
    case 'skipped':
      return [style.dim(line)]
  }
}
