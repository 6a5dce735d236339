import { type Html, html } from './html.ts'

const NAME = /`([^`]+)`/

/** A sentence in which names between backticks are shown as code. */
export function coded(text: string): Html {
  return html`${text.split(NAME).map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`
}
