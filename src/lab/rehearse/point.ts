import type { EventBody } from '../../change/record/event/event.ts'

/** The points of the protocol at which a fault strikes, in the order in which a switch comes to them. */
export const POINTS = ['stage', 'arm', 'verify', 'confirm', 'save'] as const
export type Point = (typeof POINTS)[number]

/** The point that a record brings its switch to: the intent to stage, arm, confirm or save is on record and nothing was sent yet; `verify`: the commit timer runs and nothing was looked at yet. */
export function pointOf(event: EventBody): { readonly point: Point; readonly device: string } | undefined {
  if (event.type === 'ActFinished' && event.act === 'arm' && event.outcome === 'done') {
    return { point: 'verify', device: event.device }
  }
  if (event.type !== 'ActIntended') return undefined
  const { act, device } = event
  // The session of a plan has no checkpoint and is never committed.
  if (act === 'stage') return event.checkpoint === undefined ? undefined : { point: 'stage', device }
  return act === 'arm' || act === 'confirm' || act === 'save' ? { point: act, device } : undefined
}
