import { parseVerb } from '../text/command-line.ts'
import { COMMAND, commandRow } from '../text/outline.ts'
import { scanOutline } from '../text/scan.ts'

export interface PlacedLine {
  readonly above: readonly string[]
  readonly line: string
}

export class OwnLines {
  readonly #paths: ReadonlySet<string>

  constructor(running: string) {
    const outline = scanOutline(running)
    const paths: string[] = []
    for (let row = 0; row < outline.rows; row += 1) {
      const parent = paths[outline.parent[row] ?? -1]
      const line = outline.kind[row] === COMMAND ? commandRow(outline, row) : ''
      paths.push(parent === undefined ? line : `${parent}\n${line}`)
    }
    this.#paths = new Set(paths)
  }

  has({ above, line }: PlacedLine): boolean {
    return [line, parseVerb(line).line].some((one) => this.#paths.has([...above, one].join('\n')))
  }
}
