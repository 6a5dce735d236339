import { visibleLine } from './text/text.ts'

export interface ReleasedDevice {
  /** The execution because of which it was kept from other changes. */
  readonly execution: string
  /** Until when it would have been, ISO 8601 in UTC. */
  readonly until: string
}

/** What became of the quarantine of a switch, in one line; `released` is undefined where it was in none. */
export function releasedText(device: string, released: ReleasedDevice | undefined): string {
  if (released === undefined) return visibleLine(`no change has to wait for ${device}: nothing to release`)
  const { until, execution } = released
  return visibleLine(`${device} is released: it was kept from other changes until ${until} because of ${execution}`)
}

/** The same as one document, version 1. */
export function releasedJson(device: string, released: ReleasedDevice | undefined): string {
  const { execution, until } = released ?? { execution: null, until: null }
  return JSON.stringify({ version: 1, kind: 'released', device, execution, until })
}
