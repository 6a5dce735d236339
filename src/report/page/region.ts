import { type Html, html } from './html.ts'

/** A part of a page that the stream sends anew when something happens: the element of this name, and what is in it. */
export interface Region {
  readonly region: string
  readonly html: Html
}

/** A region at its place in the page. */
export function placed({ region, html: inner }: Region): Html {
  return html`<div id="${region}" data-region="${region}">${inner}</div>`
}
