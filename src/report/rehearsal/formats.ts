import type { Json } from '../../model/json.ts'
import { END_WORDS } from '../phrases/end-words.ts'
import { type JunitCase, junit } from '../text/junit.ts'
import { countEnds, placeOfCell, type Rehearsal, type RehearsedCell } from './rehearsal.ts'
import { rehearsalText } from './text.ts'

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
  const ends = switches.flatMap(({ name, end, said, difference }) => [
    `${name}: ${end}${said === undefined ? '' : `, eosflow says ${END_WORDS[said]}`}`,
    ...(difference === undefined ? [] : [`  ${difference.config}, from ${difference.from}:`]),
    ...(difference?.lines ?? []).map(({ sign, text }) => `  ${sign} ${text}`),
  ])
  return [`outcome ${outcome ?? 'none'}, exit ${exit}`, ...ends].join('\n')
}
