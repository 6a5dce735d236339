import { blocksIn, type ConfigBlock } from '../config/base-block.ts'
import { hmac } from '../model/digest.ts'
import type { ConfigComparison } from './comparison.ts'
import type { PlannedBlock } from './plan-evidence.ts'
import type { PlanRedactor } from './redaction.ts'

/**
 * The base of a switch, block by block, as a plan keeps it whose approval may carry: what people may read of each, the keyed digest of what it is, and that of
 * what the change makes of it. `key` is the install key.
 */
export function baseBlocks(
  key: string,
  { before, after }: Pick<ConfigComparison, 'before' | 'after'>,
  clean: PlanRedactor,
): readonly PlannedBlock[] {
  const seals = new Map(blocksIn(after).map((block) => [block.key, sealBlock(key, block)]))
  return blocksIn(before).map((block) => {
    const seal = sealBlock(key, block)
    const made = seals.get(block.key) ?? null
    // Placeholders differ from plan to plan; the seal shows whether a secret differs.
    const text = clean(block.lines.join('\n')).replace(/<redacted:[0-9a-f]+>/g, '<redacted>')
    return { block: clean(block.key), text, seal, ...(made === seal ? {} : { made }) }
  })
}

function sealBlock(key: string, { key: block, lines }: ConfigBlock): string {
  return hmac(key, `block:${JSON.stringify([block, lines])}`)
}
