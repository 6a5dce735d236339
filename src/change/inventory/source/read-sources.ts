import type { Place, ValueOrProblems } from '../../../model/problem.ts'
import { refuse } from '../../../text/source/checked.ts'
import type { SourceReading } from './source-reading.ts'
import type { SourceSettings } from './source-settings.ts'

export type ReadSources = (
  sources: readonly SourceSettings[],
  placeOf: (index: number) => Place,
) => readonly ValueOrProblems<SourceReading>[]

export const unreadSources: ReadSources = (sources, placeOf) =>
  sources.map((_, index) =>
    refuse({ code: 'inventory-source', message: 'sources are not read here', at: placeOf(index) }),
  )
