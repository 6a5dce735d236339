import type { RosterMap, RosterValue } from '../../../../change/roster/hosts/roster.ts'
import { decodeText, GENERATED_LIMIT } from '../../../../text/source/text.ts'
import type { Tree } from '../../../../text/source/tree.ts'
import { NotTakenError, settings } from './jinja-text.ts'
import type { Play } from './play.ts'

/** The values of a play and of its roles that a text, a template that it includes, or another such value names, each after those that it names. */
export function preludeOf(play: Play, text: string, tree: Tree): readonly string[] {
  const rows = rowsOf(play)
  const included = includedBy(text, tree)
  const isAnyNamed = /\{% include (?!')/.test(text)
  const seen = wordsOf([text, ...included].join('\n'))
  const wanted = new Set(rows.filter(({ name }) => isAnyNamed || seen.has(name)))
  for (const { words } of wanted) for (const other of rows) if (words.has(other.name)) wanted.add(other)
  return ordered([...wanted]).map(({ text: row }) => row)
}

/** The texts of the templates that a text includes. */
export function includedBy(text: string, tree: Tree): readonly string[] {
  return [...text.matchAll(/\{% include '([^']+)' %\}/g)].map(([, file = '']) => textIn(tree, file) ?? '')
}

/** A value of a play as the statement that sets it. */
export interface PlayValue {
  readonly name: string
  readonly text: string
  /** The words of the text. */
  readonly words: ReadonlySet<string>
}

const known = new WeakMap<Play, readonly PlayValue[]>()

/** The values of a play and of its roles, the weak ones first; made once for all its tasks. */
export function rowsOf(play: Play): readonly PlayValue[] {
  const rows = known.get(play) ?? [...settingsOf(play.defaults, true), ...settingsOf(play.vars, false)]
  known.set(play, rows)
  return rows
}

function settingsOf(values: RosterMap, isWeak: boolean): readonly PlayValue[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (name.startsWith('ansible_')) return []
    const text = settingOf(name, value, isWeak)
    return text === undefined ? [] : [{ name, text, words: wordsOf(text) }]
  })
}

/** The words of a text. */
export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/\w+/g))
}

/** Undefined for a value that no template may hold: what names it is not taken. */
function settingOf(name: string, value: RosterValue, isWeak: boolean): string | undefined {
  try {
    return settings({ [name]: value }, isWeak).join('')
  } catch (error) {
    if (error instanceof NotTakenError) return undefined
    throw error
  }
}

const unclear = new WeakMap<Play, ReadonlyMap<string, string>>()

/** The names of a play whose values no template can hold, with the reasons: a default of a role does not stand for such a value. */
export function unclearOf(play: Play): ReadonlyMap<string, string> {
  const found = unclear.get(play)
  if (found !== undefined) return found
  const unheld = Object.entries({ ...play.defaults, ...play.vars }).flatMap(([name, value]) =>
    name.startsWith('ansible_') || settingOf(name, value, false) !== undefined ? [] : [name],
  )
  const made = new Map(unheld.map((name) => [name, 'has a value that is a secret or has statements']))
  for (const [name, why] of play.unclear) made.set(name, why)
  unclear.set(play, made)
  return made
}

function ordered(rows: readonly PlayValue[]): readonly PlayValue[] {
  const left = [...rows]
  const made: PlayValue[] = []
  while (left.length > 0) {
    const free = left.findIndex((row) => left.every((other) => other.name === row.name || !row.words.has(other.name)))
    made.push(...left.splice(Math.max(free, 0), 1))
  }
  return made
}

/** The text of a template that is named from the folder of those that are made. */
export function textIn(tree: Tree, name: string): string | undefined {
  const file = name.replace(/^\.\.\/\.\.\//, '')
  const bytes = tree.file(file)
  const read = bytes === undefined ? undefined : decodeText(bytes, file, GENERATED_LIMIT)
  return read?.ok === true ? read.value : undefined
}
