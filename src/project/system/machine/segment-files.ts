import { join } from 'node:path'
import type { SegmentFiles } from '../../../change/record/chains/retired-segments.ts'
import { codeOf, EosflowError } from '../../../model/error.ts'
import { readRegular } from './regular-file.ts'

/** The files of the segments beside the keys of a project: in the folder `segments`. Throws `store` for one that is there and cannot be read. */
export function segmentFiles(folder: string): SegmentFiles {
  const path = (file: string) => join(folder, 'segments', file)
  return {
    path,
    bytes: (file) => {
      try {
        return readRegular(path(file), { most: Number.POSITIVE_INFINITY })
      } catch (cause) {
        const code = codeOf(cause)
        if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
        throw new EosflowError('store', `the segment ${path(file)} cannot be read (${code})`, {
          hint: 'Give this user the right to read it, or put the file back from where it is kept.',
          cause,
        })
      }
    },
  }
}
