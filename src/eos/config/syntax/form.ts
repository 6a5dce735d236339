import { parseVerb } from '../text/command-line.ts'
import { COMMAND, commandRow } from '../text/outline.ts'
import { scanOutline } from '../text/scan.ts'
import { typeOf } from './value-type.ts'

export function hasForm(running: string, form: string): boolean {
  const words = form.split(' ')
  const last = words.at(-1) ?? ''
  const outline = scanOutline(running)
  for (let row = 0; row < outline.rows; row += 1) {
    if (outline.kind[row] !== COMMAND) continue
    const line = commandRow(outline, row)
    if (!line.includes(last)) continue
    const typed = parseVerb(line).line.split(/\s+/, words.length)
    if (words.every((word, index) => isAlike(word, typed[index] ?? ''))) return true
  }
  return false
}

function isAlike(word: string, typed: string) {
  const type = typeOf(word)
  return word === typed || (type !== 'word' && type === typeOf(typed))
}
