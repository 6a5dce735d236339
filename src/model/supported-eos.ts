import { EosflowError } from './error.ts'

// The oldest minor release of EOS 4 that is changed: of older ones it is not known that they have the sessions, timers and checkpoints that a
// change relies on (docs/eos.md 2).
const OLDEST = 23

// The newest minor release of EOS 4 whose forms were seen (docs/eos.md).
const NEWEST = 36

export const SUPPORTED_EOS = `EOS 4.${OLDEST} to 4.${NEWEST}`

/** What a version of EOS is for eosflow. Only `too-old` is never changed; a person tries the `newer` and the `unknown` on one switch first. */
export type EosSupport = 'supported' | 'too-old' | 'newer' | 'unknown'

/** What a version is for eosflow, as `show version` prints it: `4.31.4M`, `4.36.0.1F`. */
export function supportOf(eos: string): EosSupport {
  const [, digits] = /^4\.(\d+)/.exec(eos) ?? []
  if (digits === undefined) return 'unknown'
  const minor = Number(digits)
  if (minor < OLDEST) return 'too-old'
  return minor > NEWEST ? 'newer' : 'supported'
}

/** Throws `guard` where a switch that is to be changed runs an EOS that is too old. */
export function requireSupportedEos(name: string, eos: string): void {
  if (supportOf(eos) !== 'too-old') return
  throw new EosflowError('guard', `${name}: EOS ${eos} is too old to be changed`, {
    device: name,
    hint: `Upgrade it, or leave it out of the targets: eosflow changes ${SUPPORTED_EOS}.`,
  })
}
