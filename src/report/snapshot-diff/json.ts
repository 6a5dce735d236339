import { type DeviceDiff, isSame, type Sides } from './snapshot-diff.ts'

/**
 * A comparison for programs, as one JSON object: every switch with its changes of configuration, and per state area its changes
 * (subject, kind, attribute, before and after, and the line for people), or why there is no comparison.
 */
export function snapshotDiffJson(diffs: readonly DeviceDiff[], { before, after }: Sides): string {
  const devices = diffs.map(({ name, ...diff }) => [name, { same: isSame({ name, ...diff }), ...diff }] as const)
  return JSON.stringify({
    version: 1,
    kind: 'snapshot-diff',
    before,
    after: after ?? null,
    equal: diffs.every(isSame),
    devices: Object.fromEntries(devices),
  })
}
