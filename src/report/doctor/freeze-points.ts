import type { FreezeRecord } from '../../change/record/store/freeze.ts'
import { freezeLine } from '../phrases/freeze.ts'
import { type Point, warning } from './examination.ts'

export function freezePoints(freezes: readonly FreezeRecord[]): readonly Point[] {
  return freezes.map((freeze) => warning(freezeLine(freeze), `eosflow unfreeze ${freeze.seq} --reason TEXT`))
}
