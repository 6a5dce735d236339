import { spokenSwitches } from '../phrases/spoken.ts'
import { switches } from '../text/count.ts'
import type { ExecutionView } from '../view/execution-view.ts'
import { type Html, html } from './html.ts'
import { listed } from './names.ts'
import { prose } from './prose.ts'

type Finding = ExecutionView['why']['findings'][number]
type Failure = ExecutionView['why']['failures'][number]
type Reason = Finding['reasons'][number]

// So many reasons of one check are told at once; the others are one click away.
const MOST_REASONS = 4

export function whySection({ why, endedAt, status }: ExecutionView): Html | false {
  const { findings, failures } = why
  if (findings.length + failures.length === 0) return false
  const title = endedAt === null && status === 'running' ? 'Not good yet' : 'Why'
  return html`<section aria-labelledby="why"><h2 id="why">${title}</h2><div class="card"><ul class="why">${findings.map(
    findingItem,
  )}${failures.map(failureItem)}</ul></div></section>`
}

const MOST_NAMES = 30

function whose(device: string, alike: readonly string[]) {
  const names = [device, ...alike]
  if (names.length < 4) return html`<b>${spokenSwitches(names)}</b>`
  return html`<details class="names"><summary><b>${switches(names.length)}</b></summary>${listed(names, MOST_NAMES)}</details>`
}

function findingItem({ device, alike = [], of, check, status, reasons }: Finding) {
  const [shape, word] = status === 'fail' ? ['✕', 'not good'] : ['?', 'could not be judged']
  const first = reasons.slice(0, MOST_REASONS)
  const rest = reasons.slice(MOST_REASONS)
  return html`<li><span><span class="f" role="img" aria-label="${word}">${shape}</span> ${
    of === undefined ? whose(device, alike) : html`<b>${of}</b>`
  } <span class="muted">${check}${of !== undefined && `, beside ${spokenSwitches([device, ...alike])}`}</span></span><div>${first.map(reasonLine)}${
    rest.length > 0 && html`<details><summary>${rest.length} more</summary>${rest.map(reasonLine)}</details>`
  }</div></li>`
}

function reasonLine({ text, about, expected, actual }: Reason) {
  if (about === undefined || expected === undefined || actual === undefined) return html`<p>${prose(text)}</p>`
  return html`<p>${about}: <span class="muted">expected</span> ${expected}<span class="muted">, found</span> <b>${actual}</b></p>`
}

function failureItem({ device, alike = [], state, path, kind, message, hint, isHandled }: Failure) {
  const place = path === '' ? state : `${state} in ${path}`
  return html`<li><span><span class="f" role="img" aria-label="failed">✕</span> ${device === undefined ? html`<b>${place}</b>` : whose(device, alike)} <span class="muted">${
    device === undefined ? kind : `${state}, ${kind}`
  }${isHandled && ', handled'}</span></span><div>${message.split('\n').map((line) => html`<p>${prose(line)}</p>`)}${
    hint !== undefined && html`<p class="muted">${prose(hint)}</p>`
  }</div></li>`
}
