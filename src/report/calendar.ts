import { present } from './text/text.ts'

/** Times are milliseconds since the epoch. */
export interface CalendarEvent {
  readonly id: string
  readonly title: string
  readonly about?: string
  readonly from: number
  readonly to?: number
}

/**
 * A calendar as programs subscribe to it (RFC 5545): lines end with CR LF, and those of more than 75 octets are folded (3.1); texts are escaped (3.3.11);
 * times are in UTC (3.3.5). `now`: when it is made, which is the time stamp of each event (3.8.7.2).
 */
export function calendarText(events: readonly CalendarEvent[], now: number): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//eosflow//eosflow//EN',
    'CALSCALE:GREGORIAN',
    ...events.flatMap((one) => eventLines(one, now)),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${folded(line)}\r\n`).join('')
}

function eventLines({ id, title, about, from, to }: CalendarEvent, now: number) {
  return present(
    'BEGIN:VEVENT',
    `UID:${escaped(id)}`,
    `DTSTAMP:${utc(now)}`,
    `DTSTART:${utc(from)}`,
    to !== undefined && `DTEND:${utc(to)}`,
    `SUMMARY:${escaped(title)}`,
    about !== undefined && `DESCRIPTION:${escaped(about)}`,
    // Nobody is busy because a window is open.
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  )
}

function utc(at: number) {
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

function escaped(text: string) {
  return text
    .replaceAll(/[\\;,]/g, '\\$&')
    .replaceAll(/\r\n|\r|\n/g, '\\n')
    .replaceAll(/\p{Cc}/gu, '')
}

// A line of at most 75 octets, then lines of at most 74 behind a blank; no character is cut.
function folded(line: string) {
  const parts: string[] = []
  let part = ''
  let octets = 0
  for (const character of line) {
    const more = Buffer.byteLength(character)
    if (octets + more > (parts.length === 0 ? LONGEST : LONGEST - 1)) {
      parts.push(part)
      part = ''
      octets = 0
    }
    part += character
    octets += more
  }
  return [...parts, part].join('\r\n ')
}

const LONGEST = 75
