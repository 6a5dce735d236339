import type { Principal } from '../../model/principal.ts'
import { identityText } from '../phrases/identity-words.ts'
import { personName } from '../phrases/person-name.ts'
import { actForm, address, type Html, html, moment, type PageContent } from './html.ts'

interface PasskeyItem {
  readonly label: string
  readonly id: string
}

export interface PasskeyRequest {
  readonly challenge: string
  readonly rpId: string
  readonly userId: string
  readonly userName: string
}

export interface MeData {
  readonly now: number
  readonly csrf: string
  readonly principal: Principal
  readonly roles?: readonly string[] | undefined
  readonly until?: string | undefined
  readonly passkeys: readonly PasskeyItem[]
  /** What a browser needs to make a passkey; absent where approvals take none. */
  readonly registration?: PasskeyRequest | undefined
  /** The line that a reviewed commit adds to the trust file, after a passkey was made. */
  readonly line?: { readonly file: string; readonly text: string } | undefined
}

export function mePage(data: MeData): PageContent {
  const { principal, csrf } = data
  const { kind, auth, issuer } = principal
  const body = html`<div class="narrow"><h1>${personName(principal)}</h1>
    <p class="lede">${auth === 'os' ? 'The user of this machine: no identity provider is asked.' : `${KINDS[kind]} of ${issuer}.`}</p>
    ${identityList(data)}
    <p><a href="${address.policy}">What the policy lets you do</a></p>
    ${(data.passkeys.length > 0 || data.registration !== undefined) && passkeys(data)}
    <section aria-label="Session">${actForm({ action: address.logout, csrf, label: 'Sign out' }, html`<button class="btn" type="submit">Sign out</button>`)}</section>
    </div>`
  return { title: 'Me', current: 'me', body }
}

const KINDS: Readonly<Record<Principal['kind'], string>> = {
  person: 'A person',
  agent: 'An agent',
  service: 'A service',
}

function identityList({ principal, now, roles, until }: MeData) {
  const { groups, authenticatedAt, person, onBehalfOf } = principal
  const pair = (name: string, value: Html | string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`
  return html`<dl class="card pad pairs">
    ${pair('Identity', html`<span class="mono break">${identityText(principal)}</span>`)}
    ${roles !== undefined && pair('Roles', roles.join(', ') || 'none')}
    ${groups !== undefined && pair('Groups', groups.join(', ') || 'none')}
    ${person !== undefined && pair('Person', person)}
    ${onBehalfOf !== undefined && pair('For', `${onBehalfOf.issuer}:${onBehalfOf.id}`)}
    ${authenticatedAt !== undefined && pair('Signed in', moment(authenticatedAt, now))}
    ${until !== undefined && pair('Session ends', moment(until, now))}
    </dl>`
}

function passkeys({ passkeys: keys, registration, line, csrf }: MeData) {
  return html`<section aria-labelledby="passkeys"><h2 id="passkeys">Passkeys that may approve</h2>
    <div class="card">${
      keys.length === 0
        ? html`<p class="pad">The trust file names none of yours.</p>`
        : html`<ul class="list">${keys.map(({ label, id }) => html`<li><b>${label}</b> <span class="mono faint">${id}</span></li>`)}</ul>`
    }
    ${registration !== undefined && html`<div class="foot">${registerForm(registration, csrf)}</div>`}</div>
    ${line !== undefined && html`<p class="notice run">Add this line to <span class="mono">${line.file}</span> and have the commit reviewed:</p><pre class="card pad scroll mono" tabindex="0">${line.text}</pre>`}
    </section>`
}

function registerForm({ challenge, rpId, userId, userName }: PasskeyRequest, csrf: string) {
  return actForm(
    { action: address.passkeys, csrf, label: 'Make a passkey' },
    html`<input type="hidden" name="credential" value=""><input type="hidden" name="key" value="">
    <p class="small muted">A new passkey counts once a reviewed commit has added its line to the trust file.</p>
    <p class="outcome" role="alert" hidden></p>
    <button class="btn" type="button" data-passkey-button hidden>Make a passkey</button>
    <noscript><p class="small">Making a passkey needs JavaScript.</p></noscript>`,
    {
      'data-passkey': 'register',
      'data-challenge': challenge,
      'data-rp-id': rpId,
      'data-user-id': userId,
      'data-user-name': userName,
    },
  )
}
