import { dirname, join } from 'node:path'

/** The folder of the segments of a store: also of one that was set aside, or of a backup, in the same place. */
export function segmentFolder(store: string): string {
  return join(dirname(store), 'segments')
}
