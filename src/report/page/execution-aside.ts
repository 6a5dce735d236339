import { nameOf } from '../phrases/person-name.ts'
import { spokenSwitches } from '../phrases/spoken.ts'
import { short } from '../text/count.ts'
import type { ExecutionView } from '../view/execution-view.ts'
import { address } from './address.ts'
import { attributes, type Html, html } from './html.ts'
import { moment } from './time-words.ts'

type Happening = ExecutionView['happened']['events'][number]
type Approval = ExecutionView['approvals'][number]

// So many of the newest are shown, and so many before them are a click away; the record has all of them.
const [MOST, MOST_FOLDED] = [12, 40]

/** What happened, the newest first, and the way to the record. */
export function happenedCard(view: ExecutionView): Html {
  const { events, earlier } = view.happened
  const newest = events.toReversed()
  const folded = newest.slice(MOST, MOST + MOST_FOLDED)
  const more = earlier + Math.max(0, events.length - MOST - MOST_FOLDED)
  const { first, last } = view.records
  return html`<section aria-labelledby="happened"><h2 id="happened">What happened</h2><div class="card"><ul class="ev" aria-live="polite" aria-label="What happened, newest first">${newest.slice(0, MOST).map(happening)}</ul>${
    folded.length > 0 &&
    html`<details class="foot small"><summary>${folded.length} before these</summary><ul class="ev">${folded.map(happening)}</ul></details>`
  }<div class="foot small muted">${more > 0 && html`${more} earlier · `}Records ${first} to ${last}, chained · <a class="nowrap" href="${address.records(view.id)}">all records</a></div></div></section>`
}

// A time to the second; the script of the page shows it in the time zone of the reader.
function secondOf(at: string) {
  return html`<time datetime="${at}" data-seconds="" title="${at.slice(0, 19).replace('T', ' ')} UTC">${at.slice(11, 19)}</time>`
}

export function happening({ at, devices, words, tone }: Happening): Html {
  const style = tone === 'bad' ? 'x' : tone === 'undo' ? 'u' : undefined
  return html`<li>${secondOf(at)}<span ${attributes({ class: style })}>${
    devices.length > 0 && html`<b>${spokenSwitches(devices)}</b> `
  }${words}</span></li>`
}

const PROOF: Readonly<Record<string, string>> = {
  ssh: 'with an SSH key',
  server: 'after a login',
  webauthn: 'with a passkey',
  seal: 'on this machine',
}

export function approvalsCard(view: ExecutionView): Html | false {
  if (view.approvals.length === 0) return false
  return html`<section aria-labelledby="decided"><h2 id="decided">Decided</h2><ul class="card list small">${view.approvals.map(
    (one) => approvalItem(one, view),
  )}</ul></section>`
}

function approvalItem({ decision, by, display, proof, at, expires, comment, isUsed }: Approval, view: ExecutionView) {
  const now = Date.parse(view.asOf)
  const did = decision === 'approve' ? 'approved' : 'rejected'
  return html`<li><b>${display ?? nameOf(by)}</b> ${did} ${PROOF[proof] ?? `by ${proof}`}, ${moment(at, now)}<div class="muted">${
    view.plan !== null && html`plan <span class="mono">${short(view.plan.digest)}</span> · `
  }${comment !== '' && html`${comment} · `}${isUsed ? 'used' : html`holds until ${moment(expires, now)}`}</div></li>`
}
