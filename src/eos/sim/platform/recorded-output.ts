import type { Json } from '../../../model/json.ts'

export interface RecordedOutput {
  readonly command: string
  readonly json?: Json
  readonly text?: string
}

/** Where the outputs of a command lie in the folder of a switch, without the ending: `show version` is `show_version`. */
export function recordedPath(device: string, command: string): string {
  return `${device}/recorded/${command.replace(/[^A-Za-z0-9.-]+/g, '_')}`
}
