import { isEmptyChange } from '../config/changes.ts'
import { diffConfig } from '../config/diff.ts'
import { parseConfig } from '../config/parse.ts'
import { comparableText } from '../config/volatile.ts'

/** Whether two configuration texts hold the same commands: order, separators and the header aside (config-model 0.4). */
export function sameConfig(a: string, b: string): boolean {
  const left = comparableText(a)
  const right = comparableText(b)
  return left === right || isEmptyChange(diffConfig(parseConfig(left), parseConfig(right)))
}
