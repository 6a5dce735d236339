import { mergeReport, replaceReport } from '../../eos/config/merge.ts'
import { redact } from '../../eos/config/secrets/secrets.ts'
import { parseConfig, renderConfig } from '../../eos/config/text/parse.ts'
import type { DeviceIdentity } from '../../eos/device/device.ts'
import { EosflowError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import type { DeviceEvidence } from '../task/act/context.ts'
import { type RenderedChange, settledLines, withKeptLines, withoutBootLines } from '../task/act/rendered-change.ts'

export interface OfflineDevice {
  readonly name: string
  readonly identity: DeviceIdentity
  readonly running: string
  /** How startup-config differs from running-config; empty when it is saved, undefined when nobody knows. */
  readonly startupDiff: string | undefined
  readonly state: Readonly<Record<string, Json>>
}

/** Throws `refused` with every line that a switch would refuse, and `guard` with every line that it may not be sent. */
export function offlineEvidence(device: OfflineDevice, given: RenderedChange): DeviceEvidence {
  const settled = settledLines(device.name, given, device.running, device.identity.eos)
  const { name, running: text } = device
  const rendered = withKeptLines(withoutBootLines(given, settled), { name, eos: device.identity.eos, running: text })
  const options = { version: device.identity.eos }
  const running = parseConfig(device.running)
  const { tree, refused } =
    rendered.mode === 'merge'
      ? mergeReport(running, rendered.lines, options)
      : replaceReport(running, rendered.lines, options)
  if (refused.length > 0) {
    const lines = refused.map(
      ({ line, message }) => `${device.name}: "${redact(line)}": ${redact(message ?? 'refused')}`,
    )
    throw new EosflowError('refused', lines.join('\n'), { device: device.name })
  }
  const candidate = renderConfig(tree)
  return {
    device: device.name,
    identity: device.identity,
    state: device.state,
    rendered: given,
    staged: {
      running: device.running,
      startupDiff: device.startupDiff,
      candidate,
      // No switch was asked, so there is no diff of a switch's own.
      diff: '',
    },
    foreignSessions: [],
    mergeOnCommit: false,
    ...(settled.boot.length === 0 ? {} : { bootLines: settled.boot }),
  }
}
