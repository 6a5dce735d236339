import { short } from '../text/count.ts'
import { address } from './address.ts'
import { TOKEN_FIELD } from './form.ts'
import { attributes, type Html, html } from './html.ts'
import { prose } from './prose.ts'

export type DecisionWay = 'passkey' | 'sign-in' | 'here'

export interface DecisionForm {
  readonly csrf: string
  /** How they may approve, the first one first; empty where they may not. */
  readonly ways: readonly DecisionWay[]
  /** Why they may not approve, in a sentence; absent where they may. */
  readonly because?: string | undefined
  readonly mayReject: boolean
}

export function whyNot({ ways, because }: DecisionForm): Html | undefined {
  if (ways.length > 0 || because === undefined) return undefined
  return html`<section aria-labelledby="why-not"><h2 id="why-not">Why you cannot approve it</h2><p class="notice idle">${prose(because)}</p></section>`
}

/**
 * The bar with the comment and the buttons, each naming the plan that it decides about; undefined where there is nothing to press. The
 * first button is for the key Enter in the comment, which presses it (HTML 4.10.22.2) and decides nothing.
 */
export function decideBar(form: DecisionForm, digest: string): Html | undefined {
  const { ways, mayReject, csrf } = form
  if (ways.length === 0 && !mayReject) return undefined
  const name = short(digest)
  const [main] = ways
  return html`<form method="post" action="${address.decide(digest)}" ${attributes({
    id: 'decide',
    class: 'decide',
    'aria-label': 'Decision',
    ...(ways.includes('passkey') ? passkeyData(digest) : {}),
  })}>
    <input type="hidden" name="${TOKEN_FIELD}" value="${csrf}">
    <button type="submit" disabled hidden></button>
    ${mayReject && html`<button class="btn text" type="submit" name="decision" value="reject">Reject for good</button>`}
    <label for="comment">Your comment <span class="n">goes on record</span></label><input id="comment" name="comment" type="text" maxlength="500" autocomplete="off" placeholder="Comment: CHG-1234">
    <p class="outcome" role="alert" hidden></p>
    ${ways.map((way) => wayButton(way, name, way === main))}
    </form>`
}

function passkeyData(digest: string): Readonly<Record<string, string>> {
  return {
    'data-passkey': 'approve',
    'data-plan': digest,
    'data-challenges': address.challenges(digest),
    'data-answers': address.decisions(digest),
  }
}

function wayButton(way: DecisionWay, name: string, isMain: boolean) {
  const look = isMain ? 'btn pri' : 'btn'
  if (way === 'passkey') {
    // Without script there is no passkey: the button shows itself once the script runs.
    return html`<button ${attributes({ class: look, type: 'button', 'data-passkey-button': true, hidden: true })}>Approve ${name} with passkey</button><noscript><p class="small muted">A passkey needs JavaScript. In a terminal: <code>eosflow approve</code></p></noscript>`
  }
  const says = way === 'sign-in' ? `Sign in again and approve ${name}` : `Approve ${name}`
  return html`<button ${attributes({ class: look, type: 'submit', name: 'decision', value: way === 'sign-in' ? 'approve-by-sign-in' : 'approve' })}>${says}</button>`
}
