import { address, html, type PageContent } from './html.ts'

export interface ProviderLink {
  readonly name: string
  readonly to: string
}

interface LoginChoice {
  readonly providers: readonly ProviderLink[]
  readonly left?: ProviderLink | undefined
  readonly because?: string
}

/** The page before a login. */
export function loginPage({ providers, left, because }: LoginChoice): PageContent {
  const body = html`<div class="alone card pad">
    <h1>Sign in</h1>
    ${because !== undefined && html`<p class="notice live">${because}</p>`}
    ${left !== undefined && html`<p class="notice live">You have signed out here. ${left.name} may still know you in this browser: <a href="${left.to}">sign out at ${left.name}</a> too.</p>`}
    ${
      providers.length === 0
        ? html`<p>This control room runs for one user of this machine. Open the link that <code>eosflow serve</code> has printed in the terminal: it holds a key that is used once.</p>`
        : html`<p class="muted">Your identity provider tells eosflow who you are. What you may do here is what the policy says.</p>
          <div class="stack">${providers.map(({ name, to }) => html`<a class="btn pri wide" href="${to}">Sign in with ${name}</a>`)}</div>`
    }
    </div>`
  return { title: 'Sign in', body }
}

export function oneTimeLinkPage({ link, user }: { readonly link: string; readonly user: string }): PageContent {
  const body = html`<div class="alone card pad">
    <h1>Open the control room</h1>
    <p>This link is for <b>${user}</b> on this machine, and works once.</p>
    <form method="post" action="${address.login}"><input type="hidden" name="link" value="${link}">
    <button class="btn pri wide" type="submit">Open as ${user}</button></form>
    </div>`
  return { title: 'Open', body }
}
