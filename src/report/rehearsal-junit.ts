import { END_WORDS } from './end-words.ts'
import { placeOfCell, type Rehearsal, type RehearsedCell } from './rehearsal.ts'
import { xmlText } from './xml-text.ts'

/** A rehearsal in the form that CI systems read: a case for each trial, its time that of the switches. A trial that ends badly is a failure. */
export function rehearsalJunit({ workflow, fabric, cells }: Rehearsal): string {
  const failed = cells.filter(({ ok }) => !ok).length
  const time = cells.reduce((sum, { seconds }) => sum + seconds, 0)
  const counts = `tests="${cells.length}" failures="${failed}" errors="0" time="${time}.000"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts} name="eosflow rehearse">`,
    `  <testsuite ${counts} name="${xmlText(`${workflow} on ${fabric}`)}">`,
    ...cells.flatMap((cell) => caseLines(cell, workflow)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function caseLines(cell: RehearsedCell, workflow: string): readonly string[] {
  const name = `${cell.says} ${placeOfCell(cell)}`
  const head = `    <testcase classname="${xmlText(`${workflow}.${cell.kind}`)}" name="${xmlText(name)}" time="${cell.seconds}.000"`
  if (cell.ok) return [`${head}/>`]
  const message = xmlText(`${cell.end}: ${cell.faults.join('; ')}`)
  return [`${head}>`, `      <failure message="${message}">${xmlText(detailOf(cell))}</failure>`, '    </testcase>']
}

/** Where each switch is, what is said of it, and what makes it IN BETWEEN. */
function detailOf({ outcome, exit, switches }: RehearsedCell): string {
  const ends = switches.flatMap(({ name, end, said, difference }) => [
    `${name}: ${end}${said === undefined ? '' : `, eosflow says ${END_WORDS[said]}`}`,
    ...(difference === undefined ? [] : [`  ${difference.config}, from ${difference.from}:`]),
    ...(difference?.lines ?? []).map(({ sign, text }) => `  ${sign} ${text}`),
  ])
  return [`outcome ${outcome ?? 'none'}, exit ${exit}`, ...ends].join('\n')
}
