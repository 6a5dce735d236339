import { parseConfig } from '../../eos/config/text/parse.ts'
import { renderNode } from '../../eos/config/text/render.ts'
import { hmac } from '../../model/digest.ts'
import type { PlanRedactor } from './redaction.ts'

/**
 * The base of a switch as a plan keeps it whose approval may carry: what people may read. Before a block that hides something is a comment with the keyed digest of the
 * whole block, so that nothing of it differs unseen. `key` is the install key.
 */
export function keptBase(key: string, running: string, clean: PlanRedactor): string {
  const { children, tail } = parseConfig(running)
  const blocks = children.map((node) => {
    const text = renderNode(node).join('\n')
    const shown = clean(text)
    if (shown === text) return text
    // Placeholders differ from plan to plan.
    return `! hidden below: ${hmac(key, `base:${text}`)}\n${shown.replace(/<redacted:[0-9a-f]+>/g, '<redacted>')}`
  })
  return [...blocks, clean(tail.join('\n')), ''].join('\n')
}
