import { kindOf } from './kinds/kind-of.ts'

export const OTHER_SECTION = 'other'

export type SectionOf = (rootLine: string) => string

/**
 * The section of a line of the root by the kinds of lines (docs/reference/change-kinds.md): `interface` and not `interface.description`, since what is below a block is
 * of the block.
 */
export function sectionByKind(rootLine: string): string {
  return kindOf([], rootLine)?.split('.')[0] ?? OTHER_SECTION
}
