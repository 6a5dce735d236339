import { cutTo } from './phrases/live-line.ts'
import { visibleLine } from './text/text.ts'

interface LiveStream {
  readonly columns?: number
  write(text: string): unknown
}

export interface LiveTerminal {
  /** Draws a line in the place of the one before; undefined takes it away. */
  show(line: string | undefined): void
  erase(): void
  /** Draws it again behind what was written, where that has ended its line. */
  redraw(written: string): void
}

// What a terminal is wide that does not say it (ECMA-48 has no default; the VT100's page).
const UNSAID = 80

export function liveTerminal(stream: LiveStream, env: Readonly<Record<string, string | undefined>>): LiveTerminal {
  let wanted: string | undefined
  let drawn = 0
  let isAtStart = true
  const columns = () => stream.columns || Number(env.COLUMNS) || UNSAID
  const erase = () => {
    if (drawn === 0) return
    const rows = Math.ceil(drawn / columns())
    drawn = 0
    // CUU, CR and ED of ECMA-48: up to the first row, to its beginning, and everything behind it goes.
    stream.write(`${rows > 1 ? `\u001b[${rows - 1}A` : ''}\r\u001b[J`)
  }
  const draw = () => {
    if (wanted === undefined || !isAtStart) return
    const line = cutTo(visibleLine(wanted), columns() - 1)
    drawn = [...line].length
    stream.write(line)
  }
  return {
    show: (line) => {
      erase()
      wanted = line
      draw()
    },
    erase,
    redraw: (written) => {
      if (written === '') return
      isAtStart = written.endsWith('\n')
      draw()
    },
  }
}

export function canGoBack({ TERM, CI }: Readonly<Record<string, string | undefined>>): boolean {
  return TERM !== undefined && TERM !== '' && TERM !== 'dumb' && CI === undefined
}
