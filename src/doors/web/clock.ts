// How far the clock of this browser is behind that of the server, in milliseconds.
let behind = 0

export function setClock(serverNow: number): void {
  behind = serverNow - Date.now()
}

function notBefore(drawn: number): void {
  if (drawn > now()) setClock(drawn)
}

/** The time by the clock of the server, in milliseconds since 1970. */
export function now(): number {
  return Date.now() + behind
}

/** Shows every time of the page in the time zone of the reader; the title keeps it in UTC. */
export function localize(within: ParentNode): void {
  for (const time of within.querySelectorAll<HTMLTimeElement>('time[datetime]:not([data-ago])')) {
    const at = new Date(time.dateTime)
    if (Number.isNaN(at.getTime())) continue
    const isToday = at.toDateString() === new Date(now()).toDateString()
    const form = time.dataset.seconds !== undefined ? second : isToday || 'clock' in time.dataset ? clock : day
    time.textContent = form.format(at)
  }
  for (const table of within.querySelectorAll<HTMLTableElement>('table[data-days]')) byDay(table)
}

// The server has put them below those of UTC.
function byDay(table: HTMLTableElement): void {
  const today = new Date(now())
  const days: HTMLElement[] = []
  let last: string | undefined
  for (const row of table.querySelectorAll('tbody tr:not(.day)')) {
    const at = new Date(row.querySelector('time')?.dateTime ?? today)
    if (at.toDateString() !== last) {
      const heading = table.querySelector('.day')?.cloneNode(true) as Element
      const name = at.getFullYear() === today.getFullYear() ? weekday : weekdayOfYear
      const word = at.toDateString() === today.toDateString() ? 'Today' : name.format(at)
      heading.firstElementChild?.replaceChildren(word)
      days.push(document.createElement('tbody'))
      days.at(-1)?.append(heading)
    }
    last = at.toDateString()
    days.at(-1)?.append(row)
  }
  for (const old of [...table.tBodies]) old.remove()
  table.append(...days)
}

const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })
const weekdayOfYear = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full' })
const second = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const day = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

export function tick(): void {
  for (const one of document.querySelectorAll<HTMLElement>('[data-as-of]')) notBefore(Number(one.dataset.asOf))
  const at = now()
  for (const one of document.querySelectorAll<HTMLElement>('[data-until]'))
    one.textContent = span(Number(one.dataset.until) - at)
  for (const one of document.querySelectorAll<HTMLElement>('[data-since]'))
    one.textContent = span(at - Number(one.dataset.since))
  for (const one of document.querySelectorAll<HTMLElement>('[data-ago]')) {
    const minutes = Math.floor((at - Number(one.dataset.ago)) / 60_000)
    one.textContent =
      minutes < 1 ? 'just now' : minutes < 60 ? `${minutes} min ago` : clock.format(Number(one.dataset.ago))
  }
  for (const drawing of document.querySelectorAll<HTMLElement>('[data-start][data-end]')) moveNow(drawing, at)
}

// Moves what shows the present in a drawing over time, from `data-start` to `data-end`: lines and texts whose place is in percent.
function moveNow(drawing: HTMLElement, at: number): void {
  const [start, end] = [Number(drawing.dataset.start), Number(drawing.dataset.end)]
  const share = Math.min(1, Math.max(0, (at - start) / (end - start)))
  if (!Number.isFinite(share)) return
  for (const shape of drawing.querySelectorAll('[data-now]')) {
    for (const name of shape.tagName === 'line' ? ['x1', 'x2'] : ['x'])
      shape.setAttribute(name, `${(share * 100).toFixed(2)}%`)
  }
}

function span(milliseconds: number): string {
  const all = Math.max(0, Math.floor(milliseconds / 1000))
  const units: readonly (readonly [number, string])[] = [
    [Math.floor(all / 86_400), 'd'],
    [Math.floor(all / 3600) % 24, 'h'],
    [Math.floor(all / 60) % 60, 'min'],
    [all % 60, 's'],
  ]
  const first = Math.max(
    0,
    units.findIndex(([value]) => value > 0),
  )
  const from = all === 0 ? 3 : first
  return units
    .slice(from, from + 2)
    .filter(([value], index) => index === 0 || value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ')
}
