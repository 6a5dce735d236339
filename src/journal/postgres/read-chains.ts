import { type ChainsTrail, readTrail } from '../chains/read-trail.ts'
import { noSegmentFiles, type SegmentFiles } from '../chains/retired-segments.ts'
import type { KeyRing } from '../key-ring.ts'
import type { Questions } from './database.ts'
import { faultOfRows } from './kept-rows.ts'
import { readMoved } from './read-moved.ts'
import { recordViewOver } from './records.ts'

/** Reads a store in a database, and what was moved into it, as one moment of both: see {@link readTrail}. */
export function readChains(
  questions: Questions,
  keys: KeyRing | undefined,
  files: SegmentFiles = noSegmentFiles,
): Promise<ChainsTrail> {
  return questions.view((ask) =>
    readTrail(recordViewOver(ask), {
      keys,
      files,
      moved: (retired) => readMoved(ask, retired),
      beside: (derived) => faultOfRows(ask, derived),
    }),
  )
}
