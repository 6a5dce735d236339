import { dirname, join } from 'node:path'

export function segmentFolder(store: string): string {
  return join(dirname(store), 'segments')
}
