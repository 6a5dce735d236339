import type { ProbeSpec } from '../../model/probe.ts'

// Bytes of an echo request, as the checks of ANTA send it.
const SIZE = 100

/** One echo request as EOS takes it (docs/eos.md 6.2). */
export function pingCommand({ to, vrf, source }: Pick<ProbeSpec, 'to' | 'vrf' | 'source'>): string {
  const from = source === undefined ? '' : ` source ${source}`
  return `ping vrf ${vrf} ${to}${from} size ${SIZE} repeat 1 timeout 1`
}

/** Whether what `ping` has printed says that the address has answered; undefined where it says neither. */
export function hasAnswered(printed: string): boolean | undefined {
  if (printed.includes('Network is unreachable')) return false
  const received = /\d{1,9} packets? transmitted, (\d{1,9}) (?:packets )?received/.exec(printed)?.[1]
  return received === undefined ? undefined : Number(received) > 0
}
