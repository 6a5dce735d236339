import { count, switches, visibleLine } from '../../report/text/text.ts'
import type { FabricFolder, RecordedSwitch } from './fabric-folder.ts'

/** A recording as one document, version 1. */
export function recordingJson(folder: string, recorded: readonly RecordedSwitch[], made: FabricFolder): string {
  const { secrets, cables, warnings } = made
  const devices = recorded.map(({ outputs }, index) => ({ name: made.devices[index], recorded: outputs.length }))
  return JSON.stringify({ version: 1, kind: 'recording', folder, devices, cables, secrets, warnings })
}

export function recordingText(
  folder: string,
  recorded: readonly RecordedSwitch[],
  { secrets, cables, warnings }: FabricFolder,
): string {
  const outputs = recorded.reduce((sum, one) => sum + one.outputs.length, 0)
  return [
    ...warnings.map((warning) => visibleLine(`! ${warning}`)),
    `Recorded: ${switches(recorded.length)} in ${folder} · ${count(outputs, 'output')}, ${count(cables, 'cable')}, ${count(secrets, 'secret')} replaced`,
  ].join('\n')
}
