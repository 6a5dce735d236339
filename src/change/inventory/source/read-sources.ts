import type { Place, ValueOrProblems } from '../../../model/problem.ts'
import { refuse } from '../../../text/source/checked.ts'
import type { SourceReading } from './source-reading.ts'
import type { SourceSettings } from './source-settings.ts'

/** Reads the sources of an inventory, in their order. `placeOf`: where `inventory.yaml` names the one of an index. */
export type ReadSources = (
  sources: readonly SourceSettings[],
  placeOf: (index: number) => Place,
) => readonly ValueOrProblems<SourceReading>[]

/** For whoever has no files to read sources from: each is refused. */
export const unreadSources: ReadSources = (sources, placeOf) =>
  sources.map((_, index) =>
    refuse({ code: 'inventory-source', message: 'sources are not read here', at: placeOf(index) }),
  )
