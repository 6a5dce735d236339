import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseConfig } from '../../src/eos/config/text/parse.ts'
import type { ConfigNode } from '../../src/eos/config/text/tree.ts'
import { TYPED_FORMS } from './typed-forms.ts'

/** A form of a line in a mode: keywords, and `<name>` for each value. */
export interface Pattern {
  /** The commands that open the mode, outermost first, as patterns too. */
  readonly mode: readonly string[]
  readonly line: string
  /** Whether the manual has it: what it says of where a line ends is enough. */
  readonly isManual?: boolean
}

/** Facts of syntax: what is made from them is in `src/eos/config/syntax/table.ts`. */
export interface Facts {
  readonly patterns: readonly Pattern[]
  /** Keywords of EOS, and words that EOS or its like know somewhere. */
  readonly words: readonly string[]
  /** The names that a value is one of, by the name of the value. */
  readonly names: Readonly<Record<string, readonly string[]>>
  /** The numbers that a value may be, by its name: null where there is no such limit. */
  readonly ranges: Readonly<Record<string, readonly (readonly [number | null, number | null])[]>>
}

/** A line of a configuration that somebody runs or tests with. */
export interface RealLine {
  /** The collection that it is from: a name that several of its configurations share. */
  readonly from: string
  /** Whether a switch has printed it: it is spelt as EOS spells it. */
  readonly isPrinted: boolean
  readonly above: readonly string[]
  readonly line: string
}

/** Reads a folder with `patterns.jsonl` (a {@link Pattern} per line), `words.json` (lists of words by their source) and `values.json` (`enums`, `rng`). */
export function readFacts(folder: string): Facts {
  const json = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const patterns = readFileSync(join(folder, 'patterns.jsonl'), 'utf8').trim().split('\n')
  const { enums, rng } = json('values.json') as { enums: Facts['names']; rng: Facts['ranges'] }
  return {
    patterns: [...patterns.map((line) => JSON.parse(line) as Pattern), ...TYPED_FORMS],
    words: Object.values(json('words.json') as Record<string, readonly string[]>).flat(),
    names: enums,
    ranges: rng,
  }
}

/** No configuration of EOS: templates, notes and answers that lie beside some. */
const FOREIGN = /^\s*(?:\{[{%]|\/\/|[[{]")/m

/** Which files are read, by their path. */
type IsTaken = (file: string) => boolean
const EVERY: IsTaken = () => true

/** Reads the lines of every configuration in a folder of collections, each once for its collection and mode. */
export function readLines(folder: string, isTaken = EVERY): readonly RealLine[] {
  return readdirSync(folder).flatMap((from) => {
    const files = readdirSync(join(folder, from), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(cfg|conf|txt|config)$|\/[^.]+$|^[^.]+$/.test(file))
      .map((file) => join(folder, from, file))
    return linesOf(files.filter(isTaken), from)
  })
}

/** Reads the lines of every configuration in a folder of files, whose names begin with that of their collection and `__`. */
export function readFiles(folder: string, isTaken = EVERY): readonly RealLine[] {
  const files = readdirSync(folder).filter((file) => isTaken(join(folder, file)))
  const collections = new Set(files.map((file) => file.split('__', 1)[0] ?? ''))
  return [...collections].flatMap((from) => {
    const own = files.filter((file) => file.startsWith(`${from}__`))
    return linesOf(
      own.map((file) => join(folder, file)),
      from,
    )
  })
}

/** The line by which a switch says that it has printed the configuration. */
const PRINTED = /^! device: .*EOS-\d/m

function linesOf(files: readonly string[], from: string): readonly RealLine[] {
  const lines = new Map<string, RealLine>()
  for (const file of files) {
    const text = readFileSync(file, 'utf8')
    if (FOREIGN.test(text)) continue
    const isPrinted = PRINTED.test(text)
    const walk = (nodes: readonly ConfigNode[], above: readonly string[]): void => {
      for (const { line, children } of nodes) {
        if (line.startsWith('!')) continue
        const key = [...above, line].join('\n')
        lines.set(key, { from, isPrinted: isPrinted || (lines.get(key)?.isPrinted ?? false), above, line })
        walk(children, [...above, line])
      }
    }
    walk(parseConfig(text).children, [])
  }
  return [...lines.values()]
}
