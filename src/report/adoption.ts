import { count, present, switches, visibleLine } from './text/text.ts'

interface ShownAdoption {
  readonly name: string
  readonly lines: number
  // Redacted, each with the blocks that hold it; absent where nobody knew before what was intended.
  readonly added?: readonly string[]
}

const MOST = 10

export function adoptionText(snapshot: string, adopted: readonly ShownAdoption[]): string {
  const rows = adopted.flatMap(({ name, lines, added }) => {
    if (added === undefined) return [`${name}: ${count(lines, 'line')}, the first intended text on record`]
    const named = added.slice(0, MOST).map((line) => `  + ${visibleLine(line)}`)
    const more = added.length - named.length
    const head = `${name}: ${count(lines, 'line')}, ${added.length} of them not intended until now`
    return present(head, named, more !== 0 && `  and ${more} more`)
  })
  return [...rows, `Adopted: ${switches(adopted.length)} · snapshot ${snapshot}`, ''].join('\n')
}
