import { present, switches, visibleLine } from '../text/text.ts'

interface RefreshedSource {
  readonly source: string
  readonly count: number
  readonly gone: readonly string[]
  readonly added: readonly string[]
}

const MOST = 10

export function refreshedText(sources: readonly RefreshedSource[], devices: number): string {
  const lines = sources.flatMap(({ source, count, added, gone }) =>
    present(
      `${source}: ${count} hosts`,
      added.length > 0 && `  + ${names(added)}`,
      gone.length > 0 && `  - ${names(gone)}`,
    ),
  )
  const none = 'No source of the inventory has to be asked: files are read at each command.'
  return [...(lines.length === 0 ? [none] : lines.map(visibleLine)), `Inventory: ${switches(devices)}`].join('\n')
}

function names(all: readonly string[]) {
  const more = all.length > MOST ? `, and ${all.length - MOST} more` : ''
  return `${all.slice(0, MOST).join(', ')}${more}`
}
