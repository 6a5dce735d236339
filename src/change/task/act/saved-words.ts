import type { ConfigReading } from '../../../eos/device/device.ts'
import { savedState } from '../../../eos/device/device.ts'

const SAVED_WORDS: Readonly<Record<ReturnType<typeof savedState>, string>> = {
  saved: '',
  unsaved: '; startup-config differs from running-config',
  unknown: '; how startup-config differs cannot be read',
}

/** What the end of a switch says of its startup-config; empty where it equals running-config. */
export function savedWords(reading: ConfigReading): string {
  return SAVED_WORDS[savedState(reading)]
}
