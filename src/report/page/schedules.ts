import { dueWords, type ScheduleLast, type ScheduleRow } from '../phrases/schedule.ts'
import { empty, heads } from './diff.ts'
import { actForm, address, type Badge, badge, countdown, html, moment, type PageContent } from './html.ts'

interface ScheduleList {
  readonly now: number
  readonly csrf: string
  readonly rows: readonly ScheduleRow[]
}

export function schedulesPage({ now, csrf, rows }: ScheduleList): PageContent {
  const body = html`<div class="head"><div><h1>Schedules</h1><p class="lede">What is done when nobody asks for it. Each instant begins at most once; what was skipped or missed is on record with its reason.</p></div></div>
    ${
      rows.length === 0
        ? empty('The project has no schedule: `schedules:` in eosflow.yaml.')
        : html`<div class="card"><div class="scroll"><table class="blocks">${heads('Schedule', 'Due', 'Next', 'Last', 'Acts')}
      <tbody>${rows.map((row) => rowOf(row, now, csrf))}</tbody></table></div></div>`
    }`
  return { title: 'Schedules', current: 'schedules', body }
}

function rowOf(row: ScheduleRow, now: number, csrf: string) {
  const { name, does, about, last, execution, until } = row
  return html`<tr><th scope="row"><span class="strong">${name}</span><div class="faint small">${execution === undefined ? does : html`after <a href="${address.execution(execution)}">the change</a> of`} ${about === '' ? 'all switches' : about}</div></th>
    <td class="nowrap">${dueWords(row)}${until !== undefined && html`<div class="faint small">until ${moment(Date.parse(until), now)}</div>`}</td><td>${nextOf(row, now)}</td>
    <td>${last === undefined ? html`<span class="muted">not due yet</span>` : lastOf(last, now)}</td>
    <td><div class="acts">${row.paused ? button('continue', 'Continue', name, csrf) : button('pause', 'Pause', name, csrf)}
    ${button('run', 'Start now', name, csrf)}${row.until !== undefined && button('end', 'End', name, csrf)}</div></td></tr>`
}

function nextOf({ paused, next }: ScheduleRow, now: number) {
  const [first] = next
  if (paused) return badge({ tone: 'idle', shape: '◔', word: 'paused' })
  if (first === undefined) return html`<span class="muted">not known yet</span>`
  const at = Date.parse(first)
  return html`${moment(at, now)}<div class="faint small">in ${countdown(at, now)}</div>`
}

function lastOf({ instant, what, reason, execution }: ScheduleLast, now: number) {
  const linked = execution !== undefined && html` <a href="${address.execution(execution)}">${execution}</a>`
  const words = execution === undefined ? reason : reason.replace(`execution ${execution} has begun`, 'has begun')
  return html`${badge(LAST[what])} ${moment(instant, now)}<div class="faint small">${words}${linked}</div>`
}

const LAST: Readonly<Record<ScheduleLast['what'], Badge>> = {
  running: { tone: 'run', shape: '◐', word: 'runs' },
  ok: { tone: 'ok', shape: '●', word: 'done' },
  failed: { tone: 'bad', shape: '✕', word: 'failed' },
  skipped: { tone: 'idle', shape: '○', word: 'skipped' },
  missed: { tone: 'live', shape: '▲', word: 'missed' },
}

function button(act: 'pause' | 'continue' | 'run' | 'end', word: string, name: string, csrf: string) {
  return actForm(
    { action: address.schedule(name, act), csrf, label: `${word}: ${name}` },
    html`<button class="btn sm" type="submit" aria-label="${word}: ${name}">${word}</button>`,
  )
}
