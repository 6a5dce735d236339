import type { Inventory } from '../../../change/inventory/inventory.ts'
import { listWords, type SelectorWord, selectDevices, TYPED } from '../../../change/inventory/selector.ts'
import type { Problem } from '../../../model/error.ts'
import { readSwitchList } from '../../files/settings/switch-list.ts'
import { InputError, inputError, orProblems } from '../../system/process/input-error.ts'
import type { FailedSwitches } from './failed-switches.ts'

export interface ListSources {
  /** The bytes of a file that a command line names. */
  readonly file?: (path: string) => Uint8Array
  readonly failed: (word: string) => Promise<FailedSwitches>
}

/**
 * A selector without its words `@FILE` and `failed:EXECUTION`: where it has any, the names of the switches that it means, between
 * commas; else as it is. Throws InputError with the places in the selector and in the files, and as `sources` do.
 */
export async function meantTarget(
  expression: string,
  inventory: () => Inventory,
  sources: ListSources,
): Promise<string> {
  const words = listWords(expression)
  if (words.length === 0) return expression
  const known = inventory()
  const lists = new Map<string, readonly string[]>()
  for (const word of words) {
    if (lists.has(word.text)) continue
    if (!word.text.startsWith('@')) lists.set(word.text, await failedNow(word, known, sources))
    else if (sources.file !== undefined) lists.set(word.text, listed(word.text.slice(1), known, sources.file))
  }
  const chosen = orProblems(selectDevices(expression, known, TYPED, lists))
  return chosen.map(({ name }) => name).join(', ')
}

function listed(path: string, inventory: Inventory, read: (path: string) => Uint8Array) {
  if (path === '') {
    const hint = 'write for example @switches.txt, or @- for standard input'
    throw inputError(TYPED.file, 'selector-syntax', 'behind `@` no file is named', hint)
  }
  return orProblems(readSwitchList(read(path), path, inventory))
}

async function failedNow({ text, at }: SelectorWord, { devices, file }: Inventory, { failed }: ListSources) {
  const { names, execution } = await failed(text.slice('failed:'.length))
  const known = new Set(devices.map(({ name }) => name))
  const gone = names.filter((name) => !known.has(name))
  const problem = (message: string, hint: string): Problem => ({ code: 'nothing-selected', message, at, hint })
  if (gone.length > 0) {
    const others = names.filter((name) => known.has(name))
    const mend = others.length === 0 ? 'name others' : `name the others: ${others.slice(0, 20).join(', ')}`
    const message = `${gone.slice(0, 20).join(', ')}: failed in ${execution}, and is no longer in ${file}`
    throw new InputError([{ ...problem(message, mend), code: 'unknown-target' }])
  }
  if (names.length === 0) throw new InputError([problem(`no switch failed in ${execution}`, 'name the switches')])
  return names
}
