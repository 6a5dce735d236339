import { END_WORDS } from '../phrases/end-words.ts'
import { type JunitCase, junit } from '../text/junit.ts'
import { placeOfCell, type Rehearsal, type RehearsedCell } from './rehearsal.ts'

/** A rehearsal in the form that CI systems read: a case for each trial, its time that of the switches. A trial that ends badly is a failure. */
export function rehearsalJunit({ workflow, fabric, cells }: Rehearsal): string {
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

/** Where each switch is, what is said of it, and what makes it IN BETWEEN. */
function detailOf({ outcome, exit, switches }: RehearsedCell): string {
  const ends = switches.flatMap(({ name, end, said, difference }) => [
    `${name}: ${end}${said === undefined ? '' : `, eosflow says ${END_WORDS[said]}`}`,
    ...(difference === undefined ? [] : [`  ${difference.config}, from ${difference.from}:`]),
    ...(difference?.lines ?? []).map(({ sign, text }) => `  ${sign} ${text}`),
  ])
  return [`outcome ${outcome ?? 'none'}, exit ${exit}`, ...ends].join('\n')
}
