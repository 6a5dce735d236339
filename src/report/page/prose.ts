import { type Html, html } from './html.ts'

/** A backtick without its second one stays. */
export function prose(text: string): Html {
  const parts = text.split(/`([^`\n]+)`/)
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`
}
