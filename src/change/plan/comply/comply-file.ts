import { type SectionOf, sectionByKind } from '../../../eos/config/sections.ts'
import type { Place, Problem, ValueOrProblems } from '../../../model/problem.ts'
import { accept, problemsOf } from '../../../text/source/checked.ts'
import { isMeant, type LineGlob, readLineGlob } from '../../../text/source/line-glob.ts'
import { placeOf, textPlaceOf } from '../../../text/source/located.ts'
import { parseWith } from '../../../text/source/parse-with.ts'
import { readYaml } from '../../../text/source/yaml.ts'
import type { Inventory, InventoryDevice } from '../../inventory/inventory.ts'
import { selectDevices, selects } from '../../inventory/selector.ts'
import { parseSelector } from '../../inventory/selector-text.ts'
import { complySchema } from './comply-schema.ts'

export const COMPLY_FILE = 'comply.yaml'

export interface ComplyRules {
  readonly sectionOf: SectionOf
  readonly exceptions: readonly ComplyException[]
}

/** What may be otherwise than intended. */
export interface ComplyException {
  readonly at: Place
  /** The selector of its switches, and where it is written; absent: it is for all. */
  readonly on?: { readonly expression: string; readonly at: Place }
  readonly owner: string
  /** The last day on which it counts, `2026-12-31` in UTC. */
  readonly until: string
  readonly because: string
  isFor(device: InventoryDevice): boolean
  means(section: string, place: readonly string[]): boolean
}

export const PLAIN_RULES: ComplyRules = { sectionOf: sectionByKind, exceptions: [] }

/** Reads `comply.yaml`, or gives everything that is wrong with it. */
export function readComplyFile(content: string | Uint8Array, file: string): ValueOrProblems<ComplyRules> {
  const read = readYaml(content, file)
  if (!read.ok) return read
  const parsed = parseWith(complySchema, read.value)
  if (!parsed.ok) return parsed
  const { sections, exceptions } = parsed.value
  const named = sections.flatMap(({ name, lines }) => lines.map((line) => ({ name, glob: [line] })))
  return accept({
    sectionOf: (root) => named.find(({ glob }) => isMeant(glob, [root]))?.name ?? sectionByKind(root),
    exceptions: exceptions.map(({ on, section, lines, owner, until, because }, index): ComplyException => {
      const selector = on === undefined ? undefined : parseSelector(on)
      const globs = lines?.map(readLineGlob).filter((one): one is LineGlob => !('message' in one))
      return {
        at: placeOf(read.value, ['exceptions', index]),
        ...(on === undefined
          ? {}
          : { on: { expression: on, at: textPlaceOf(read.value, ['exceptions', index, 'on']) } }),
        owner,
        until,
        because,
        isFor: (device) => selector === undefined || (selector.ok && selects(selector.value, device)),
        means: (of, place) =>
          (section === undefined || isMeant([section], [of])) &&
          (globs === undefined || globs.some((glob) => isMeant(glob, place.slice(0, glob.length)))),
      }
    }),
  })
}

export function exceptionProblems({ exceptions }: ComplyRules, inventory: Inventory): readonly Problem[] {
  return exceptions.flatMap(({ on }) =>
    on === undefined ? [] : problemsOf(selectDevices(on.expression, inventory, on.at)),
  )
}
