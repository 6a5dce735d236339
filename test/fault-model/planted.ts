import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mutant } from './rows.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The first line of what a source declares at its left edge. */
const DECLARATION =
  /^(?:export )?(?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|interface|type) (\w+)/gm

/** A source file with a bug in it. */
export interface Planted {
  /** From the root of the checkout. */
  readonly file: string
  readonly text: string
}

/** The sources of a checkout, where bugs are found by the name of a declaration, wherever that stands. */
export class Sources {
  readonly #texts: ReadonlyMap<string, string>

  constructor(root = ROOT) {
    const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    this.#texts = new Map(
      files
        .filter((file) => file.endsWith('.ts'))
        .map((file) => [join('src', file), readFileSync(join(root, 'src', file), 'utf8')]),
    )
  }

  /** The source with the mutant's line in it. Throws unless what it replaces stands once in a declaration of that name. */
  planted({ name, within, from, to }: Pick<Mutant, 'name' | 'within' | 'from' | 'to'>): Planted {
    const places = [...this.#texts].flatMap(([file, text]) =>
      declared(text, within).flatMap(({ start, end }) =>
        placesOf(from, text.slice(start, end)).map(({ at, length }) => ({ file, text, at: start + at, length })),
      ),
    )
    const [place] = places
    if (place === undefined || places.length > 1)
      throw new Error(`${name}: stands ${places.length} times in what is named ${within}, not once: ${from}`)
    const { file, text, at, length } = place
    return { file, text: text.slice(0, at) + to + text.slice(at + length) }
  }
}

/** Where the declarations of a name stand in a text, each to the next declaration. */
function declared(text: string, wanted: string): readonly { readonly start: number; readonly end: number }[] {
  const all = [...text.matchAll(DECLARATION)]
  return all.flatMap(({ index, 1: name }, at) =>
    name === wanted ? [{ start: index, end: all[at + 1]?.index ?? text.length }] : [],
  )
}

/** Where a piece of source stands, however its blanks and lines are broken. */
function placesOf(piece: string, text: string): readonly { readonly at: number; readonly length: number }[] {
  const words = piece.trim().split(/\s+/)
  const pattern = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('\\s+')
  return [...text.matchAll(new RegExp(pattern, 'g'))].map(({ index, 0: found }) => ({
    at: index,
    length: found.length,
  }))
}
