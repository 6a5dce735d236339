import { z } from 'zod'
import type { LineDifference, SectionDifference } from '../../../eos/config/merge.ts'
import { type SectionOf, sectionByKind } from '../../../eos/config/sections.ts'
import type { Place, Problem, ValueOrProblems } from '../../../model/error.ts'
import { isMeant, type LineGlob, readLineGlob } from '../../../text/source/line-glob.ts'
import { accept, placeOf, problemsOf, textPlaceOf } from '../../../text/source/located.ts'
import { parseWith, readYaml } from '../../../text/source/yaml.ts'
import type { Inventory, InventoryDevice } from '../../inventory/inventory.ts'
import { parseSelector, selectDevices, selectorSchema, selects } from '../../inventory/selector.ts'

const pattern = z.string().min(1).max(500)

const rootLine = pattern
  .regex(/^\S.*\S$|^\S$/, 'the words of a line, without blanks around them')
  .describe('A line of the root, `*` for any text. What is below it is of the same section.')
  .meta({ examples: ['ntp *'] })

const section = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, at most 40')
    .describe('What the section is called. A name of one of the sections that are there adds these lines to it.')
    .meta({ examples: ['time'] }),
  lines: z.array(rootLine).min(1).max(100).describe('The lines of the root that are in it.'),
})

const lineGlob = pattern
  .superRefine((text, { addIssue }) => {
    const read = readLineGlob(text)
    if ('message' in read)
      addIssue({ code: 'custom', message: read.message, params: { code: 'bad-glob', hint: read.hint } })
  })
  .describe(
    'A line with the blocks that hold it, ` > ` between them, `*` for any text. What is below it is excused too.',
  )
  .meta({ examples: ['interface Ethernet* > description *'] })

const selector = selectorSchema('an exception', 'an exception is for')
  .describe('The switches that it is for, as `-t` selects them; all of them without it.')
  .meta({ examples: ['role:leaf'] })

const exception = z
  .strictObject({
    on: selector.optional(),
    section: pattern
      .optional()
      .describe('The section that it is for, `*` for any text; any without it.')
      .meta({ examples: ['ntp'] }),
    lines: z
      .array(lineGlob)
      .min(1)
      .max(100)
      .optional()
      .describe('The lines that it excuses; all of the section without it.'),
    owner: z
      .string()
      .min(1)
      .max(200)
      .describe('Who answers for it.')
      .meta({ examples: ['netops'] }),
    until: z.iso
      .date()
      .describe('The last day on which it counts, in UTC. From the next day on it excuses nothing, and is named.')
      .meta({ examples: ['2026-12-31'] }),
    because: z
      .string()
      .min(1)
      .max(300)
      .describe('Why the switch may be otherwise.')
      .meta({ examples: ['the old server goes with the move of the data centre'] }),
  })
  .refine(({ section = '*', lines }) => !/^\*+$/.test(section) || lines !== undefined, {
    error: 'it would excuse whatever there is',
    params: { code: 'boundless-exception', hint: 'name its `section`, its `lines`, or both' },
  })

/** The shape of `comply.yaml`. */
export const complySchema = z
  .strictObject({
    version: z.literal(1).describe('The version of this format.'),
    sections: z
      .array(section)
      .max(200)
      .default([])
      .describe('Sections besides those by the kinds of lines. The first that has a line counts.'),
    exceptions: z.array(exception).max(5000).default([]).describe('What may be otherwise than intended, until when.'),
  })
  .meta({ id: 'comply', title: 'eosflow comply' })

interface JudgedLine extends LineDifference {
  readonly excuse?: ComplyException
}

export interface JudgedSection {
  readonly section: string
  readonly lines: readonly JudgedLine[]
}

interface IdleException {
  readonly exception: ComplyException
  readonly because: 'expired' | 'unused'
  readonly lines: number
}

/** What is excused on the day on which it is judged, `2026-12-31` in UTC, over all switches of a comparison. */
export class Excuses {
  readonly #exceptions: readonly ComplyException[]
  readonly #today: string
  // How many lines each exception means; absent where none of its switches was compared.
  readonly #meant = new Map<ComplyException, number>()

  constructor(exceptions: readonly ComplyException[], today: string) {
    this.#exceptions = exceptions
    this.#today = today
  }

  judged(device: InventoryDevice, sections: readonly SectionDifference[]): readonly JudgedSection[] {
    const own = this.#exceptions.filter((one) => one.isFor(device))
    for (const one of own) this.#meant.set(one, this.#meant.get(one) ?? 0)
    return sections.map(({ section, lines }) => ({
      section,
      lines: lines.map((line): JudgedLine => {
        const { path, line: text } = line.change
        const meaning = own.filter((one) => one.means(section, [...path, text]))
        for (const one of meaning) this.#meant.set(one, (this.#meant.get(one) ?? 0) + 1)
        const excuse = meaning.find((one) => !this.#isOver(one))
        return excuse === undefined ? line : { ...line, excuse }
      }),
    }))
  }

  idle(): readonly IdleException[] {
    return this.#exceptions.flatMap((exception): readonly IdleException[] => {
      const lines = this.#meant.get(exception)
      if (lines === undefined) return []
      if (this.#isOver(exception)) return [{ exception, because: 'expired', lines }]
      return lines === 0 ? [{ exception, because: 'unused', lines }] : []
    })
  }

  #isOver({ until }: ComplyException): boolean {
    return until < this.#today
  }
}

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
