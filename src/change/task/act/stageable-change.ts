import { type KeepingSwitch, withKeptLines } from './kept-lines.ts'
import type { RenderedChange } from './rendered-change.ts'
import { mustWait, settledLines, withoutBootLines } from './settled-lines.ts'

/** Whether a change needs the running-config of its switch before anything of it may be sent. */
export function needsRunning({ unsettled, keep }: RenderedChange): boolean {
  return unsettled !== undefined || keep !== undefined
}

/**
 * The change of a switch as a config session takes it that nobody has approved and that is aborted; undefined where it holds a line that may reach no session
 * before an approval. Throws `guard`, as {@link settledLines} and {@link withKeptLines} do.
 */
export function stageableChange(change: RenderedChange, device: KeepingSwitch): RenderedChange | undefined {
  if (!needsRunning(change)) return change
  const lines = settledLines(device.name, change, device.running, device.eos)
  return mustWait(lines) ? undefined : withKeptLines(withoutBootLines(change, lines), device)
}
