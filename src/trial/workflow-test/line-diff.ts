import { unifiedDiff } from '../../config/unified.ts'

/** How two texts differ, line by line with three lines around, `-` expected and `+` actual. Empty when they do not. */
export function lineDiff(expected: string, actual: string): readonly string[] {
  return unifiedDiff(expected, actual, '')
    .split('\n')
    .slice(2)
    .filter((line) => line !== '' && !line.startsWith('@@'))
}
