import { VaultKeys } from '../../../change/roster/vault/decrypt-vault.ts'
import { Secret } from '../../../model/secret.ts'
import { whyOrdinary } from '../../secret/ordinary.ts'
import type { Scrubber } from '../../secret/scrubber.ts'
import type { SourcePorts } from './read-source.ts'

interface Knowledge {
  readonly keys: VaultKeys
  opensAll: boolean
}

export const known = new WeakMap<Scrubber, Knowledge>()

function knowledgeOf(scrubber: Scrubber) {
  const knowledge = known.get(scrubber) ?? { keys: new VaultKeys(), opensAll: false }
  known.set(scrubber, knowledge)
  return knowledge
}

export function openAllVaults(scrubber: Scrubber): void {
  knowledgeOf(scrubber).opensAll = true
}

// Whether {@link openAllVaults} was called in this process.
export function opensAllVaults(scrubber: Scrubber): boolean {
  return knowledgeOf(scrubber).opensAll
}

export function vaultKnowledge(scrubber: Scrubber, label: string): Pick<SourcePorts, 'keys' | 'known'> {
  const { keys, opensAll } = knowledgeOf(scrubber)
  if (!opensAll) return { keys }
  return {
    keys,
    known: (value) => {
      if (whyOrdinary(value, new Set()) === undefined) scrubber.register(new Secret(value), label)
    },
  }
}
