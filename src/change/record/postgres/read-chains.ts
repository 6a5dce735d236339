import { type ChainsTrail, readTrail } from '../chains/read-trail.ts'
import { noSegmentFiles, type SegmentFiles } from '../chains/retired-segments.ts'
import type { KeyRing } from '../seal/key-ring.ts'
import { notesFault } from '../store/all-notes.ts'
import { copyFault } from './copied.ts'
import type { Questions } from './database.ts'
import { deliveriesFault, keptDeliveries } from './deliveries.ts'
import { faultOfRows } from './kept-rows.ts'
import { allNotes } from './postgres-notes.ts'
import { recordViewOver } from './records.ts'
import { keptWorkers, workersFault } from './worker-seal.ts'

/** Reads a store in a database as one moment of it: see {@link readTrail}. A store that is called a copy is one of which that does not hold. */
export function readChains(
  questions: Questions,
  keys: KeyRing | undefined,
  files: SegmentFiles = noSegmentFiles,
): Promise<ChainsTrail> {
  return questions.view(async (ask) => {
    const trail = await readTrail(recordViewOver(ask), { keys, files, beside: (derived) => faultOfRows(ask, derived) })
    const keyed = trail.keyed ? keys : undefined
    const { origin } = trail.chains
    if (keyed !== undefined) {
      trail.chains.find(deliveriesFault(await keptDeliveries(ask), keyed, origin))
      trail.chains.find(workersFault(await keptWorkers(ask), keyed, origin))
      trail.chains.find(notesFault(await allNotes(ask), { keys: keyed, origin }))
    }
    trail.chains.find(await copyFault(ask, keyed))
    return trail
  })
}
