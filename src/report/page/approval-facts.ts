import { mostFailures } from '../../change/plan/left-out-switch.ts'
import type { ShownPlan } from '../../change/plan/plan.ts'
import { groupBySkeleton } from '../../change/plan/skeleton.ts'
import { count, switches } from '../text/count.ts'
import { type Html, html } from './html.ts'
import { span } from './time-words.ts'

/** What a plan is in a few figures: how much of what, in which waves, by when a switch is back by itself, and for how long it must be good. */
export function planFacts(plan: ShownPlan): Html {
  const { content } = plan
  const { timers, waves, neighbors = [], maxFailures, judges = [] } = content
  const changed = waves.flat()
  const beside = neighbors.filter(({ name }) => !changed.includes(name)).length
  const groups = groupBySkeleton(plan).filter(({ lines }) => lines.length > 0)
  const sum = (of: 'added' | 'removed'): number =>
    groups.reduce((total, group) => total + group[of] * group.devices.length, 0)
  const varying = groups.reduce((sum, { values }) => sum + values.length, 0)
  const most = mostFailures(maxFailures, changed.length)
  const checks = Array.isArray(content.checks) ? content.checks.length : 0
  const [only] = changed.length === 1 ? changed : []
  const lines = `+${sum('added')} −${sum('removed')} lines`
  // Of one switch there is no order, and nothing to compare.
  return html`<dl class="card facts four">${
    only === undefined
      ? html`<div><dt>${switches(changed.length)}, ${lines}</dt><dd>${count(groups.length, 'change')}${varying > 0 && `, ${count(varying, 'value')} differ by switch`}</dd></div>
    <div><dt>${waves.length > 4 || changed.length > 12 ? `${waves.length} waves` : waves.map((wave) => wave.join(', ')).join(' → ')}</dt><dd>${apartWords(
      content,
    )}</dd></div>`
      : html`<div><dt>${lines}</dt><dd>on ${only} alone</dd></div>`
  }
    <div><dt>Back by itself after ${span(timers.confirmWithin * 1000)}</dt><dd>unless ${most === 0 ? 'every switch verifies and is' : `all but ${most} verify and are`} confirmed</dd></div>
    <div><dt>Good for ${span(timers.stableFor * 1000)} within ${span(timers.verifyWithin * 1000)}</dt><dd>${count(checks, 'check')}${judges.length > 0 && `, ${count(judges.length, 'outside judge')}`}${
      beside > 0 && `, on ${count(beside, 'neighbour')} as well`
    }</dd></div>
    </dl>`
}

/** What becomes of redundant switches. Those that share a wave are a risk, and are named there. */
function apartWords({ redundant = [], redundantSides = [], together = [] }: ShownPlan['content']): string {
  if (redundant.length + redundantSides.length === 0) return 'one wave after the other'
  if (redundantSides.length > 0 && together.length > 0) return 'redundant switches may be changed together'
  return together.length === 0
    ? 'redundant pairs are never changed together'
    : `${count(together.length, 'redundant pair')} changed together`
}
