import { printedLines } from '../../platform/facts.ts'

export function columns(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, at) => cell.padEnd(widths[at] ?? 0))
    .join(' ')
    .trimEnd()
}

export function printedTable(rows: readonly (readonly string[])[], widths: readonly number[]): string {
  return printedLines(rows.map((cells) => columns(cells, widths)))
}

/** The MAC address `offset` places after another. */
export function macAfter(mac: string, offset: number): string {
  const value = Number.parseInt(mac.replaceAll(':', ''), 16) + offset
  return value.toString(16).padStart(12, '0').match(/../g)?.join(':') ?? mac
}

/** Milliseconds as the seconds EOS prints in JSON. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000
}

interface Units {
  readonly weeks: number
  readonly days: number
  readonly hours: number
  readonly minutes: number
  readonly seconds: number
}

function units(milliseconds: number): Units {
  const all = Math.max(0, Math.floor(milliseconds / 1000))
  return {
    weeks: Math.floor(all / 604_800),
    days: Math.floor(all / 86_400) % 7,
    hours: Math.floor(all / 3600) % 24,
    minutes: Math.floor(all / 60) % 60,
    seconds: all % 60,
  }
}

function plural(count: number, unit: string) {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** `134 weeks, 5 days, 23 hours and 44 minutes`, as `show version` says it. */
export function uptimeWords(milliseconds: number): string {
  const { weeks, days, hours, minutes } = units(milliseconds)
  const parts = [
    ...(weeks > 0 ? [plural(weeks, 'week')] : []),
    ...(weeks > 0 || days > 0 ? [plural(days, 'day')] : []),
    plural(hours, 'hour'),
  ]
  return `${parts.join(', ')} and ${plural(minutes, 'minute')}`
}

/** `6 days, 11 hours, 16 minutes, 54 seconds`, as `show interfaces` says it. */
export function elapsedWords(milliseconds: number): string {
  const { weeks, days, hours, minutes, seconds: rest } = units(milliseconds)
  const all: readonly (readonly [number, string])[] = [
    [weeks * 7 + days, 'day'],
    [hours, 'hour'],
    [minutes, 'minute'],
    [rest, 'second'],
  ]
  const said = all.filter(([count]) => count > 0).map(([count, unit]) => plural(count, unit))
  return said.length === 0 ? '0 seconds' : said.join(', ')
}

/** `0:15:31`, or `6 days, 11:19:37` from a day on. */
export function clockSpan(milliseconds: number): string {
  const { weeks, days, hours, minutes, seconds: rest } = units(milliseconds)
  const clock = `${hours}:${two(minutes)}:${two(rest)}`
  const total = weeks * 7 + days
  return total === 0 ? clock : `${plural(total, 'day')}, ${clock}`
}

/** `00:04:09`, or `79d05h` from a day on, as BGP tables print it. */
export function bgpSpan(milliseconds: number): string {
  const { weeks, days, hours, minutes, seconds: rest } = units(milliseconds)
  const total = weeks * 7 + days
  return total === 0 ? `${two(hours)}:${two(minutes)}:${two(rest)}` : `${total}d${two(hours)}h`
}

/** A number with two digits at least. */
export function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** Words over lines of at most `width` characters, each word but the last with its comma. */
export function wrapped(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const [at, word] of words.entries()) {
    const piece = at === words.length - 1 ? word : `${word},`
    if (line !== '' && line.length + 1 + piece.length > width) {
      lines.push(line)
      line = piece
    } else line = line === '' ? piece : `${line} ${piece}`
  }
  return line === '' ? lines : [...lines, line]
}
