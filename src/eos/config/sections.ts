import { kindOf } from './kinds/kind-of.ts'

/** The section of lines of no known kind. */
export const OTHER_SECTION = 'other'

/** Says of which section a line of the root is; what is below it is of the same one. */
export type SectionOf = (rootLine: string) => string

/**
 * The section of a line of the root by the kinds of lines (docs/reference/change-kinds.md): `interface` and not `interface.description`, since what is below a block is
 * of the block.
 */
export function sectionByKind(rootLine: string): string {
  return kindOf([], rootLine)?.split('.')[0] ?? OTHER_SECTION
}
