import type { ConfigReading } from './device.ts'

/** `unknown`: it does not say how startup-config differs, for example because it has none [inferred: no recording of a switch without a startup-config is known]. */
export function savedState({ startupDiff }: Pick<ConfigReading, 'startupDiff'>): 'saved' | 'unsaved' | 'unknown' {
  if (startupDiff === undefined) return 'unknown'
  return startupDiff.trim() === '' ? 'saved' : 'unsaved'
}
