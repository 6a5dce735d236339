import { nameOf } from '../phrases/person-name.ts'
import { type ExecutionView, lanesIn } from '../view/execution-view.ts'
import type { Badge } from './html.ts'
import type { LiveItem } from './overview.ts'

type Wave = ExecutionView['waves'][number]

export function liveItem({
  id,
  title,
  workflow,
  startedAt,
  asOf,
  requester,
  isRunning,
  status,
  headline,
  waves,
  sites,
}: ExecutionView): LiveItem {
  const fuses = lanesIn({ waves }).flatMap((lane) => lane.fuses)
  const running = fuses.flatMap(({ endsAt, over }) => (over === undefined ? [Date.parse(endsAt)] : []))
  return {
    id,
    title: sites?.whole === undefined ? title : `${title}, site ${sites.whole.site}`,
    workflow,
    at: startedAt ?? asOf,
    by: requester === null ? undefined : (requester.display ?? nameOf(requester.id)),
    standing: isRunning === false ? 'open' : status,
    headline,
    ...(running.length === 0 ? {} : { reverts: Math.min(...running) }),
    waves: waves.map((wave) => ({ switches: wave.lanes.map(({ device }) => device), ...waveMark(wave) })),
  }
}

const STANDINGS: Readonly<Record<Wave['standing'], { readonly word: string; readonly tone: Badge['tone'] }>> = {
  ahead: { word: 'not begun', tone: 'idle' },
  now: { word: 'under way', tone: 'run' },
  done: { word: 'done', tone: 'ok' },
  failed: { word: 'failed', tone: 'bad' },
}

function waveMark({ lanes, standing }: Wave): { readonly word: string; readonly tone: Badge['tone'] } {
  const [first, ...others] = lanes.map(({ mark }) => mark)
  if (first !== undefined && others.every(({ word }) => word === first.word))
    return { word: first.word, tone: first.tone }
  return STANDINGS[standing]
}
