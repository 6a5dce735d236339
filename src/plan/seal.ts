import type { ChangeLine } from '../config/changes.ts'
import { comparableText, VOLATILE_VERSION } from '../config/volatile.ts'
import { canonicalJson } from '../model/canonical-json.ts'
import { hmac } from '../model/digest.ts'
import type { Json } from '../model/json.ts'
import type { Principal } from '../model/principal.ts'
import type { RenderedChange } from '../task/context.ts'
import { diffText } from './comparison.ts'
import type { Plan, PlanSeal } from './plan.ts'

/** The keyed digest of a running-config, volatile lines aside. */
export function sealRunning(key: string, running: string): string {
  return sealComparable(key, comparableText(running))
}

/** The same of a text whose volatile lines are already gone. */
export function sealComparable(key: string, running: string): string {
  return hmac(key, `running:${VOLATILE_VERSION}\n${running}`)
}

/** The keyed digest of what is sent to a switch: mode, commands and what their prompts are fed. */
export function sealCommands(key: string, change: RenderedChange): string {
  const commands = change.commands.map(({ cmd, input }) => (input === undefined ? [cmd] : [cmd, input]))
  return hmac(key, `commands:${JSON.stringify([change.mode, commands])}`)
}

/** The keyed digest of a structural diff, raw. */
export function sealDiff(key: string, lines: readonly ChangeLine[]): string {
  return hmac(key, `diff:${diffText(lines)}`)
}

/** The keyed digest of who made a plan: no digest of the plan covers it, and a policy may depend on it. */
export function sealRequester(key: string, plan: string, requester: Principal): string {
  // Members of an interface that are JSON throughout, which an interface cannot say.
  return hmac(key, `requester:${canonicalJson({ plan, requester: requester as unknown as Json })}`)
}

/** Names an install key: 8 hex digits that give nothing of it away. */
export function keyName(key: string): string {
  return hmac(key, 'plan-seal').slice('hmac:'.length, 'hmac:'.length + 8)
}

/** What the key says of a plan: of its digest, which covers the content, and of the evidence that people read beside it. */
export function sealPlan(key: string, { digest, evidence }: Pick<Plan, 'digest' | 'evidence'>): PlanSeal {
  // Members of an interface that are JSON throughout, which an interface cannot say.
  const text = canonicalJson([digest, evidence as unknown as Json])
  return { key: keyName(key), mac: hmac(key, `plan:2\n${text}`) }
}
