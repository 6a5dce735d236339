import type { ProjectStore } from '../project-store.ts'
import type { LostTailFound } from './missing-records.ts'

/** Tells whoever opens a store that it lacks records. Where it cannot be asked, whoever writes hears of it. */
export async function tellLost(
  { lostTail }: Pick<ProjectStore, 'lostTail'>,
  tell: (text: string) => void,
): Promise<void> {
  const lost = await lostTail?.().catch(() => undefined)
  if (lost !== undefined)
    tell(`! ${lostWords(lost)}: nothing leads on until that is accepted. First: eosflow recover --scan\n`)
}

/** What is missing, in words. */
export function lostWords({ records, through }: LostTailFound): string {
  const named = records
    .slice(0, 3)
    .map(({ chain, n }) => (chain === 'register' ? `${n} of the register` : `${n} of ${chain}`))
  const more = records.length > 3 ? ` and ${records.length - 3} more` : ''
  return `the store lacks records that it has acknowledged, up to position ${through} (record ${named.join(', ')}${more})`
}
