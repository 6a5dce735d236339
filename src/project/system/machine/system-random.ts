import { randomBytes } from 'node:crypto'
import type { Random } from '../../../model/random.ts'

export const systemRandom: Random = {
  hex: (count) => randomBytes(count).toString('hex'),
  fraction: () => randomBytes(4).readUInt32BE() / 0x1_0000_0000,
}
