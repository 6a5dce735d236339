import type { Json } from '../../model/json.ts'
import { countEnds, type Rehearsal } from './rehearsal.ts'

/** A rehearsal as `--json` prints it, version 1. */
export function rehearsalJson({ cells, ...rehearsal }: Rehearsal, exitCode: number): Json {
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
