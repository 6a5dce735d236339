import { parseVerb } from '../text/command-line.ts'
import { COMMAND, commandRow } from '../text/outline.ts'
import { scanOutline } from '../text/scan.ts'

/** A command at its place: below the commands that open its mode, outermost first. */
export interface PlacedLine {
  readonly above: readonly string[]
  readonly line: string
}

/** The commands that a switch prints in its running-config, each at its place: it has them, whatever is known of such lines. */
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

  /** Whether the switch has a command at this place, or the one that is negated. */
  has({ above, line }: PlacedLine): boolean {
    return [line, parseVerb(line).line].some((one) => this.#paths.has([...above, one].join('\n')))
  }
}
