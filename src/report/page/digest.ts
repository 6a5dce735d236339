import { attributes, type Html, html } from './html.ts'

/** It shows itself once the script runs. */
export function copyButton(digest: string): Html {
  return html`<button type="button" class="btn sm" data-copy="${digest}" hidden>Copy digest</button>`
}

/** The whole digest of a plan in eight groups of eight digits, so that a person can compare it with what a terminal shows. */
export function digestBlock(digest: string): Html {
  const hex = digest.slice(digest.indexOf(':') + 1)
  const groups = hex.match(/.{1,8}/g) ?? []
  return html`<div class="digest mono" role="img" aria-label="${`plan digest ${groups.join(' ')}`}">${groups.map(
    (group, index) => html`<span ${attributes({ class: index === 0 ? 'first' : undefined })}>${group}</span>`,
  )}</div>`
}
