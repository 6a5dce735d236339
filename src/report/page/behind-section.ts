import type { ShownPlan } from '../../change/plan/plan.ts'
import { BEHIND_HEADING, behindIntro, behindLines } from '../phrases/behind.ts'
import { type Html, html } from './html.ts'

/** What is behind the ports, VLANs, VRFs and neighbours that change, as the switches showed it when the plan was made; false where nobody has asked. */
export function behindSection(plan: ShownPlan): Html | false {
  const intro = behindIntro(plan)
  if (intro === undefined) return false
  return html`<section aria-labelledby="behind"><h2 id="behind">${BEHIND_HEADING}</h2><div class="card clip"><p class="pad muted small">${intro}.</p>${behindLines(
    plan,
  ).map(
    ({ device, lines }) =>
      html`<div class="group"><p class="group-head"><b>${device}</b></p><ul class="list small">${lines.map((line) => html`<li class="break">${line}</li>`)}</ul></div>`,
  )}</div></section>`
}
