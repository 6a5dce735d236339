import { type ChainFault, sameBytes } from '../seal/chain.ts'
import { chainWords } from './chain-walk.ts'
import type { Mirror, WalkedChains } from './walked-chains.ts'

export function faultOfMirrors(chains: WalkedChains, mirrors: readonly Mirror[]): ChainFault | undefined {
  for (const mirror of mirrors) {
    const reason = reasonOf(chains, mirror)
    if (reason !== undefined) return { seq: mirror.pos, reason }
  }
  const mirrored = new Map<string, Mirror[]>()
  for (const mirror of mirrors) {
    const known = mirrored.get(mirror.execution)
    if (known === undefined) mirrored.set(mirror.execution, [mirror])
    else known.push(mirror)
  }
  const bare = chains.marked.find(
    ({ kind, chain, n }) => mirrored.get(chain)?.some((mirror) => mirror.kind === kind && mirror.n === n) !== true,
  )
  if (bare === undefined) return undefined
  return {
    seq: bare.pos,
    reason: `the register does not have that record ${bare.n} of ${chainWords(bare.chain)} ${verb(bare.kind)} it`,
  }
}

const verb = (kind: Mirror['kind']): string => (kind === 'begun' ? 'began' : 'ended')

function reasonOf(chains: WalkedChains, { kind, execution, n, hash, pos }: Mirror) {
  const found = chains.headAt(execution, n)
  const which = `record ${n} of ${chainWords(execution)}`
  if (found === undefined)
    return chains.lacks(execution, n, pos)
      ? `${which} is missing: the register has that it ${verb(kind)} it`
      : undefined
  if (!sameBytes(found.hash, hash)) return `${which} is not the one that ${verb(kind)} it by the register`
  return found.positions.at(-1) === pos ? undefined : `${which} is at another place than the register has it`
}
