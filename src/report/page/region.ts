import { attributes, type Html, html } from './html.ts'

/** A part of a page that the stream sends anew when something happens: the element that `data-region` names, whole. */
export interface Region {
  readonly region: string
  readonly html: Html
}

/** The region of a name with what is in it. */
export function region(name: string, inner: Html | false, style?: string): Region {
  return {
    region: name,
    html: html`<div ${attributes({ id: name, 'data-region': name, class: style })}>${inner}</div>`,
  }
}
