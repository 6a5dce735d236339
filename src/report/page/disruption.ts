import type { ExecutionView } from '../view/execution-view.ts'
import { type Html, html } from './html.ts'

export function disruptionLine({ disruption }: Pick<ExecutionView, 'disruption'>): Html | false {
  if (disruption === undefined) return false
  return html`<p>${disruption.words.charAt(0).toUpperCase()}${disruption.words.slice(1)}.</p>`
}

/** Each pair that was probed; nothing before all is measured. */
export function disruptionCard({ disruption }: Pick<ExecutionView, 'disruption'>): Html | false {
  if (disruption === undefined || disruption.probes.length === 0 || !disruption.isOver) return false
  const rows = disruption.probes.map(
    ({ name, gone, sent, lost, remarks }) =>
      html`<tr><th scope="row">${name}</th><td>${gone}</td><td>${sent}</td><td>${lost}</td><td>${remarks.join('; ')}</td></tr>`,
  )
  return html`<section aria-labelledby="disruption"><h2 id="disruption">What users lost</h2><div class="card"><table><thead><tr><th scope="col">Probe</th><th scope="col">Cut off</th><th scope="col">Asked</th><th scope="col">Lost</th><th scope="col"></th></tr></thead><tbody>${rows}</tbody></table>${disruption.seen !== undefined && html`<p class="pad">${disruption.seen.head}.</p>`}${disruption.seen !== undefined && disruption.seen.each.length > 0 && html`<ul class="pad">${disruption.seen.each.map((line) => html`<li>${line}</li>`)}</ul>`}</div></section>`
}
