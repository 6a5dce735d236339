import { count, type Style, visibleLine } from '../text/text.ts'
import type { DoctorSection, Point } from './examination.ts'

const MARK: Readonly<Record<Point['health'], string>> = { good: '✔', warning: '!', failed: '✖', skipped: '○' }

/** The points that are not good, by section, with what mends them, and one countable line; `all`: the good ones too. */
export function doctorText(sections: readonly DoctorSection[], style: Style, { all = false } = {}): string {
  const blocks = sections.flatMap(({ title, points }) => {
    const shown = all ? points : points.filter(({ health }) => health !== 'good')
    if (shown.length === 0) return []
    return [style.bold(visibleLine(title)), ...shown.flatMap((point) => pointLines(point, style)), '']
  })
  return [...blocks, totalOf(sections, all)].join('\n')
}

function totalOf(sections: readonly DoctorSection[], all: boolean) {
  const healths = healthsIn(sections)
  const of = (health: Point['health']) => healths.filter((one) => one === health).length
  const skipped = of('skipped') === 0 ? '' : `, ${of('skipped')} not looked at`
  const more = all || of('good') === 0 ? '' : ' (--all shows what is good)'
  return `Doctor: ${count(healths.length, 'point')} · ${of('good')} good, ${count(of('warning'), 'warning')}, ${of('failed')} failed${skipped}${more}`
}

export function healthsIn(sections: readonly DoctorSection[]): readonly Point['health'][] {
  return sections.flatMap(({ points }) => points.map(({ health }) => health))
}

function pointLines({ health, says, mend }: Point, style: Style) {
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
