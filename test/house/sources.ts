import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The files of a folder of the checkout with such a name, as paths from its root. */
export function under(folder: string, name = /\.ts$/) {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => name.test(file))
    .map((file) => join(folder, file))
}

const texts = new Map<string, string>()

/** A file of the checkout, read once. */
export function textOf(file: string) {
  const text = texts.get(file) ?? readFileSync(join(ROOT, file), 'utf8')
  texts.set(file, text)
  return text
}

/** The files of `src`. */
export const sources = under('src')

/** A function, a class, a type or a value of the outermost level of a file. */
export interface Declaration {
  /** Empty for lines before the first declaration. */
  readonly name: string
  readonly file: string
  /** From its first line up to the next declaration, without comments and imports. */
  readonly text: string
}

const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm
const IMPORTED = /^(?:import|export) [\w*, ]*(?:\{[^{}]*\})? ?from '[^']*'$|^import '[^']*'$/gm
const BEGINNING =
  /^(?:export )?(?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|const|let|interface|type) (\w+|[[{])/gm

/** What a source declares, in its order. */
export function declaredIn(file: string, source: string): readonly Declaration[] {
  const text = source.replaceAll(COMMENT, '').replaceAll(IMPORTED, '')
  const begins = [...text.matchAll(BEGINNING)].map((match) => ({ name: match[1] ?? '', at: match.index }))
  return [{ name: '', at: 0 }, ...begins].map(({ name, at }, index) => ({
    name,
    file,
    text: text.slice(at, begins[index]?.at),
  }))
}

/** The file of `src` that exports this name. Throws an Error if it is not one file. */
export function fileOf(name: string) {
  const files = declarations().filter((one) => one.name === name && one.text.startsWith('export '))
  if (files.length !== 1 || files[0] === undefined) throw new Error(`${name} is exported by ${files.length} files`)
  return files[0].file
}

let known: readonly Declaration[] | undefined

/** What all of `src` declares. */
export function declarations(): readonly Declaration[] {
  known ??= sources.flatMap((file) => declaredIn(file, textOf(file)))
  return known
}
