import { gathered } from '../../model/json.ts'
import { inPeoplesOrder, spokenTime } from '../phrases/spoken.ts'
import { clockParts, switches } from '../text/text.ts'
import { type ExecutionView, lanesIn, type SegmentKind, type Tone, type ViewLane } from '../view/execution-view.ts'
import { address, attributes, type Badge, badge, type Html, html, listed, withQuery } from './html.ts'

// The shape of a state, so that no reader needs its colour.
const SHAPE: Readonly<Record<Tone, Badge['shape']>> = {
  idle: '○',
  run: '◐',
  live: '◔',
  ok: '●',
  undo: '↺',
  bad: '✕',
}

export function toneBadge({ tone, word }: ExecutionView['mark']): Html {
  return badge({ tone, shape: SHAPE[tone], word })
}

// The span of time that lanes are drawn over, linear, milliseconds since 1970.
interface TimeAxis {
  readonly from: number
  readonly to: number
  readonly now: number
  // Whether the execution goes on, so that there is a present on it.
  readonly isLive: boolean
}

// What comes is shown for at least and at most so many milliseconds.
const LEAST_AHEAD = 20_000
const MOST_AHEAD = 600_000

function timeAxis(view: ExecutionView): TimeAxis {
  const now = Date.parse(view.asOf)
  const lanes = lanesIn(view)
  const starts = lanes.flatMap(({ segments }) => segments.slice(0, 1).map(({ from }) => Date.parse(from)))
  const from = starts.length === 0 ? (view.startedAt === null ? now : Date.parse(view.startedAt)) : Math.min(...starts)
  const isLive = view.endedAt === null
  if (!isLive) {
    const end = Math.max(from, ...lanes.flatMap(endsOf))
    return { from, to: Math.max(end, from + 1000), now, isLive }
  }
  const gone = Math.max(0, now - from)
  const ahead = Math.min(MOST_AHEAD, Math.max(LEAST_AHEAD, gone * 1.2))
  return { from, to: Math.max(from, now) + ahead, now, isLive }
}

function endsOf({ segments }: ViewLane) {
  return segments.flatMap(({ from, to }) => [Date.parse(to ?? from)])
}

// Where a time is on an axis, as an SVG length in percent with two decimals; what is outside is at its edge.
function placeOn({ from, to }: TimeAxis, at: number) {
  const share = (at - from) / (to - from)
  return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 100
}

// The steps between two ticks, in seconds.
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400] as const
const TICKS = 8

/** The ticks of an axis: where they are in percent, and the time since its beginning. */
export function ticksOf({ from, to }: TimeAxis): readonly { readonly at: number; readonly label: string }[] {
  const seconds = (to - from) / 1000
  const step = STEPS.find((one) => seconds / one < TICKS) ?? Math.ceil(seconds / TICKS / 86_400) * 86_400
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => ({
    at: Math.round(((index * step) / seconds) * 10_000) / 100,
    label: tickLabel(index * step),
  }))
}

function tickLabel(seconds: number) {
  const [h, m, s] = clockParts(seconds)
  const two = (n: number) => String(n).padStart(2, '0')
  if (h > 0) return m === 0 ? `${h} h` : `${h}:${two(m)} h`
  return m > 0 ? `${m}:${two(s)}` : `${s} s`
}

type Wave = ExecutionView['waves'][number]

export const MOST_ROWS = 24
const MOST_NAMES = 24
const ALONE = 3

interface Drawing extends TimeAxis {
  readonly execution: string
  readonly gaps: NonNullable<ExecutionView['gaps']>
  readonly mostNames: number
}

const BAR: Readonly<Record<SegmentKind, string>> = {
  load: 'load and commit',
  verify: 'verifying',
  bad: 'not good',
  hold: 'verified, held',
  confirm: 'asked to confirm',
  keep: 'confirmed',
  back: 'putting back',
  unknown: 'unknown',
}

// A bar is at least so wide, in percent, so that what was short is seen.
const LEAST = 0.5
// How wide a letter and the room around a word are, in percent of a lane: of one on a desk, and of one on a phone, which is 310 pixels wide.
const DESK = { letter: 0.9, room: 2 }
const PHONE = { letter: 2.4, room: 4.5 }

/** Drawn as SVG with attributes alone, since the pages' policy allows no style of an element; what is drawn is said in words for who does not see it. */
export function lanes(view: ExecutionView, asked: SwitchSelection = {}, mostNames = MOST_NAMES): Html {
  const axis: Drawing = { ...timeAxis(view), execution: view.id, gaps: view.gaps ?? [], mostNames }
  const all = lanesIn(view)
  const isPaged = asked.only !== undefined || asked.page !== undefined
  const waves = isPaged ? pageOfWaves(view, asked) : view.waves
  const kinds = new Set(all.flatMap(({ segments }) => segments.map(({ kind }) => kind)))
  // When its switches are changed is on the records of its sites.
  const isOfSites = (view.sites?.parts.length ?? 0) > 0
  const isMany = all.length > MOST_ROWS
  const isLong = isPaged && isMany
  return html`<div ${attributes({ class: `tl${isOfSites ? ' by-sites' : ''}${isLong ? ' long' : ''}`, 'data-start': axis.from, 'data-end': axis.to, 'data-as-of': axis.isLive && axis.now })}>
    ${!isOfSites && axisRow(axis)}
    ${waves.map((wave) => waveRows(wave, axis, { many: !isPaged && isMany, waves: view.waves.length, isLong }))}
    </div>
    ${legend(kinds, view)}`
}

export interface SwitchSelection {
  readonly only?: string | undefined
  readonly page?: number | undefined
}

function pageOfWaves(view: ExecutionView, asked: SwitchSelection): readonly Wave[] {
  const shown = new Set(pageOfLanes(view, asked).lanes)
  return view.waves.flatMap((wave) => {
    const own = failingFirst(wave.lanes.filter((lane) => shown.has(lane)))
    return own.length === 0 ? [] : [{ ...wave, lanes: own }]
  })
}

export function pageOfLanes(
  view: Pick<ExecutionView, 'waves'>,
  { only, page = 1 }: SwitchSelection,
): { readonly lanes: readonly ViewLane[]; readonly page: number; readonly pages: number; readonly all: number } {
  const meant = lanesIn(view).filter(({ mark }) => only === undefined || mark.word === only)
  const pages = Math.max(1, Math.ceil(meant.length / MOST_ROWS))
  const shown = Math.min(page, pages)
  const lanes = failingFirst(meant).slice((shown - 1) * MOST_ROWS, shown * MOST_ROWS)
  return { lanes, page: shown, pages, all: meant.length }
}

function failingFirst(lanes: readonly ViewLane[]): readonly ViewLane[] {
  return lanes.toSorted((a, b) => Number(b.isFailing) - Number(a.isFailing))
}

function axisRow(axis: TimeAxis) {
  const now = placeOn(axis, axis.now)
  const labels = ticksOf(axis).filter(({ at }) => !axis.isLive || Math.abs(at - now) > 4)
  return html`<div class="axis" aria-hidden="true"><span></span><svg class="track" width="100%" height="26">${labels.map(
    ({ at, label }) =>
      html`<text x="${at}%" y="17" text-anchor="${at < 2 ? 'start' : at > 97 ? 'end' : 'middle'}">${label}</text>`,
  )}${axis.isLive && html`<text class="nowlab" data-now="" x="${now}%" y="17" text-anchor="middle">now</text>`}</svg><span></span></div>`
}

function waveRows(
  wave: Wave,
  axis: Drawing,
  { many, waves, isLong }: { readonly many: boolean; readonly waves: number; readonly isLong: boolean },
) {
  const [note, ...others] = new Set(wave.lanes.map((lane) => lane.note))
  // What is said of each of many is said once.
  const common = isLong && !many && others.length === 0 ? note : undefined
  const shown = many ? [] : wave.lanes.map((lane) => (common === undefined ? lane : withoutNote(lane)))
  // What failed goes before what did not.
  const folded = many ? failingFirst(wave.lanes) : []
  const name = wave.isCanary ? `Wave ${wave.number}, canary` : `Wave ${wave.number}`
  return html`${(waves > 1 || wave.isCanary || common !== undefined) && html`<div class="wave">${name}${common !== undefined && `: ${common}`}</div>`}${shown.map((lane) => laneRow(lane, axis))}${foldedRows(folded, axis)}`
}

function withoutNote({ note: _, ...lane }: ViewLane): ViewLane {
  return lane
}

function foldedRows(folded: readonly ViewLane[], axis: Drawing) {
  const groups = gathered(folded.map((lane) => [lane.mark.word, lane]))
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    if (group.length <= ALONE) return group.map((one) => laneRow(one, axis))
    const { note: _note, earliest: _earliest, ...same } = first
    const lane: ViewLane = {
      ...same,
      ...noteOfAll(group),
      ...earliestOfAll(group),
      device: switches(group.length),
      segments: united(group),
      fuses: soonest(group),
    }
    return [laneRow(lane, axis, inPeoplesOrder(group.map(({ device }) => device)))]
  })
}

function noteOfAll(group: readonly ViewLane[]): Pick<ViewLane, 'note'> {
  const [note, ...others] = new Set(group.map((lane) => lane.note))
  if (others.length > 0) return { note: 'not all alike' }
  return note === undefined ? {} : { note }
}

function earliestOfAll(group: readonly ViewLane[]): Pick<ViewLane, 'earliest'> {
  const all = group.flatMap(({ earliest }) => earliest ?? [])
  const from = all.map((one) => one.from).sort()[0]
  const to = all
    .map((one) => one.to)
    .sort()
    .at(-1)
  return from === undefined || to === undefined || all.length < group.length ? {} : { earliest: { from, to } }
}

function soonest(group: readonly ViewLane[]) {
  return group
    .flatMap(({ fuses }) => fuses.slice(-1))
    .toSorted((a, b) => a.endsAt.localeCompare(b.endsAt))
    .slice(0, 1)
}

function united(group: readonly ViewLane[]): ViewLane['segments'] {
  const [first] = group
  return (first?.segments ?? []).map((segment, index) => {
    const all = group.flatMap(({ segments }) => segments[index] ?? [])
    const from = all.map((one) => one.from).sort()[0] ?? segment.from
    const to = all
      .map((one) => one.to ?? '')
      .sort()
      .at(-1)
    const isOpen = all.some((one) => one.to === undefined)
    return { kind: segment.kind, from, ...(isOpen || to === undefined || to === '' ? {} : { to }) }
  })
}

function laneRow(lane: ViewLane, axis: Drawing, names?: readonly string[]) {
  const { device, mark, segments, fuses, earliest } = lane
  const fuse = fuses.at(-1)
  const now = placeOn(axis, axis.now)
  return html`<div ${attributes({ class: lane.isFailing ? 'lane failing' : 'lane' })}><span class="nm">${
    names === undefined
      ? device
      : html`<details class="names"><summary>${device}</summary>${names.length > axis.mostNames ? listed(names, axis.mostNames) : names.join(', ')}${
          names.length > axis.mostNames &&
          html` · <a href="${withQuery(address.execution(axis.execution), { only: mark.word })}">each of them</a>`
        }</details>`
  }</span><svg class="track" width="100%" height="44" role="img" aria-label="${spoken(lane, axis)}">${axis.gaps.map((gap) => gapMark(gap, axis))}${segments.map(
    (segment) => bar(segment, axis),
  )}${earliest !== undefined && planned(earliest, axis)}${fuses.map((one) => fuseLine(one, axis))}${
    axis.isLive && html`<line class="now" data-now="" x1="${now}%" x2="${now}%" y1="0" y2="44"/>`
  }</svg><span class="rs">${toneBadge(mark)}${fuse?.left === undefined ? lane.note !== undefined && html`<small title="${lane.note}">${lane.note}</small>` : html`<small ${attributes({ title: lane.note })}>${fuseWords({ ...fuse, left: fuse.left }, `${axis.execution} ${device}`)}</small>`}</span></div>`
}

function fuseWords({ endsAt, left }: { readonly endsAt: string; readonly left: number }, who: string) {
  if (left === 0) return html`its commit timer has run out`
  return html`back by itself in <span ${attributes({ 'data-until': Date.parse(endsAt), 'data-timer': who })}>${spokenTime(left)}</span>`
}

function bar({ kind, from, to }: ViewLane['segments'][number], axis: TimeAxis) {
  const start = placeOn(axis, Date.parse(from))
  const end = placeOn(axis, to === undefined ? axis.now : Date.parse(to))
  const width = Math.round(Math.max(LEAST, end - start) * 100) / 100
  const x = Math.min(start, 100 - LEAST)
  return html`<svg x="${x}%" y="10" width="${width}%" height="20"><rect ${attributes({ class: `seg ${kind}` })} x="0" y="0" width="100%" height="20" rx="4"/>${
    fits(BAR[kind], width, DESK) &&
    html`<text ${attributes({ class: `seg-word ${kind}${fits(BAR[kind], width, PHONE) ? '' : ' wide'}` })} x="7" y="14">${BAR[kind]}</text>`
  }</svg>`
}

function fits(word: string, width: number, { letter, room }: typeof DESK) {
  return width >= word.length * letter + room
}

function gapMark({ from, to }: Drawing['gaps'][number], axis: TimeAxis) {
  const start = placeOn(axis, Date.parse(from))
  const width = Math.round(Math.max(LEAST, placeOn(axis, Date.parse(to)) - start) * 100) / 100
  return html`<rect class="gap" x="${start}%" y="0" width="${width}%" height="44"/>`
}

function planned({ from, to }: NonNullable<ViewLane['earliest']>, axis: TimeAxis) {
  const start = placeOn(axis, Date.parse(from))
  const width = Math.round((placeOn(axis, Date.parse(to)) - start) * 100) / 100
  return html`<rect class="planned" x="${start}%" y="10" width="${Math.max(0, width)}%" height="20" rx="4"/>`
}

function fuseLine({ armedAt, endsAt, over, left }: ViewLane['fuses'][number], axis: TimeAxis) {
  const start = placeOn(axis, Date.parse(armedAt))
  const end = placeOn(axis, Date.parse(over ?? endsAt))
  return html`<line ${attributes({ class: left === undefined ? 'fuse' : 'fuse on' })} x1="${start}%" x2="${end}%" y1="36" y2="36"/>`
}

function spoken({ device, mark, segments, fuses }: ViewLane, axis: Drawing) {
  const spans = segments.map(({ kind, from, to }) => {
    const lasted = ((to === undefined ? axis.now : Date.parse(to)) - Date.parse(from)) / 1000
    return `${BAR[kind]} ${spokenTime(lasted)}`
  })
  const gaps = axis.gaps.map(
    ({ from, to }) => `nobody ran it for ${spokenTime(Math.ceil((Date.parse(to) - Date.parse(from)) / 1000))}`,
  )
  const left = fuses.at(-1)?.left
  const timer =
    left === undefined ? [] : [left === 0 ? 'its commit timer has run out' : `commit timer ${spokenTime(left)} left`]
  return [`${device}: ${mark.word}`, ...spans, ...gaps, ...timer].join('; ')
}

function legend(kinds: ReadonlySet<SegmentKind>, view: ExecutionView) {
  const shown = (Object.keys(BAR) as readonly SegmentKind[]).filter((kind) => kinds.has(kind))
  const hasFuse = lanesIn(view).some(({ fuses }) => fuses.length > 0)
  return html`<div class="legend" aria-hidden="true">${shown.map(
    (kind) =>
      html`<span><svg width="16" height="9"><rect ${attributes({ class: `seg ${kind}` })} x="0.5" y="0.5" width="15" height="8" rx="2"/></svg>${BAR[kind]}</span>`,
  )}${view.gaps !== undefined && html`<span><svg width="16" height="9"><rect class="gap" x="0.5" y="0.5" width="15" height="8"/></svg>nobody ran it</span>`}${hasFuse && html`<span><svg width="16" height="9"><line class="fuse on" x1="0" x2="16" y1="4.5" y2="4.5"/></svg>commit timer: the switch puts itself back</span>`}</div>`
}
