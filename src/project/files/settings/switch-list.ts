import type { Inventory } from '../../../change/inventory/inventory.ts'
import { selectDevices } from '../../../change/inventory/selector.ts'
import { type Place, type Problem, problemOf, type ValueOrProblems } from '../../../model/error.ts'
import { acceptUnless, readText, refuse } from '../../../text/source/located.ts'

const MOST_SELECTORS = 200

/** The switches of a list: a file with a name or a selector on each line, as the `.retry` files of Ansible are. What follows a `#` at the beginning of a line or behind a blank is a comment. */
export function readSwitchList(
  content: string | Uint8Array,
  file: string,
  inventory: Inventory,
): ValueOrProblems<readonly string[]> {
  const read = readText(content, file)
  if (!read.ok) return read
  const known = new Set(inventory.devices.map(({ name }) => name))
  const lines = linesOf(read.value, file)
  const others = lines.filter(({ text }) => !known.has(text))
  const meant = new Set(lines.flatMap(({ text }) => (known.has(text) ? [text] : [])))
  const problems: Problem[] = []
  for (const { text, at } of others.slice(0, MOST_SELECTORS)) {
    const selected = selectDevices(text, inventory, at)
    if (!selected.ok) problems.push(...selected.problems)
    else for (const { name } of selected.value) meant.add(name)
  }
  const next = others[MOST_SELECTORS]
  if (next !== undefined) problems.push(tooMany(next.at))
  if (lines.length === 0) return refuse(nobody(file))
  return acceptUnless(problems, () => [...meant])
}

function linesOf(text: string, file: string): readonly { readonly text: string; readonly at: Place }[] {
  return text.split('\n').flatMap((line, index) => {
    const said = line.replace(/(?:^|\s)#.*$/, '')
    const word = said.trim()
    const column = said.length - said.trimStart().length + 1
    return word === '' ? [] : [{ text: word, at: { file, line: index + 1, column } }]
  })
}

function tooMany(at: Place): Problem {
  const message = `more than ${MOST_SELECTORS} lines are no names of switches: from here on none was read`
  return {
    code: 'too-many-selectors',
    message,
    at,
    hint: 'write the names of switches of the inventory, one on each line',
  }
}

function nobody(file: string) {
  return problemOf(file, 'nothing-selected', 'the list names no switch', 'write one on each line')
}
