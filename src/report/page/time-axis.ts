import type { ExecutionView, ViewLane } from '../view/execution-view.ts'

/** The span of time that lanes are drawn over, linear, milliseconds since 1970. */
export interface TimeAxis {
  readonly from: number
  readonly to: number
  readonly now: number
  /** Whether the execution goes on, so that there is a present on it. */
  readonly isLive: boolean
}

/** What comes is shown for at least and at most so many milliseconds. */
const LEAST_AHEAD = 20_000
const MOST_AHEAD = 600_000

/** The axis of an execution: from the first thing that happened to a switch to its end, or as far ahead as it has come. */
export function timeAxis(view: ExecutionView): TimeAxis {
  const now = Date.parse(view.asOf)
  const lanes = view.waves.flatMap((wave) => wave.lanes)
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

function endsOf({ segments }: ViewLane): readonly number[] {
  return segments.flatMap(({ from, to }) => [Date.parse(to ?? from)])
}

/** Where a time is on an axis, as an SVG length in percent with two decimals; what is outside is at its edge. */
export function placeOn({ from, to }: TimeAxis, at: number): number {
  const share = (at - from) / (to - from)
  return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 100
}

/** The steps between two ticks, in seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400] as const
/** At most so many ticks. */
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

/** `0 s`, `30 s`, `1:30`, `2 h`, `2:30 h`. */
function tickLabel(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  const two = (n: number): string => String(n).padStart(2, '0')
  if (h > 0) return m === 0 ? `${h} h` : `${h}:${two(m)} h`
  return m > 0 ? `${m}:${two(s)}` : `${s} s`
}
