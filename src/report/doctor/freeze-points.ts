import type { FreezeRecord } from '../../change/record/store/freeze.ts'
import { freezeLine } from '../phrases/freeze.ts'
import { type Point, warning } from './point.ts'

/** The freezes that are in force. */
export function freezePoints(freezes: readonly FreezeRecord[]): readonly Point[] {
  return freezes.map((freeze) => warning(freezeLine(freeze), `eosflow unfreeze ${freeze.seq} --reason TEXT`))
}
